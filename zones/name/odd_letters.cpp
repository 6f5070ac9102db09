// SPDX-License-Identifier: Apache-2.0
#include "zones/name/odd_letters.hpp"

#include "geo/text/found_text.hpp"
#include "geo/text/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace zones {
namespace {

struct Range {
    std::uint32_t first;
    std::uint32_t last;
    std::string_view looks_like;
};
constexpr std::string_view blank = "a blank, or like nothing";
constexpr std::string_view quote = "a quote";
constexpr std::string_view dash = "\"-\"";
constexpr Range look_alikes[] = {
    {0x00A0, 0x00A0, blank}, {0x00AD, 0x00AD, dash},  {0x2000, 0x200F, blank},
    {0x2010, 0x2015, dash},  {0x2018, 0x201F, quote}, {0x2028, 0x202F, blank},
    {0x2032, 0x2036, quote}, {0x205F, 0x206F, blank}, {0x2212, 0x2212, dash},
    {0x3000, 0x3000, blank}, {0xFEFF, 0xFEFF, blank},
};

std::string_view look_of(std::uint32_t letter) {
    const auto found = std::ranges::find_if(look_alikes, [&](const Range& range) {
        return range.first <= letter && letter <= range.last;
    });
    return found == std::end(look_alikes) ? std::string_view{} : found->looks_like;
}

std::string number_text_of(std::uint32_t letter) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text = "U+";
    for (const unsigned shift : {12U, 8U, 4U, 0U}) text += digits[letter >> shift & 15];
    return text;
}

/// The first letter that looks like another sign.
std::string look_alike_in(std::string_view text, bool dashes) {
    while (!text.empty()) {
        const auto letter = geo::take_letter(text);
        const auto look = letter ? look_of(*letter) : std::string_view{};
        if (look.empty() || (look == dash && !dashes)) continue;
        return number_text_of(*letter) + " stands in it, which looks like " + std::string{look} +
               " and is none";
    }
    return {};
}

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

std::string odd_letter_of_name(std::string_view text) {
    if (is_ascii(text)) return {};
    if (auto found = look_alike_in(text, true); !found.empty()) return found;
    return '"' + shortened(text) +
           "\" is not ASCII: clients ask for such a name in its \"xn--\" form (RFC 5891)";
}

std::string odd_letter_of_text(std::string_view text) {
    if (is_ascii(text)) return {};
    return look_alike_in(text, text.starts_with("v="));
}

}  // namespace zones
