// SPDX-License-Identifier: Apache-2.0
#include "probes/health/drain_record.hpp"

#include "geo/base/digest.hpp"
#include "geo/text/fact_line.hpp"

#include <algorithm>
#include <cstdint>
#include <tuple>

namespace probes {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view owner_suffix = ".drain";
constexpr std::string_view never = "never";
constexpr std::string_view over = "over";
constexpr std::int64_t latest = 1'000'000'000'000;  // seconds: sums with it stay numbers
constexpr seconds longest{std::int64_t{10} * 366 * 86400};
constexpr std::size_t longest_label = 63;

bool is_edge_name(std::string_view name) noexcept {
    return !name.empty() && name.size() <= longest_label && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

}  // namespace

bool is_later(const DrainWord& word, const DrainWord& than) noexcept {
    const auto order = [](const DrainWord& one) {
        return std::tuple{one.said, one.over, one.over || !one.until, one.until};
    };
    return order(word) > order(than);
}

std::string drain_owner(std::string_view zone, std::string_view edge) {
    Digest digest;
    digest.add(zone);
    digest.add(edge);
    return digest_text(digest.value()).append(owner_suffix);
}

bool is_drain_owner(std::string_view owner) noexcept {
    return owner.ends_with(owner_suffix) &&
           read_digest(owner.substr(0, owner.size() - owner_suffix.size())).has_value();
}

std::optional<std::string> to_text(const DrainRecord& record) {
    const auto& word = record.word;
    FactLine line;
    line.add("said", std::to_string(word.said.count()));
    line.add("until", word.over     ? std::string{over}
                      : !word.until ? std::string{never}
                                    : std::to_string(word.until->count()));
    line.add("edge", record.edge);
    line.add("zone", record.zone);
    auto text = line.text();
    const auto back = read_drain_record(text);
    const bool whole = back && back->zone == record.zone && back->edge == record.edge;
    return whole ? std::optional{std::move(text)} : std::nullopt;
}

std::optional<DrainRecord> read_drain_record(std::string_view text) {
    const auto facts = read_facts(text);
    if (!facts) return std::nullopt;
    const auto edge = value_of(*facts, "edge");
    const auto zone = value_of(*facts, "zone");
    const auto said = read_number(value_of(*facts, "said"), latest * 1000);
    if (!is_edge_name(edge) || zone.empty() || !said) return std::nullopt;
    DrainRecord record{.zone = std::string{zone},
                       .edge = std::string{edge},
                       .word = {.said = milliseconds{*said}}};
    const auto until = value_of(*facts, "until");
    record.word.over = until == over;
    if (until == over || until == never) return record;
    const auto end = read_number(until, latest);
    if (!end || seconds{*end} > record.word.said + longest) return std::nullopt;
    record.word.until = seconds{*end};
    return record;
}

}  // namespace probes
