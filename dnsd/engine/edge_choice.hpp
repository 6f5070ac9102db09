// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which edges a steered name is answered with: its outcome for the client, run over what health
// says now, and what the zone wants when health leaves none.

#include "geo/policy/map.hpp"
#include "zones/zone/catalog.hpp"

namespace engine {

struct EdgeChoice {
    geo::ChosenEdges edges;
    std::uint32_t ttl = 0;  // seconds: the steer's, or as much of it as health can promise
    bool all_down = false;  // health left none
};

/// Query path. `found` comes from the steer's map; without a board all edges are healthy.
[[nodiscard]] EdgeChoice choose_edges(const zones::ServedZone& served, std::size_t steer,
                                      const geo::LayeredMap::Found& found, geo::Family family,
                                      geo::Random& random) noexcept;

}  // namespace engine
