// SPDX-License-Identifier: Apache-2.0
#include "zones/found_text.hpp"

namespace zones {

std::string printable(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string line;
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        if (octet >= ' ' && octet != 0x7F) {
            line += c;
        } else if (c == '\n') {
            line += "\\n";
        } else {
            line += {'\\', 'u', '0', '0', digits[octet >> 4], digits[octet & 15]};
        }
    }
    return line;
}

std::string shortened(std::string_view text) {
    constexpr std::size_t limit = 60;
    if (text.size() <= limit) return std::string{text};
    auto end = limit;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return std::string{text.substr(0, end)} + "…";
}

}  // namespace zones
