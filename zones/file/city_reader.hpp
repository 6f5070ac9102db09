// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads a place that is written as a city: "Singapore", "New York, US".

#include "geo/policy/policy.hpp"
#include "zones/json/json.hpp"

#include <optional>

namespace zones {

/// Returns where the city is. A name of several cities, or of none, is a fault that lists the
/// cities that may be meant.
[[nodiscard]] std::optional<geo::EdgeSite> read_city(const Json& value);

}  // namespace zones
