// SPDX-License-Identifier: Apache-2.0
#pragma once
// "latency" of isochrone.json.

#include "geo/latency/latency_model.hpp"

#include <chrono>
#include <cstddef>

namespace control {

/// Which networks may move, and how fast.
struct SteeringRules {
    std::chrono::milliseconds interval{5000};  // between two models, at least
    std::chrono::milliseconds rebase{
        3'600'000};                  // between two maps for clients that were not measured
    double moves_per_minute = 0.05;  // share of all networks that may get another first edge
    std::size_t least_moves = 20;    // a minute, however few networks there are
    double news_at_once =
        3;  // times for each edge that the maps for strangers do not wait when nodes
            // tell of themselves; then once a minute
    std::chrono::milliseconds home_hold{300'000};  // before a way home that got worse counts
    geo::LatencyRules latency;
};

}  // namespace control
