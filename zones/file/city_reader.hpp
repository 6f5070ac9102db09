// SPDX-License-Identifier: Apache-2.0
#pragma once
// A place written as a city: "Singapore", "New York, US".

#include "geo/policy/policy.hpp"
#include "zones/json/json.hpp"

#include <optional>

namespace zones {

/// Where the city is. A name that means several cities, or none, is a fault, with those that may
/// have been meant.
[[nodiscard]] std::optional<geo::EdgeSite> read_city(const Json& value);

}  // namespace zones
