// SPDX-License-Identifier: Apache-2.0
#pragma once
// RFC 1034 §4.3.2 for one question in class IN whose zone is known: walk aliases inside it, and write
// what is found.

#include "dnsd/engine/respond.hpp"
#include "dnsd/wire/response.hpp"
#include "zones/zone/zone_builder.hpp"

#include <boost/container/static_vector.hpp>

namespace engine {

/// For a map of a zone.
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

    /// Of the client subnet: 0 unless the answer was chosen for it (RFC 7871 §7.2.1), or for the
    /// resolver of a private network (§10).
    [[nodiscard]] std::uint8_t scope() const noexcept { return scope_; }
    /// Whether an observed name was asked for, and no observation was there.
    [[nodiscard]] bool deferred() const noexcept { return deferred_; }
    [[nodiscard]] wire::ExtendedError error() const noexcept { return error_; }

 private:
    using Section = wire::Response::Section;
    struct DnameRecord {
        std::uint32_t node = 0;
        std::size_t at = 0;  // in the message
    };

    /// True when the name is an observed one and the client an observer: nothing more is to be done.
    [[nodiscard]] bool observe() noexcept;
    void answer_observed() noexcept;
    /// Answers for `name_`, which stands at `owner_`. True when an alias leads on to another name
    /// of this zone, which then stands in `name_` and at `owner_`.
    [[nodiscard]] bool step(const zones::Zone::Lookup& lookup) noexcept;
    [[nodiscard]] bool answer_at(std::uint32_t node) noexcept;
    [[nodiscard]] bool answer_without_type(std::uint32_t node) noexcept;
    [[nodiscard]] bool follow(const zones::RrSet& cname) noexcept;
    [[nodiscard]] bool synthesize(const zones::Zone::Lookup& lookup) noexcept;
    /// Goes on with the name that stands at `at`. False when it lies outside of the zone.
    [[nodiscard]] bool go_on(std::size_t at) noexcept;
    void answer_any() noexcept;
    void answer_steered(const zones::RrSet& set) noexcept;
    /// Adds those records of an edge that do not stand in the answer from `first` on.
    [[nodiscard]] bool add_edge(const zones::WireSet& records, std::size_t first) noexcept;
    void refer(const zones::Zone::Lookup& lookup) noexcept;
    /// With the zone's negative TTL, or `ttl` where that is less.
    void deny(wire::Rcode rcode, std::uint32_t ttl = geo::EdgeHealth::no_limit) noexcept;
    /// Addresses of the name servers of an NS RRset that begins at `record`.
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
    std::size_t apex_ = 0;  // where the zone's name stands in the message
    const zones::Name* name_ = nullptr;
    zones::Name alias_;  // what `name_` points to once an alias has been followed
    std::size_t owner_ = wire::header_size;
    boost::container::static_vector<DnameRecord, zones::max_chain + 1> dnames_;  // in the answer
    std::uint8_t scope_ = 0;
    bool deferred_ = false;
    wire::ExtendedError error_ = wire::ExtendedError::None;
};

}  // namespace engine
