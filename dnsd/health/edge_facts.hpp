// SPDX-License-Identifier: Apache-2.0
#pragma once
// From what is watched, drained and agreed to what verdicts rest on, and to what a TTL may promise.
// In both, what several nodes agree on stands in place of what this one sees, where there is such an
// agreement (null: there is none).

#include "dnsd/health/edge_watch.hpp"
#include "probes/health/quorum.hpp"
#include "probes/health/verdict.hpp"

#include <cstdint>
#include <vector>

namespace control {

/// Null for an edge whose state only this node knows.
[[nodiscard]] const probes::Agreed* agreed_on(const EdgeWatch& edge,
                                              const probes::Agreement* agreement);

/// One for each edge, in order. Of home a node that is cut off sees nothing: no edge has an origin
/// check then.
[[nodiscard]] std::vector<probes::EdgeFacts> facts_of(const ZoneWatch& zone,
                                                      const probes::Drains& drains,
                                                      const probes::Agreement* agreement);

/// Seconds for which the state of an edge holds at least. While all nodes say the same of it, it
/// turns no sooner than it would for this node alone, give or take the others' beats; as soon as
/// one of them differs, one vote more may turn it at any time, and nothing is promised.
[[nodiscard]] std::uint32_t ttl_limit(const EdgeWatch& edge, const probes::Drain* drain,
                                      const probes::Agreed* agreed, probes::Time now);

[[nodiscard]] std::uint32_t whole_seconds(probes::Clock::duration time);

}  // namespace control
