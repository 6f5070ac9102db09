// SPDX-License-Identifier: Apache-2.0
#pragma once
// Decides when a client moves to another edge. Two edges that are about equally good must not take
// turns: each move breaks connections and gains nothing.

#include "geo/latency/edge.hpp"

#include <optional>
#include <span>
#include <vector>

namespace geo {

/// The least gain of a move. A move must reach both figures.
struct LeastGain {
    double share = 0.02;  // of the client's present milliseconds
    double milliseconds = 1;
};

[[nodiscard]] bool worth_moving(double now_ms, double then_ms,
                                const LeastGain& least_gain) noexcept;

/// Returns the edge with the smallest score (milliseconds, by edge), or the edge that the client
/// has now if the move would gain too little. Of equal edges the first one counts. `scores` must
/// not be empty.
[[nodiscard]] EdgeIndex preferred_edge(std::span<const double> scores, std::optional<EdgeIndex> now,
                                       const LeastGain& least_gain) noexcept;

/// Returns `scores`, raised where needed so that their order is the damped one. That order is built
/// place by place: the best edge left comes next, unless it gains too little over the edge that
/// `before` ranks first among those left; then that edge comes next. Of equal edges the first one
/// counts. Both spans have one score per edge.
[[nodiscard]] std::vector<double> damped_scores(std::span<const double> before,
                                                std::span<const double> scores,
                                                const LeastGain& least_gain);

}  // namespace geo
