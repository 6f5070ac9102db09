// SPDX-License-Identifier: Apache-2.0
#pragma once
// Looks up the name of a query in its zone, and the names to which aliases lead inside the zone
// (RFC 1034 §4.3.2). Writes nothing: each step returns a finding.

#include "dnsd/engine/finding.hpp"
#include "dnsd/engine/query.hpp"
#include "dnsd/engine/snapshot.hpp"
#include "dnsd/engine/trace.hpp"
#include "geo/policy/outcome.hpp"
#include "zones/name/name.hpp"
#include "zones/zone/catalog.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace engine {

/// The findings of one query in class IN, a step each. The query has been read and has a zone. What
/// is found refers to this object too.
class Findings {
 public:
    /// `random` draws among the edges of weighted sets. `observation` is null while none has been
    /// made.
    Findings(const Snapshot& snapshot, const Query& query, geo::Random& random,
             const Observation* observation) noexcept
        : snapshot_{snapshot},
          query_{query},
          served_{*query.served},
          zone_{*query.served->zone},
          random_{random},
          observation_{observation},
          name_{&query.request.name} {}
    Findings(const Findings&) = delete;  // it refers to itself
    Findings& operator=(const Findings&) = delete;

    /// Looks up the query's name.
    [[nodiscard]] Finding first() noexcept;
    /// True if the last finding is an alias to a name of this zone that the answer goes on with.
    [[nodiscard]] bool goes_on() const noexcept { return goes_on_; }
    /// Looks up the name to which the last finding leads. Call it while goes_on() is true.
    [[nodiscard]] Finding next() noexcept;

    /// How the client was located and its edges were chosen; nothing when no finding so far depends
    /// on the client.
    [[nodiscard]] const std::optional<Steering>& steering() const noexcept { return steering_; }

 private:
    using Kind = decltype(Finding::what);

    [[nodiscard]] std::optional<Kind> observe() const noexcept;
    [[nodiscard]] Kind find(const zones::Zone::Lookup& at) noexcept;
    [[nodiscard]] Kind find_type(std::uint32_t node) noexcept;
    [[nodiscard]] Kind find_without_type(std::uint32_t node) noexcept;
    [[nodiscard]] Kind substitute(const zones::Zone::Lookup& at) noexcept;
    [[nodiscard]] Kind steer(const zones::RrSet& set) noexcept;
    /// Returns those of the chosen edges that have an address of the family.
    [[nodiscard]] std::span<const geo::EdgeIndex> with_address(const Steering& why,
                                                               geo::Family family) noexcept;
    /// Goes on with the first `kept` octets of the name before the target of a CNAME or DNAME.
    /// False when that is no name: it is too long.
    bool follow(const zones::RrSet& alias, std::size_t kept) noexcept;

    const Snapshot& snapshot_;
    const Query& query_;
    const zones::ServedZone& served_;
    const zones::Zone& zone_;
    geo::Random& random_;
    const Observation* observation_;
    const zones::Name* name_;
    zones::Name alias_;  // where `name_` points once an alias has been followed
    std::size_t steps_ = 0;
    bool goes_on_ = false;
    std::optional<Steering> steering_;
    geo::ChosenEdges answered_;  // of the chosen edges, where not all can be
};

}  // namespace engine
