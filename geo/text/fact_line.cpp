// SPDX-License-Identifier: Apache-2.0
#include "geo/text/fact_line.hpp"

#include <algorithm>
#include <charconv>

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

std::optional<Facts> read_facts(std::string_view text) {
    if (text.size() > FactLine::max_length) return std::nullopt;
    if (!std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; })) {
        return std::nullopt;
    }
    Facts facts;
    for (;;) {
        const auto end = text.find(' ');
        const auto fact = text.substr(0, end);
        const auto sign = fact.find('=');
        if (sign == std::string_view::npos || sign == 0 || sign + 1 == fact.size()) {
            return std::nullopt;
        }
        if (!facts.emplace(fact.substr(0, sign), fact.substr(sign + 1)).second) return std::nullopt;
        if (end == std::string_view::npos) return facts;
        text.remove_prefix(end + 1);
    }
}

std::string_view value_of(const Facts& facts, std::string_view key) {
    const auto found = facts.find(key);
    return found == facts.end() ? std::string_view{} : found->second;
}

std::optional<std::int64_t> read_number(std::string_view text, std::int64_t largest) {
    std::int64_t number = 0;
    const auto* const end = text.data() + text.size();
    const auto [reached, fault] = std::from_chars(text.data(), end, number);
    if (fault != std::errc{} || reached != end || number < 0 || number > largest ||
        text.starts_with('-')) {
        return std::nullopt;
    }
    return number;
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
    // Shorten the longest value step by step; of equals the last one: names come first and matter
    // most.
    for (; total > max_length + 1; --total) --*std::max_element(lengths.rbegin(), lengths.rend());
    std::string line;
    for (std::size_t i = 0; i < facts_.size(); ++i) {
        if (i > 0) line += ' ';
        line += facts_[i].first + '=' + cut(facts_[i].second, lengths[i]);
    }
    return line;
}

}  // namespace probes
