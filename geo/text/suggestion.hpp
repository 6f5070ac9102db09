// SPDX-License-Identifier: Apache-2.0
#pragma once
// Suggestions for misspelled words.

#include <span>
#include <string>
#include <string_view>

namespace zones {

/// Returns the candidate nearest to `word` by optimal string alignment distance, without regard to
/// case. Empty when none is within a third of the word's length, or within 1 for short words.
[[nodiscard]] std::string_view nearest_word(std::string_view word,
                                            std::span<const std::string_view> candidates);

/// Returns "; did you mean \"X\"?", or an empty text when no candidate is near.
[[nodiscard]] std::string suggestion(std::string_view word,
                                     std::span<const std::string_view> candidates);

}  // namespace zones
