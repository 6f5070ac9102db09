// SPDX-License-Identifier: Apache-2.0
#pragma once
// Chooses the edges that answer a steered name: the map's outcome for the client, filtered by
// current health, and what the zone wants when health leaves none.

#include "geo/policy/map.hpp"
#include "zones/zone/catalog.hpp"

namespace engine {

struct EdgeChoice {
    geo::Choice picked;     // by the policy; by `all_down` where health left none
    std::uint32_t ttl = 0;  // seconds: the steer's, or less where health cannot promise that long
    bool all_down = false;  // health left none
};

/// Query path. `found` comes from the steer's map. Without a board all edges are healthy.
[[nodiscard]] EdgeChoice choose_edges(const zones::ServedZone& served, std::size_t steer,
                                      const geo::LayeredMap::Found& found, geo::Family family,
                                      geo::Random& random) noexcept;

}  // namespace engine
