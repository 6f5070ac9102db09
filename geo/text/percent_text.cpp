// SPDX-License-Identifier: Apache-2.0
#include "geo/text/percent_text.hpp"

#include <charconv>
#include <cstdint>

namespace probes {

std::string percent_encoded(std::string_view octets) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string word;
    for (const char c : octets) {
        const auto octet = static_cast<unsigned char>(c);
        if (octet > ' ' && octet < 0x7F && c != '%') {
            word += c;
        } else {
            word += {'%', digits[octet >> 4], digits[octet & 15]};
        }
    }
    return word;
}

std::optional<std::string> percent_decoded(std::string_view word) {
    std::string octets;
    while (!word.empty()) {
        std::size_t length = 1;
        auto octet = static_cast<std::uint8_t>(word.front());
        if (octet <= ' ' || octet >= 0x7F) return std::nullopt;
        if (octet == '%') {
            length = 3;
            if (word.size() < length) return std::nullopt;
            const auto* const end = word.data() + length;
            if (std::from_chars(word.data() + 1, end, octet, 16).ptr != end) return std::nullopt;
        }
        octets += static_cast<char>(octet);
        word.remove_prefix(length);
    }
    return octets;
}

}  // namespace probes
