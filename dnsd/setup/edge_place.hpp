// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where an edge stands: derived from its name, or read from what was said.

#include "geo/base/result.hpp"

#include <string>
#include <string_view>

namespace setup {

/// Reads a city ("New York, US") or "40.71, -74.01", and returns it as a zone file writes it. An error
/// lists the cities that may be meant.
[[nodiscard]] geo::Result<std::string> read_place(std::string_view text);

/// Finds the one city that an edge is named after: "newyork", "new-york-2", "portland-or",
/// "de-frankfurt". Only letters count. An error lists the cities that may be meant.
[[nodiscard]] geo::Result<std::string> place_of(std::string_view edge);

}  // namespace setup
