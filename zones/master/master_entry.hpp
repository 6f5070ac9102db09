// SPDX-License-Identifier: Apache-2.0
#pragma once
// Cuts a text in master format (RFC 1035 §5.1) into entries: lines without comments and
// parentheses, which may run over several lines of the file. An entry is a record or a directive;
// it consists of words. Control path.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace zones {

/// What may stand between the words of an entry.
inline constexpr std::string_view entry_blanks = " \t\r";

/// Takes a word off the front of an entry, and the blanks around it. A blank that is neither
/// escaped nor quoted ends the word.
[[nodiscard]] std::string_view take_word(std::string_view& entry);

class EntryCutter {
 public:
    /// `text` must outlive the cutter.
    explicit EntryCutter(std::string_view text) : text_{text} {}

    /// Returns false at the end of the text. The entry is good until the next is taken.
    bool next();
    [[nodiscard]] std::string_view entry() const noexcept { return entry_; }
    [[nodiscard]] std::uint32_t line() const noexcept { return line_; }  // where it begins
    /// Says what is wrong with the entry as a whole; empty when nothing is.
    [[nodiscard]] std::string_view fault() const noexcept { return fault_; }

 private:
    void join_lines();
    void add_blank();

    std::string_view text_;
    std::size_t at_ = 0;
    std::uint32_t line_ = 0;
    std::uint32_t next_line_ = 1;
    std::string_view entry_;
    std::string_view fault_;
    std::string joined_;
};

}  // namespace zones
