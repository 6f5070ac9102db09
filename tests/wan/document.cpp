// SPDX-License-Identifier: Apache-2.0
#include "tests/wan/document.hpp"

#include <fstream>
#include <stdexcept>

namespace wan {

std::string block_of_document(const std::string& title) {
    return block_of_page("relay.md", title);
}

std::string block_of_page(const std::string& page, const std::string& title) {
    std::ifstream document{PROJECT_FOLDER "/docs/" + page};
    std::string line;
    while (std::getline(document, line) && !line.ends_with(title)) continue;
    while (std::getline(document, line) && !line.starts_with("```")) continue;
    std::string block;
    while (std::getline(document, line) && !line.starts_with("```")) block += line + "\n";
    if (!document || block.empty())
        throw std::runtime_error{"docs/" + page + ": no block: " + title};
    return block;
}

std::string replaced(std::string text, const Replacements& replacements) {
    for (const auto& [from, to] : replacements) {
        auto at = text.find(from);
        if (at == std::string::npos) throw std::runtime_error{"no \"" + from + "\" in:\n" + text};
        for (; at != std::string::npos; at = text.find(from, at + to.size()))
            text.replace(at, from.size(), to);
    }
    return text;
}

}  // namespace wan
