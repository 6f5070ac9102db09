// SPDX-License-Identifier: Apache-2.0
#pragma once
// The encoding of files that operators wrote: UTF-8, with or without the mark that some editors and
// spreadsheets put before it.

#include <cstdint>
#include <optional>
#include <string_view>

namespace geo {

/// The text behind its byte order mark, if it has one.
[[nodiscard]] std::string_view without_mark(std::string_view text) noexcept;

/// What Windows may have made of a text that begins with an ASCII character, as all of ours do.
[[nodiscard]] bool is_utf16(std::string_view text) noexcept;
constexpr std::string_view utf16_fault = "expected UTF-8, found UTF-16";

/// The letter with which a text begins, taken off its front; nothing for an octet that begins none,
/// which is taken off too. `text` must not be empty.
std::optional<std::uint32_t> take_letter(std::string_view& text) noexcept;

}  // namespace geo
