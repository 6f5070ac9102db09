// SPDX-License-Identifier: Apache-2.0
#pragma once
// Writes findings into a response, one after the other as aliases lead from name to name. One
// function for each kind of finding. Looks nothing up but the addresses of name servers.

#include "dnsd/engine/client.hpp"
#include "dnsd/engine/finding.hpp"
#include "dnsd/wire/request.hpp"
#include "dnsd/wire/response.hpp"
#include "zones/zone/zone.hpp"

#include <boost/container/static_vector.hpp>

#include <cstddef>
#include <cstdint>

namespace engine {

class Renderer {
 public:
    /// For an answer from this zone, by this transport.
    Renderer(const zones::Zone& zone, const wire::Request& request, Transport transport,
             wire::Response& response) noexcept
        : zone_{zone},
          response_{response},
          apex_{wire::header_size + request.name.length() - zone.apex().length()},
          transport_{transport} {}

    /// Writes a finding at the query's name or, after an alias, at the name to which that leads.
    /// Returns false when there was no room for it: the response is then truncated.
    [[nodiscard]] bool write(const Finding& finding) noexcept;

 private:
    using Lookup = zones::Zone::Lookup;
    struct DnameRecord {
        const zones::RrSet* set = nullptr;
        std::size_t at = 0;  // offset in the message
    };

    [[nodiscard]] bool add(const PlainSet& found, const Lookup& at) noexcept;
    [[nodiscard]] bool add(const SteeredSet& found, const Lookup& at) noexcept;
    [[nodiscard]] bool add(const Alias& found, const Lookup& at) noexcept;
    [[nodiscard]] bool add(const Substitution& found, const Lookup& at) noexcept;
    [[nodiscard]] bool add(const Cut& found, const Lookup& at) noexcept;
    [[nodiscard]] bool add(const AllTypes& found, const Lookup& at) noexcept;
    [[nodiscard]] bool add(const NoType& found, const Lookup& at) noexcept;
    [[nodiscard]] bool add(const NoName& found, const Lookup& at) noexcept;
    /// The observation must be there.
    [[nodiscard]] bool add(const Observed& found, const Lookup& at) noexcept;
    [[nodiscard]] bool add(const Unproved& found, const Lookup& at) noexcept;

    [[nodiscard]] bool add_set(wire::Section section, const zones::RrSet& set,
                               std::size_t owner) noexcept;
    /// Adds the records of an edge that are not yet in the answer from offset `first` on.
    [[nodiscard]] bool add_edge(const zones::WireSet& records, std::size_t first) noexcept;
    /// Adds the addresses of the name servers of an NS RRset that begins at offset `record`.
    void add_addresses(const zones::RrSet& set, std::size_t record, std::size_t cut) noexcept;
    /// Adds the zone's SOA with its negative TTL, or with `ttl_limit` where that is less.
    [[nodiscard]] bool add_soa(std::uint32_t ttl_limit) noexcept;

    const zones::Zone& zone_;
    wire::Response& response_;
    std::size_t apex_;                       // offset of the zone's name in the message
    std::size_t owner_ = wire::header_size;  // offset of the name that is written about
    Transport transport_;
    boost::container::static_vector<DnameRecord, zones::max_chain + 1> dnames_;  // in the answer
};

}  // namespace engine
