// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads which clients a row of a "geo" table is for: "continent:EU", "country:DE",
// "subdivision:US-CA", "asn:64500" or a prefix. Control path.

#include "geo/policy/policy.hpp"
#include "zones/json/json.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace zones {

/// Where the text stands: as a value in a group, or as the key of a table, where "*" is good too.
enum class MatchIn : std::uint8_t { Group, Table };

/// Returns nothing for anything else, and writes a fault at the key or at the value.
[[nodiscard]] std::optional<geo::Match> read_match(std::string_view text, const Json& where,
                                                   MatchIn in);

}  // namespace zones
