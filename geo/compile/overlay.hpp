// SPDX-License-Identifier: Apache-2.0
#pragma once
// Compiles what was measured into a map of its own, beside the one that was compiled out of places.
// Hundreds of thousands of networks take a part of a second, where the base may take many.

#include "geo/latency/latency_model.hpp"
#include "geo/policy/map.hpp"
#include "geo/policy/policy.hpp"
#include "geo/source/sources.hpp"

#include <memory>

namespace geo {

/// The networks of a population that the policy serves otherwise than `base` does, which is a map
/// of the same policy; null when there are none. A network of which the base, the policy or a
/// database tells parts apart is judged part by part.
[[nodiscard]] std::shared_ptr<const Map> make_overlay(const std::shared_ptr<const Map>& base,
                                                      const Policy& policy, const EdgeSites& sites,
                                                      const ZoneLatency& latency,
                                                      Population population,
                                                      const Sources& sources);

}  // namespace geo
