// SPDX-License-Identifier: Apache-2.0
#include "geo/text/utf8.hpp"

namespace geo {

std::string_view without_mark(std::string_view text) noexcept {
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    return text.substr(text.starts_with(mark) ? mark.size() : 0);
}

bool is_utf16(std::string_view text) noexcept {
    if (text.starts_with("\xFE\xFF") || text.starts_with("\xFF\xFE")) return true;
    return text.size() >= 2 && (text[0] == '\0') != (text[1] == '\0');
}

std::optional<std::uint32_t> take_letter(std::string_view& text) noexcept {
    const auto octet = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const std::uint32_t first = octet(0);
    const std::size_t size = first < 0x80              ? 1
                             : first >> 5 == 0b110     ? 2
                             : first >> 4 == 0b1110    ? 3
                             : first >> 3 == 0b1'1110U ? 4
                                                       : 0;
    std::uint32_t letter = size < 2 ? first : first & (0x7FU >> size);
    bool good = size > 0 && size <= text.size();
    for (std::size_t at = 1; good && at < size; ++at) {
        good = (octet(at) & 0xC0) == 0x80;
        letter = letter << 6 | (octet(at) & 0x3FU);
    }
    constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    good = good && letter >= least[size] && letter <= 0x10FFFF && letter >> 11 != 0x1B;
    text.remove_prefix(good ? size : 1);
    return good ? std::optional{letter} : std::nullopt;
}

}  // namespace geo
