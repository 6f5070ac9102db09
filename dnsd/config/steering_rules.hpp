// SPDX-License-Identifier: Apache-2.0
#pragma once
// The object "latency" of isochrone.json.

#include "geo/latency/latency_model.hpp"

#include <chrono>
#include <cstddef>

namespace control {

/// How often measurements change the answers, and how many networks may change their edge at once.
struct SteeringRules {
    std::chrono::milliseconds interval{5000};  // least time between two models
    std::chrono::milliseconds rebase{
        3'600'000};                  // between two maps for clients that are not measured
    double moves_per_minute = 0.05;  // share of all networks that may get another first edge
    std::size_t least_moves = 20;    // networks a minute that may, however few there are
    double news_at_once =
        3;  // for each edge: how often news of nodes remakes the maps for clients that are
            // not measured before `rebase` has passed; then once a minute
    std::chrono::milliseconds home_hold{300'000};  // until a way home that got worse counts
    geo::LatencyRules latency;
};

}  // namespace control
