// SPDX-License-Identifier: Apache-2.0
#pragma once
// When a client moves to another edge. Two edges that are about as good must not take turns: each
// move breaks off connections, and gains nothing.

#include "geo/latency/edge.hpp"

#include <optional>
#include <span>
#include <vector>

namespace geo {

/// A move has to gain both.
struct Damping {
    double share = 0.02;  // of what the client has now
    double milliseconds = 1;
};

[[nodiscard]] bool worth_moving(double now_ms, double then_ms, const Damping& damping) noexcept;

/// The edge with the smallest score (milliseconds, by edge), unless that gains too little over the
/// edge that the client has now. Of equal ones the first. `scores` must not be empty.
[[nodiscard]] EdgeIndex preferred_edge(std::span<const double> scores, std::optional<EdgeIndex> now,
                                       const Damping& damping) noexcept;

/// The scores to go by: those of `scores`, raised where the edge after which one would come is not
/// worth moving to yet. Their order is the damped one: place by place the best edge left, unless
/// that gains too little over the edge which stood first of those left in the order of `before`.
/// Of equal ones the first. Both spans have one score an edge.
[[nodiscard]] std::vector<double> damped_scores(std::span<const double> before,
                                                std::span<const double> scores,
                                                const Damping& damping);

}  // namespace geo
