// SPDX-License-Identifier: Apache-2.0
#pragma once
// The round trip between two places when nothing is measured: a straight line over the distance,
// and what pairs of regions take more or less than it. Fitted on pings between hosts in 146 cities
// (see NOTICE). Right for four clients of five, and the start of the estimate for all the others.

#include "geo/place/region.hpp"

#include <optional>

namespace geo {

/// What a kilometre costs: 1.7 times the time that light takes in fibre, there and back.
constexpr double prior_ms_per_km = 0.017117;

/// Milliseconds that light takes in fibre, there and back, along the great circle.
[[nodiscard]] double fibre_ms(const Position& a, const Position& b) noexcept;

/// Milliseconds of a round trip between two positions, at least `fibre_ms`.
/// Symmetric. Continuous where neither country nor region changes.
[[nodiscard]] double prior_ms(const Position& a, const Position& b) noexcept;

/// The same where one of them may have no place, which is then taken to be far away.
[[nodiscard]] double prior_between(const std::optional<Position>& a,
                                   const std::optional<Position>& b) noexcept;

}  // namespace geo
