// SPDX-License-Identifier: Apache-2.0
#include "geo/text/found_text.hpp"

namespace zones {

std::string shortened(std::string_view text) {
    constexpr std::size_t limit = 60;
    if (text.size() <= limit) return std::string{text};
    auto end = limit;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return std::string{text.substr(0, end)} + "…";
}

std::string json_string(std::string_view text) {
    std::string quoted{'"'};
    for (const char c : text) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + '"';
}

}  // namespace zones
