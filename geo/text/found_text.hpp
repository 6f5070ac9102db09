// SPDX-License-Identifier: Apache-2.0
#pragma once
// Text found in a file, as a problem message quotes it.

#include <string>
#include <string_view>

namespace zones {

/// Returns at most 60 octets of `text`, followed by "…" when it is longer. Never cuts a UTF-8
/// character.
[[nodiscard]] std::string shortened(std::string_view text);

/// Returns a JSON string to copy into a file: in quotes, with " and \ escaped.
[[nodiscard]] std::string json_string(std::string_view text);

}  // namespace zones
