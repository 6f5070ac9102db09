// SPDX-License-Identifier: Apache-2.0
#pragma once
// The encoding of files that operators wrote: UTF-8, with or without the byte order mark that some
// editors and spreadsheets put first.

#include <cstdint>
#include <optional>
#include <string_view>

namespace geo {

/// Returns the text without its byte order mark, if it has one.
[[nodiscard]] std::string_view without_mark(std::string_view text) noexcept;

/// True if a text looks like UTF-16, as Windows programs may save it. Expects texts that begin with
/// an ASCII character, as all that this program reads do.
[[nodiscard]] bool is_utf16(std::string_view text) noexcept;
constexpr std::string_view utf16_fault = "expected UTF-8, found UTF-16";

/// Takes the first character off the front of `text` and returns its code point. When the first
/// octet begins no valid character, takes off that octet and returns nothing. `text` must not be
/// empty.
std::optional<std::uint32_t> take_letter(std::string_view& text) noexcept;

}  // namespace geo
