// SPDX-License-Identifier: Apache-2.0
#include "geo/base/digest.hpp"

#include <algorithm>
#include <charconv>

namespace probes {
namespace {

constexpr std::size_t digits = 16;

bool is_digit(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

}  // namespace

/// The final step is that of MurmurHash3 (Austin Appleby, in the public domain).
std::uint64_t Digest::value() const noexcept {
    auto value = state_;
    value = (value ^ value >> 33) * 0xFF51'AFD7'ED55'8CCD;
    value = (value ^ value >> 33) * 0xC4CE'B9FE'1A85'EC53;
    return value ^ value >> 33;
}

std::string digest_text(std::uint64_t digest) {
    std::string text(digits, '0');
    for (auto at = text.rbegin(); digest != 0; ++at, digest >>= 4)
        *at = "0123456789abcdef"[digest & 15];
    return text;
}

std::optional<std::uint64_t> read_digest(std::string_view text) noexcept {
    if (text.size() != digits || !std::ranges::all_of(text, is_digit)) return std::nullopt;
    std::uint64_t digest = 0;
    std::from_chars(text.data(), text.data() + text.size(), digest, 16);
    return digest;
}

}  // namespace probes
