// SPDX-License-Identifier: Apache-2.0
#include "probes/health/health_record.hpp"

#include "geo/base/digest.hpp"
#include "geo/text/fact_line.hpp"

namespace probes {
namespace {

constexpr std::string_view health_suffix = ".health";
constexpr std::size_t longest_edge = 63;
constexpr std::int64_t latest_since = 1'000'000'000'000;  // 31,000 years: sums with it stay numbers

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
    if (edge.empty() || edge.size() > longest_edge) return std::nullopt;
    return edge;
}

std::string to_text(const HealthRecord& record) {
    FactLine line;
    line.add("state", word(record.state));
    line.add("since", std::to_string(record.since.count()));
    line.add("sees", yes_or_no(record.sees));
    if (record.check) line.add("check", digest_text(*record.check));
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
    const auto since = read_number(value_of(*facts, "since"), latest_since);
    const auto sees = read_yes_or_no(value_of(*facts, "sees"));
    const auto check = value_of(*facts, "check");
    const auto digest = read_digest(check);
    if (!state || !since || !sees || (!check.empty() && !digest)) return std::nullopt;
    if (*sees && *state == State::Unknown) return std::nullopt;
    return HealthRecord{
        .state = *state, .since = std::chrono::seconds{*since}, .sees = *sees, .check = digest};
}

std::optional<NodeRecord> read_node_record(std::string_view text) {
    const auto facts = read_facts(text);
    if (!facts) return std::nullopt;
    const auto cut_off = read_yes_or_no(value_of(*facts, "cut_off"));
    if (!cut_off) return std::nullopt;
    return NodeRecord{.cut_off = *cut_off};
}

}  // namespace probes
