// SPDX-License-Identifier: Apache-2.0
#pragma once
// Configurations are run as the documentation shows them, so that it cannot grow wrong unseen.

#include <string>
#include <utility>
#include <vector>

namespace wan {

/// What stands in the first fenced block behind the line that ends with this title in
/// docs/relay.md. Throws when there is none.
[[nodiscard]] std::string block_of_document(const std::string& title);

/// The same of this page of docs/.
[[nodiscard]] std::string block_of_page(const std::string& page, const std::string& title);

using Replacements = std::vector<std::pair<std::string, std::string>>;
/// Replaces each text everywhere. Throws when one is not there: then the document has changed.
[[nodiscard]] std::string replaced(std::string text, const Replacements& replacements);

}  // namespace wan
