// SPDX-License-Identifier: Apache-2.0
#pragma once
// Letters outside of ASCII that do what nobody expects who typed or pasted them: an umlaut in a name,
// a quote or dash of a word processor, a blank that is none. Control path.

#include <string>
#include <string_view>

namespace zones {

/// What a name's text holds, in a sentence; empty when it is ASCII. Octets that are escaped are meant.
[[nodiscard]] std::string odd_letter_of_name(std::string_view text);

/// The same of other text, in which most letters may stand: of signs that look like quotes, blanks or,
/// where the text is a list of terms ("v=spf1 -all"), dashes.
[[nodiscard]] std::string odd_letter_of_text(std::string_view text);

}  // namespace zones
