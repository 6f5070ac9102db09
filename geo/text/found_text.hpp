// SPDX-License-Identifier: Apache-2.0
#pragma once
// What was found in a file, as a problem shows it.

#include <string>
#include <string_view>

namespace zones {

/// Octets that every language's editor shows: at most 60 of them, and then "…".
[[nodiscard]] std::string shortened(std::string_view text);

/// A string of JSON, to be copied into a file: in quotes, with \" and \\ where they stand in it.
[[nodiscard]] std::string json_string(std::string_view text);

}  // namespace zones
