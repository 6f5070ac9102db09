// SPDX-License-Identifier: Apache-2.0
#pragma once
// Resolves one question in class IN whose zone is known (RFC 1034 §4.3.2): follows aliases inside
// the zone and writes what it finds.

#include "dnsd/engine/respond.hpp"
#include "dnsd/wire/response.hpp"
#include "zones/zone/zone_builder.hpp"

#include <boost/container/static_vector.hpp>

namespace engine {

/// Returns the address by which a map of a zone locates the client.
[[nodiscard]] Subject subject_of(const wire::Request& request, const Client& client,
                                 const geo::LayeredMap& map) noexcept;

class Resolution {
 public:
    Resolution(const Snapshot& snapshot, const Query& query, geo::Random& random,
               wire::Response& response, Trace* trace, const Observation* observation) noexcept
        : snapshot_{snapshot},
          query_{query},
          request_{query.request},
          client_{query.client},
          random_{random},
          response_{response},
          trace_{trace},
          observation_{observation},
          served_{query.served} {}

    void run() noexcept;

    /// The scope of the client subnet: 0 unless the answer was chosen for the subnet (RFC 7871
    /// §7.2.1) or for the resolver of a private network (§10).
    [[nodiscard]] std::uint8_t scope() const noexcept { return scope_; }
    /// True if an observed name was asked for and no observation was given.
    [[nodiscard]] bool deferred() const noexcept { return deferred_; }
    [[nodiscard]] wire::ExtendedError error() const noexcept { return error_; }

 private:
    using Section = wire::Response::Section;
    struct DnameRecord {
        std::uint32_t node = 0;
        std::size_t at = 0;  // offset in the message
    };

    /// Handles observed names. True when the name is one and the client an observer: the answer is
    /// then complete.
    [[nodiscard]] bool observe() noexcept;
    void answer_observed() noexcept;
    /// Answers for `name_`, which stands at offset `owner_`. True when an alias leads to another
    /// name of this zone; `name_` and `owner_` are then those of that name.
    [[nodiscard]] bool step(const zones::Zone::Lookup& lookup) noexcept;
    [[nodiscard]] bool answer_at(std::uint32_t node) noexcept;
    [[nodiscard]] bool answer_without_type(std::uint32_t node) noexcept;
    [[nodiscard]] bool follow(const zones::RrSet& cname) noexcept;
    [[nodiscard]] bool synthesize(const zones::Zone::Lookup& lookup) noexcept;
    /// Continues with the name at offset `at`. False when it lies outside of the zone.
    [[nodiscard]] bool go_on(std::size_t at) noexcept;
    void answer_any() noexcept;
    void answer_steered(const zones::RrSet& set) noexcept;
    /// Adds the records of an edge that are not yet in the answer from offset `first` on.
    [[nodiscard]] bool add_edge(const zones::WireSet& records, std::size_t first) noexcept;
    void refer(const zones::Zone::Lookup& lookup) noexcept;
    /// Writes a negative answer with the zone's negative TTL, or `ttl` where that is less.
    void deny(wire::Rcode rcode, std::uint32_t ttl = geo::EdgeHealth::no_limit) noexcept;
    /// Adds the addresses of the name servers of an NS RRset that begins at offset `record`.
    void add_addresses(const zones::RrSet& set, std::size_t record, std::size_t cut) noexcept;
    [[nodiscard]] bool add(Section section, const zones::RrSet& set, std::size_t owner) noexcept;

    const Snapshot& snapshot_;
    const Query& query_;
    const wire::Request& request_;
    const Client& client_;
    geo::Random& random_;
    wire::Response& response_;
    Trace* trace_;
    const Observation* observation_;

    const zones::ServedZone* served_;
    const zones::Zone* zone_ = nullptr;
    std::size_t apex_ = 0;  // offset of the zone's name in the message
    const zones::Name* name_ = nullptr;
    zones::Name alias_;  // where `name_` points once an alias has been followed
    std::size_t owner_ = wire::header_size;
    boost::container::static_vector<DnameRecord, zones::max_chain + 1> dnames_;  // in the answer
    std::uint8_t scope_ = 0;
    bool deferred_ = false;
    wire::ExtendedError error_ = wire::ExtendedError::None;
};

}  // namespace engine
