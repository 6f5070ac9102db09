// SPDX-License-Identifier: Apache-2.0
#pragma once
// Numbers as the network writes them: the most significant octet first.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace geo {

[[nodiscard]] constexpr std::uint16_t read16(std::span<const std::uint8_t> octets,
                                             std::size_t at) noexcept {
    return static_cast<std::uint16_t>(octets[at] << 8 | octets[at + 1]);
}

constexpr void write16(std::span<std::uint8_t> to, std::size_t at, std::size_t value) noexcept {
    to[at] = static_cast<std::uint8_t>(value >> 8);
    to[at + 1] = static_cast<std::uint8_t>(value);
}

/// Appends the lowest `octets` octets of a number, at most eight.
inline void append_number(std::vector<std::uint8_t>& to, std::uint64_t value, std::size_t octets) {
    while (octets-- > 0) to.push_back(static_cast<std::uint8_t>(value >> 8 * octets));
}

}  // namespace geo
