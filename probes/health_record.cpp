// SPDX-License-Identifier: Apache-2.0
#include "probes/health_record.hpp"

#include "probes/fact_line.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace probes {
namespace {

constexpr std::string_view health_suffix = ".health";
constexpr std::size_t longest_label = 63;
constexpr std::int64_t latest = 1'000'000'000'000;  // 31,000 years: sums with it stay numbers

using Facts = std::map<std::string_view, std::string_view>;

/// Nothing when the line is malformed.
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

/// One of the facts; empty, which none of them is, when it is missing.
std::string_view value_of(const Facts& facts, std::string_view key) {
    const auto found = facts.find(key);
    return found == facts.end() ? std::string_view{} : found->second;
}

std::optional<bool> read_yes_or_no(std::string_view text) noexcept {
    if (text == "yes") return true;
    if (text == "no") return false;
    return std::nullopt;
}

std::optional<State> read_state(std::string_view text) noexcept {
    for (const auto state : {State::Up, State::Down, State::Unknown}) {
        if (text == word(state)) return state;
    }
    return std::nullopt;
}

std::optional<std::chrono::seconds> read_instant(std::string_view text) noexcept {
    std::int64_t number = 0;
    const auto* const end = text.data() + text.size();
    const auto [reached, fault] = std::from_chars(text.data(), end, number);
    if (fault != std::errc{} || reached != end || number < 0 || number > latest) {
        return std::nullopt;
    }
    return std::chrono::seconds{number};
}

std::string_view yes_or_no(bool is_so) noexcept {
    return is_so ? "yes" : "no";
}

}  // namespace

std::string health_owner(std::string_view edge) {
    return std::string{edge}.append(health_suffix);
}

std::optional<std::string_view> edge_of_owner(std::string_view owner) noexcept {
    if (!owner.ends_with(health_suffix)) return std::nullopt;
    const auto edge = owner.substr(0, owner.size() - health_suffix.size());
    if (edge.empty() || edge.size() > longest_label) return std::nullopt;
    return edge;
}

std::string to_text(const HealthRecord& record) {
    FactLine line;
    line.add("state", word(record.state));
    line.add("since", std::to_string(record.since.count()));
    line.add("sees", yes_or_no(record.sees));
    return line.text();
}

std::string to_text(const NodeRecord& record) {
    FactLine line;
    line.add("cut_off", yes_or_no(record.cut_off));
    return line.text();
}

std::optional<HealthRecord> read_health_record(std::string_view text) {
    const auto facts = read_facts(text);
    if (!facts) return std::nullopt;
    const auto state = read_state(value_of(*facts, "state"));
    const auto since = read_instant(value_of(*facts, "since"));
    const auto sees = read_yes_or_no(value_of(*facts, "sees"));
    if (!state || !since || !sees) return std::nullopt;
    if (*sees && *state == State::Unknown) return std::nullopt;
    return HealthRecord{.state = *state, .since = *since, .sees = *sees};
}

std::optional<NodeRecord> read_node_record(std::string_view text) {
    const auto facts = read_facts(text);
    if (!facts) return std::nullopt;
    const auto cut_off = read_yes_or_no(value_of(*facts, "cut_off"));
    if (!cut_off) return std::nullopt;
    return NodeRecord{.cut_off = *cut_off};
}

}  // namespace probes
