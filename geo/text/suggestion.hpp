// SPDX-License-Identifier: Apache-2.0
#pragma once
// What somebody who made a slip most likely meant.

#include <span>
#include <string>
#include <string_view>

namespace zones {

/// The candidate that `word` was most likely meant to be (optimal string alignment distance of at
/// most a third of its length, at least 1; case does not count); empty when none is near.
[[nodiscard]] std::string_view nearest_word(std::string_view word,
                                            std::span<const std::string_view> candidates);

/// "; did you mean \"X\"?", or nothing.
[[nodiscard]] std::string suggestion(std::string_view word,
                                     std::span<const std::string_view> candidates);

}  // namespace zones
