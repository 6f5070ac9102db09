// SPDX-License-Identifier: Apache-2.0
#pragma once
// Octets as text of 64 letters (RFC 4648 §4): how key files write secrets.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace transfer {

[[nodiscard]] std::string to_base64(std::span<const std::uint8_t> octets);
/// With its padding, without blanks; nothing for all else.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> read_base64(std::string_view text);

}  // namespace transfer
