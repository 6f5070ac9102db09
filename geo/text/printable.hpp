// SPDX-License-Identifier: Apache-2.0
#pragma once
// Text from a file or from elsewhere, made safe for a terminal and a log.

#include <string>
#include <string_view>

namespace geo {

/// Returns one line that cannot control a terminal. Control characters, invisible characters and
/// those that turn the direction of writing are written as JSON escapes, octets that are not UTF-8
/// as \x9b.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace geo
