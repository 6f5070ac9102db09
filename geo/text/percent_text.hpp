// SPDX-License-Identifier: Apache-2.0
#pragma once
// Any octets as a word: printable ASCII without blanks. The rest, and "%" itself, is "%20".

#include <optional>
#include <string>
#include <string_view>

namespace probes {

[[nodiscard]] std::string percent_encoded(std::string_view octets);

/// Nothing when it is not such a word. Takes octets that need no escape in either form.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view word);

}  // namespace probes
