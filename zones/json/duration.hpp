// SPDX-License-Identifier: Apache-2.0
#pragma once
// Times in a zone file: seconds as an integer, or "90s", "5m", "1h", "2d", "1w". Where milliseconds
// matter also "500ms", and seconds with a fraction.

#include "zones/json/json.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace zones {

/// "90s", "5m", "1h", "2d" or "1w" in seconds; nothing for all else.
[[nodiscard]] std::optional<std::int64_t> seconds_in(std::string_view text);

/// Seconds from 0 to 2^31 - 1 (RFC 2181 §8). A fault is written and nothing comes back for all else.
[[nodiscard]] std::optional<std::uint32_t> read_seconds(const Json& value);

/// A time from `low` to `high`; for all else a fault that says what is `wanted`.
[[nodiscard]] std::optional<std::chrono::milliseconds> read_milliseconds(
    const Json& value, std::chrono::milliseconds low, std::chrono::milliseconds high,
    std::string_view wanted);

}  // namespace zones
