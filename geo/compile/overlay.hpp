// SPDX-License-Identifier: Apache-2.0
#pragma once
// Compiles what was measured into a map of its own, beside the base map that was compiled from
// places. Hundreds of thousands of networks take less than a second, where the base may take many.

#include "geo/latency/latency_model.hpp"
#include "geo/policy/map.hpp"
#include "geo/policy/policy.hpp"
#include "geo/source/sources.hpp"

#include <memory>

namespace geo {

/// Returns a map of the networks of a population that the policy serves otherwise than `base`, a
/// map of the same policy, does. Null when there are none. A network is judged part by part where
/// the base, the policy or a database distinguishes parts of it.
[[nodiscard]] std::shared_ptr<const Map> make_overlay(const std::shared_ptr<const Map>& base,
                                                      const Policy& policy, const EdgeSites& sites,
                                                      const ZoneLatency& latency,
                                                      Population population,
                                                      const Sources& sources);

}  // namespace geo
