// SPDX-License-Identifier: Apache-2.0
#pragma once
// Turns what is watched, drained and agreed into the facts for verdicts, and into limits for TTLs.
// If several nodes agree on an edge, their agreement counts in place of what this node sees. A null
// agreement means there is none.

#include "dnsd/health/edge_watch.hpp"
#include "probes/health/quorum.hpp"
#include "probes/health/verdict.hpp"

#include <cstdint>
#include <vector>

namespace control {

/// Returns the nodes' agreement on an edge; null if only this node knows its state.
[[nodiscard]] const probes::Agreed* agreed_on(const EdgeWatch& edge,
                                              const probes::Agreement* agreement);

/// Returns the facts of each edge, in order. A node that is cut off sees nothing of home: then the
/// facts have no checks of home.
[[nodiscard]] std::vector<probes::EdgeFacts> facts_of(const ZoneWatch& zone,
                                                      const probes::Drains& drains,
                                                      const probes::Agreement* agreement);

/// Returns the seconds for which the state of an edge holds at least. While all nodes agree, the
/// state turns no sooner than for this node alone, give or take the others' check intervals. Once a
/// node differs, one more vote may turn the state at any time, so the limit is 0.
[[nodiscard]] std::uint32_t ttl_limit(const EdgeWatch& edge, const probes::Drain* drain,
                                      const probes::Agreed* agreed, probes::Time now);

/// Rounds towards zero, and clamps to 0 to EdgeHealth::no_limit.
[[nodiscard]] std::uint32_t whole_seconds(probes::Clock::duration time);

}  // namespace control
