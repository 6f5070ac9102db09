// SPDX-License-Identifier: Apache-2.0
#include "zones/name/value_words.hpp"

#include "zones/name/written_name.hpp"

#include <algorithm>

namespace zones {
namespace {

constexpr std::string_view blanks = " \t\r()";

/// Returns where the first of these signs stands that is not escaped; the end of the text when
/// there is none.
std::size_t find_plain(std::string_view text, std::string_view wanted, std::size_t at) {
    for (; at < text.size(); ++at) {
        if (text[at] == '\\') {
            ++at;
        } else if (wanted.find(text[at]) != std::string_view::npos) {
            return at;
        }
    }
    return text.size();
}

}  // namespace

Words words_of(std::string_view text) {
    Words words;
    bool joined = false;
    for (std::size_t at = 0; at < text.size();) {
        if (blanks.find(text[at]) != std::string_view::npos) {
            joined = false;
            ++at;
        } else if (text[at] == ';') {
            words.remark = true;
            break;
        } else if (text[at] == '"') {
            const auto end = find_plain(text, "\"", at + 1);
            if (end == text.size()) words.fault = "a quote is not closed";
            words.list.push_back({text.substr(at + 1, end - at - 1), true, joined});
            at = end + 1;
            joined = true;
        } else {
            const auto end = find_plain(text, " \t\r();\"", at);
            words.list.push_back({text.substr(at, end - at), false, joined});
            at = end;
            joined = true;
        }
    }
    return words;
}

std::optional<std::string> unescaped(std::string_view text) {
    std::string octets;
    octets.reserve(text.size());
    while (!text.empty()) {
        const auto plain = std::min(text.find('\\'), text.size());
        octets += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        const auto escape = read_escape(text);
        if (!escape) return std::nullopt;
        octets += static_cast<char>(escape->octet);
        text.remove_prefix(escape->size);
    }
    return octets;
}

}  // namespace zones
