// SPDX-License-Identifier: Apache-2.0
#pragma once
// Joins a zone's edges with their watched targets, with the zone's board, and with the last
// decisions. Control thread only.

#include "geo/policy/edge_board.hpp"
#include "probes/check/monitor.hpp"
#include "probes/health/drains.hpp"
#include "probes/health/recent_count.hpp"
#include "probes/health/verdict.hpp"
#include "zones/zone/catalog.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace control {

using Target = probes::Monitor::Target;
using Targets = std::vector<const Target*>;

/// Returns the worst state of the targets; Up if there are none.
[[nodiscard]] probes::State worst_state(const Targets& targets);
/// Returns when the last of the targets in the worst state came into it; long ago if there are
/// none.
[[nodiscard]] probes::Time worst_since(const Targets& targets);

struct EdgeWatch {
    Targets checks;
    Targets home_checks;                  // of home, by way of the edge
    std::uint64_t asked = 0;              // asked_digest() of the checks
    std::optional<std::size_t> shared{};  // the edge in the nodes' zone that decides its state
    probes::Removed removed = probes::Removed::No;
    probes::RecentCount answers{};
};

struct ZoneWatch {
    std::shared_ptr<const zones::Zone> zone;
    std::shared_ptr<geo::EdgeBoard> board;
    std::string name;
    std::vector<EdgeWatch> edges;
    bool home_down = false;
    bool home_in_doubt = false;  // some check of home is down
    bool none_left = false;      // every edge is out of the answers

    /// Takes over the counts and verdicts of the edges that the zone had before.
    void go_on_from(const ZoneWatch& before);
    [[nodiscard]] const probes::Drain* drain_of(std::size_t edge,
                                                const probes::Drains& drains) const;
    /// Returns the number of answers that named an edge in the last minute, or a little less.
    [[nodiscard]] std::uint64_t recent_answers(std::size_t edge) const;
    void sample_answers();
    /// True if nothing can be known of home behind an edge: checks of home are down, and each of
    /// them failed to connect to the edge's relay. A check counts as one of the relay only if it
    /// asks an address of the edge, or one that the edge's own checks ask.
    [[nodiscard]] bool unreached(std::size_t edge) const;
};

}  // namespace control
