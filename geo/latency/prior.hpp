// SPDX-License-Identifier: Apache-2.0
#pragma once
// The round trip between two places when nothing is measured: a straight line over the distance,
// corrected for each pair of regions. Fitted on pings between hosts in 146 cities (see NOTICE). It
// is right for four clients of five, and the start of the estimate for all others.

#include "geo/place/region.hpp"

#include <optional>

namespace geo {

/// Milliseconds per kilometre: 1.7 times the time that light takes in fibre, there and back.
constexpr double prior_ms_per_km = 0.017117;

/// Returns the milliseconds that light takes in fibre, there and back, along the great circle.
[[nodiscard]] double fibre_ms(const Position& a, const Position& b) noexcept;

/// Returns the milliseconds of a round trip between two positions, at least fibre_ms(). Symmetric.
/// Continuous where neither country nor region changes.
[[nodiscard]] double prior_ms(const Position& a, const Position& b) noexcept;

/// The same for positions that may be unknown; an unknown one is taken to be far away.
[[nodiscard]] double prior_between(const std::optional<Position>& a,
                                   const std::optional<Position>& b) noexcept;

}  // namespace geo
