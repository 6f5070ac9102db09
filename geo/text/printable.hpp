// SPDX-License-Identifier: Apache-2.0
#pragma once
// What was found in a file or came from elsewhere, as a terminal and a log may show it.

#include <string>
#include <string_view>

namespace geo {

/// One line that commands no terminal: controls, and signs that cannot be seen or turn the direction
/// of writing, stand as in a JSON string, octets that are no UTF-8 as \x9b.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace geo
