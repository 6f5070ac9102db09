// SPDX-License-Identifier: Apache-2.0
#include "dnsd/tsig/base64.hpp"

namespace transfer {
namespace {

constexpr std::string_view letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string to_base64(std::span<const std::uint8_t> octets) {
    std::string text;
    for (std::size_t at = 0; at < octets.size(); at += 3) {
        std::uint32_t bits = 0;
        for (std::size_t i = at; i < at + 3; ++i)
            bits = bits << 8 | (i < octets.size() ? octets[i] : 0U);
        for (unsigned shift = 18; shift <= 18; shift -= 6) text += letters[bits >> shift & 63];
    }
    const auto missing = (3 - octets.size() % 3) % 3;
    text.replace(text.size() - missing, missing, missing, '=');
    return text;
}

std::optional<std::vector<std::uint8_t>> read_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    const auto end = text.find_last_not_of('=') + 1;
    if (text.size() - end > 2) return std::nullopt;
    std::vector<std::uint8_t> octets;
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char letter : text.substr(0, end)) {
        const auto value = letters.find(letter);
        if (value == std::string_view::npos) return std::nullopt;
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        held += 6;
        if (held < 8) continue;
        held -= 8;
        octets.push_back(static_cast<std::uint8_t>(bits >> held));
    }
    const bool rest_is_zero = (bits & ((1U << held) - 1)) == 0;
    return rest_is_zero ? std::optional{std::move(octets)} : std::nullopt;
}

}  // namespace transfer
