// SPDX-License-Identifier: Apache-2.0
#pragma once
// Any octets as one word of printable ASCII without blanks. All other octets, and "%" itself, are
// escaped: a blank is "%20".

#include <optional>
#include <string>
#include <string_view>

namespace probes {

[[nodiscard]] std::string percent_encoded(std::string_view octets);

/// Decodes such a word; nothing when it is none. Octets that need no escape may be escaped or not.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view word);

}  // namespace probes
