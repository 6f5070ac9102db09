// SPDX-License-Identifier: Apache-2.0
#pragma once
// A zone's edges joined with the targets that are watched for them, with its board, and with what
// was last decided. Control thread only.

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

using Targets = std::vector<const probes::Monitor::Target*>;

/// Of the worst of them; Up for none.
[[nodiscard]] probes::State worst_state(const Targets& targets);
/// When the last of those in the worst state came into it; long ago for none.
[[nodiscard]] probes::Time worst_since(const Targets& targets);

struct EdgeWatch {
    Targets checks;
    Targets origins;
    std::uint64_t asked = 0;              // asked_digest() of its checks
    std::optional<std::size_t> shared{};  // the edge of the zone of nodes that decides its state
    probes::Removed removed = probes::Removed::No;
    probes::RecentCount answers{};
};

struct ZoneWatch {
    std::shared_ptr<const zones::Zone> zone;
    std::shared_ptr<geo::EdgeBoard> board;
    std::string name;
    std::vector<EdgeWatch> edges;
    bool home_down = false;
    bool home_in_doubt = false;  // some origin check is down
    bool none_left = false;      // every edge is out of the answers

    /// Edges that the zone had before go on with their counts and their verdicts.
    void go_on_from(const ZoneWatch& before);
    [[nodiscard]] const probes::Drain* drain_of(std::size_t edge,
                                                const probes::Drains& drains) const;
    /// Answers that named an edge in the last minute, or a little less.
    [[nodiscard]] std::uint64_t recent_answers(std::size_t edge) const;
    void sample_answers();
    /// Whether home cannot be asked behind an edge, as its relay cannot be connected to wherever an
    /// origin check is down: then nothing is known of home. What is asked at an address that is
    /// neither the edge's nor that of its own checks is not its relay.
    [[nodiscard]] bool unreached(std::size_t edge) const;
};

}  // namespace control
