// SPDX-License-Identifier: Apache-2.0
#pragma once
// Times in a zone file: seconds as an integer, or "90s", "5m", "1h", "2d", "1w".

#include "zones/json.hpp"

#include <cstdint>
#include <optional>

namespace zones {

/// Seconds from 0 to 2^31 - 1 (RFC 2181 §8). A fault is written and nothing comes back for all else.
[[nodiscard]] std::optional<std::uint32_t> read_seconds(const Json& value);

}  // namespace zones
