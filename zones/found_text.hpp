// SPDX-License-Identifier: Apache-2.0
#pragma once
// What was found in a file, as a problem shows it.

#include <string>
#include <string_view>

namespace zones {

/// A problem is one line, whatever was found: what is no sign stands as in a JSON string.
[[nodiscard]] std::string printable(std::string_view text);

/// Octets that every language's editor shows: at most 60 of them, and then "…".
[[nodiscard]] std::string shortened(std::string_view text);

}  // namespace zones
