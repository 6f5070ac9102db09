// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads the times of a zone file: seconds as an integer, or "90s", "5m", "1h", "2d", "1w". Where
// milliseconds matter, "500ms" and seconds with a fraction are times too.

#include "zones/json/json.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace zones {

/// Returns "90s", "5m", "1h", "2d" or "1w" in seconds; nothing for any other text.
[[nodiscard]] std::optional<std::int64_t> seconds_in(std::string_view text);

/// Reads seconds from 0 to 2^31 - 1 (RFC 2181 §8). For any other value it writes a fault and
/// returns nothing.
[[nodiscard]] std::optional<std::uint32_t> read_seconds(const Json& value);

/// Reads a time from `low` to `high`. For any other value it writes a fault that says what is
/// `wanted`, and returns nothing.
[[nodiscard]] std::optional<std::chrono::milliseconds> read_milliseconds(
    const Json& value, std::chrono::milliseconds low, std::chrono::milliseconds high,
    std::string_view wanted);

}  // namespace zones
