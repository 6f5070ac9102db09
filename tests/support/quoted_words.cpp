// SPDX-License-Identifier: Apache-2.0
#include "tests/support/quoted_words.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace support {

std::string contents(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) throw std::runtime_error{"cannot read " + path};
    return {std::istreambuf_iterator<char>{file}, {}};
}

std::set<std::string> quoted_words(const std::string& text) {
    const auto in_word = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
    };
    std::set<std::string> words;
    for (std::size_t at = 0; (at = text.find('"', at)) != std::string::npos; ++at) {
        auto word = text.substr(at + 1, text.find('"', at + 1) - at - 1);
        if (!word.empty() && std::ranges::all_of(word, in_word)) words.insert(std::move(word));
    }
    return words;
}

}  // namespace support
