// SPDX-License-Identifier: Apache-2.0
#pragma once
// Finds letters outside of ASCII that the person who typed or pasted them most likely did not mean:
// an umlaut in a name, a quote or dash from a word processor, a blank that is not a space. Control
// path.

#include <string>
#include <string_view>

namespace zones {

/// Returns a sentence about the odd letter in the text of a name; empty when the text is ASCII. An
/// escaped octet is intended and passes.
[[nodiscard]] std::string odd_letter_of_name(std::string_view text);

/// The same for other text, where most letters are allowed. Finds signs that look like quotes or
/// blanks, and in a list of terms ("v=spf1 -all") also signs that look like dashes.
[[nodiscard]] std::string odd_letter_of_text(std::string_view text);

}  // namespace zones
