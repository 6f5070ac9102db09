// SPDX-License-Identifier: Apache-2.0
#pragma once
// Converts octets to and from base64 (RFC 4648 §4), in which key files write secrets.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace transfer {

[[nodiscard]] std::string to_base64(std::span<const std::uint8_t> octets);
/// Reads base64 with padding and without blanks. Returns nothing for any other text.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> read_base64(std::string_view text);

}  // namespace transfer
