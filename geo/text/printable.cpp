// SPDX-License-Identifier: Apache-2.0
#include "geo/text/printable.hpp"

#include "geo/text/utf8.hpp"

#include <cstdint>

namespace geo {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

std::string hexadecimal(std::uint32_t number, unsigned width) {
    std::string text;
    while (width-- > 0) text += digits[number >> (4 * width) & 15];
    return text;
}

bool is_hidden(std::uint32_t letter) noexcept {
    return letter < 0x20 || (letter >= 0x7F && letter <= 0xA0) ||
           (letter >= 0x200B && letter <= 0x200F) || (letter >= 0x2028 && letter <= 0x202F) ||
           (letter >= 0x2060 && letter <= 0x206F) || letter == 0xFEFF;
}

}  // namespace

std::string printable(std::string_view text) {
    std::string line;
    while (!text.empty()) {
        const auto before = text;
        const auto letter = take_letter(text);
        if (!letter) {
            line += "\\x" + hexadecimal(static_cast<unsigned char>(before[0]), 2);
        } else if (*letter == '\n') {
            line += "\\n";
        } else if (is_hidden(*letter)) {
            line += "\\u" + hexadecimal(*letter, 4);
        } else {
            line += before.substr(0, before.size() - text.size());
        }
    }
    return line;
}

}  // namespace geo
