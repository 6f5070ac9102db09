// SPDX-License-Identifier: Apache-2.0
#include "probes/fact_line.hpp"

#include <algorithm>

namespace probes {
namespace {

constexpr std::string_view ellipsis = "...";

char printable(char c) noexcept {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') return '_';
    return c > ' ' && c < 0x7F ? c : '?';
}

}  // namespace

std::string cut(std::string_view value, std::size_t limit) {
    if (value.size() <= limit) return std::string{value};
    return std::string{value.substr(0, limit - ellipsis.size())}.append(ellipsis);
}

void FactLine::add(std::string_view key, std::string_view value) {
    auto shown = cut(value.empty() ? "-" : value, max_length);
    std::ranges::transform(shown, shown.begin(), printable);
    facts_.emplace_back(key, std::move(shown));
}

std::string FactLine::text() const {
    std::vector<std::size_t> lengths;
    std::size_t total = 0;
    for (const auto& [key, value] : facts_) {
        lengths.push_back(value.size());
        total += key.size() + value.size() + 2;  // '=', and a blank before it or the line's end
    }
    // Level down the longest, the last of equals first: names come first, and are worth the most.
    for (; total > max_length + 1; --total) --*std::max_element(lengths.rbegin(), lengths.rend());
    std::string line;
    for (std::size_t i = 0; i < facts_.size(); ++i) {
        if (i > 0) line += ' ';
        line += facts_[i].first + '=' + cut(facts_[i].second, lengths[i]);
    }
    return line;
}

}  // namespace probes
