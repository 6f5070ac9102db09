// SPDX-License-Identifier: Apache-2.0
#pragma once
// The keys that a parser may know: words that its source has in quotes.

#include <set>
#include <string>

namespace support {

/// All of a file. Throws when it cannot be read.
[[nodiscard]] std::string contents(const std::string& path);

/// The words of letters, "_" and "$" between two quotes. What stands between two quoted words is found
/// too; that is no word and does no harm.
[[nodiscard]] std::set<std::string> quoted_words(const std::string& text);

}  // namespace support
