// SPDX-License-Identifier: Apache-2.0
#pragma once
// Cuts a value in presentation format into its words (RFC 1035 §5.1). Control path.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zones {

struct Word {
    std::string_view text;  // without its quotes; escapes are kept
    bool quoted = false;
    bool joined = false;  // follows another word without a blank
};

struct Words {
    std::vector<Word> list;
    bool remark = false;     // a ";" ended it
    std::string_view fault;  // empty when the text is as it should be
};

/// Cuts `text` into words. Blanks, parentheses and quotes end a word; a ";" outside of quotes ends
/// the value.
[[nodiscard]] Words words_of(std::string_view text);

/// Returns the octets that a word stands for; nothing when an escape in it is wrong.
[[nodiscard]] std::optional<std::string> unescaped(std::string_view text);

}  // namespace zones
