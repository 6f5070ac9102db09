// SPDX-License-Identifier: Apache-2.0
#pragma once
// Text without the blanks at its ends.

#include <string_view>

namespace geo {

/// Without blanks, tabs and ends of lines at either end; empty if there is nothing else.
[[nodiscard]] inline std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

}  // namespace geo
