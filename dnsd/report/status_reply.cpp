// SPDX-License-Identifier: Apache-2.0
#include "dnsd/report/status_reply.hpp"

#include "dnsd/health/edge_watch.hpp"
#include "dnsd/nodes/zone_versions.hpp"
#include "dnsd/report/troubles.hpp"
#include "geo/base/digest.hpp"
#include "probes/health/dashboard.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace control {
namespace {

using nlohmann::ordered_json;
using probes::Clock;

std::string_view text_of(probes::State state) {
    constexpr std::array<std::string_view, 3> texts{"unknown", "up", "down"};
    return texts[static_cast<std::size_t>(state)];
}

std::string_view text_of(probes::Removed removed) {
    constexpr std::array<std::string_view, 4> texts{"no", "drained", "down", "origin"};
    return texts[static_cast<std::size_t>(removed)];
}

std::string_view text_of(probes::Verdict verdict) {
    constexpr std::array<std::string_view, 3> texts{"ok", "fail", "no_word"};
    return texts[static_cast<std::size_t>(verdict)];
}

/// Whole milliseconds as seconds.
double seconds(Clock::duration time) {
    const auto count = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
    return static_cast<double>(count) / 1000;
}

double milliseconds(std::chrono::microseconds time) {
    return static_cast<double>(time.count()) / 1000;
}

ordered_json json_of(const probes::Attempt& attempt, probes::Time now) {
    auto json = ordered_json::object();
    json["ago"] = seconds(now - attempt.at);
    json["result"] = text_of(attempt.verdict);
    json["rtt_ms"] = milliseconds(attempt.round_trip);
    json["said"] = attempt.text;
    return json;
}

ordered_json json_of(const probes::TargetStatus& target, probes::Time now) {
    auto json = ordered_json::object();
    json["check"] = target.check;
    json["of"] = target.origin ? "origin" : "edge";
    json["state"] = text_of(target.state);
    json["since"] = seconds(now - target.since);
    json["damped"] = seconds(target.held_for);
    json["attempts"] = ordered_json::array();
    for (const auto& attempt : target.attempts) json["attempts"].push_back(json_of(attempt, now));
    return json;
}

ordered_json json_of(const probes::EdgeStatus& edge, probes::Time now) {
    auto json = ordered_json::object();
    json["edge"] = edge.name;
    const bool unchecked = std::ranges::all_of(edge.targets, &probes::TargetStatus::origin);
    json["state"] = unchecked ? "unchecked" : text_of(edge.state);
    json["out"] = text_of(edge.removed);
    if (edge.agreed) {
        json["agreed"] = word(edge.agreed->state);
        json["agreed_by"] = basis_text(*edge.agreed);
        json["other_check_at"] = edge.agreed->other_checks;
    }
    json["drained"] = edge.drained_since.has_value();
    if (edge.drained_until) json["drained_for"] = seconds(*edge.drained_until - now);
    if (edge.drained_on) {
        json["drained_on"] = edge.drained_on->on;
        json["drained_not_on"] = edge.drained_on->not_on;
    }
    json["share"] = edge.share ? ordered_json(*edge.share) : ordered_json();
    json["checks"] = ordered_json::array();
    for (const auto& target : edge.targets) json["checks"].push_back(json_of(target, now));
    return json;
}

ordered_json json_of(const transfer::PeerStatus& peer) {
    auto json = ordered_json::object();
    json["peer"] = peer.name;
    json["data"] = transfer::to_text(peer.data);
    json["age"] = peer.last_success ? ordered_json(seconds(Clock::now() - *peer.last_success))
                                    : ordered_json();
    json["records"] = peer.records;
    json["serial"] = peer.serial;
    json["address"] = net::to_text(peer.endpoint);
    json["last_fault"] = peer.last_fault;
    return json;
}

ordered_json json_of(const std::optional<ZoneVersion>& version) {
    if (!version) return nullptr;
    auto json = ordered_json::object();
    json["serial"] = version->serial;
    json["digest"] = probes::digest_text(version->digest);
    return json;
}

ordered_json json_of(const ZoneDifference& difference, probes::Time now) {
    auto json = ordered_json::object();
    json["zone"] = difference.zone;
    json["node"] = difference.node;
    json["since"] = seconds(now - difference.since);
    json["here"] = json_of(difference.here);
    json["there"] = json_of(difference.there);
    json["line"] = to_line(difference, now);
    return json;
}

ordered_json json_of(const Trouble& trouble) {
    const bool critical = trouble.severity == Trouble::Severity::Critical;
    auto json = ordered_json::object();
    json["severity"] = critical ? "critical" : "warning";
    json["text"] = trouble.text;
    return json;
}

template <class List>
ordered_json list_of(const List& list) {
    auto json = ordered_json::array();
    for (const auto& item : list) json.push_back(json_of(item));
    return json;
}

/// `known` is null for a zone without edges.
ordered_json json_of(const zones::Zone& served, const probes::ZoneStatus* known,
                     const ServerFacts& facts, probes::Time now) {
    auto json = ordered_json::object();
    json["zone"] = zone_text(served.apex());
    json["serial"] = served.serial();
    json["home_down"] = known != nullptr && known->home_down;
    json["cut_off"] = known != nullptr && known->cut_off;
    json["edges"] = ordered_json::array();
    auto lines = known == nullptr ? std::vector<std::string>{} : summary(*known, now);
    if (known != nullptr) {
        for (const auto& edge : known->edges) json["edges"].push_back(json_of(edge, now));
    }
    if (facts.node && facts.node->zone == served.apex()) {
        json["node"] = facts.node->edge;
        json["peers"] = list_of(facts.peers);
    }
    if (facts.further) {
        for (auto& line : facts.further(served.apex(), {})) lines.push_back(std::move(line));
    }
    json["lines"] = lines;
    return json;
}

ordered_json json_of(const engine::QueryCounts& queries) {
    using engine::CookieState;
    auto json = ordered_json::object();
    json["cookie_good"] = queries.with(CookieState::Good);
    json["cookie_bad"] = queries.with(CookieState::Bad);
    json["cookie_new"] = queries.with(CookieState::ClientOnly);
    json["cookie_none"] = queries.with(CookieState::None);
    json["limit_dropped"] = queries.with(engine::RateLimiter::Verdict::Drop);
    json["limit_slipped"] = queries.with(engine::RateLimiter::Verdict::Slip);
    return json;
}

const std::vector<zones::ServedZone>& zones_of(const ServerFacts& facts) {
    static const std::vector<zones::ServedZone> none;
    return facts.snapshot == nullptr ? none : facts.snapshot->catalog.zones();
}

/// The critical ones first.
std::vector<Trouble> all_troubles(const std::vector<probes::ZoneStatus>& known,
                                  const ServerFacts& facts, probes::Time now) {
    std::vector<Trouble> all;
    for (const auto& zone : known) std::ranges::move(troubles_of(zone), std::back_inserter(all));
    std::ranges::move(troubles_of(facts.peers), std::back_inserter(all));
    const auto warn = [&](const std::string& text) {
        all.push_back({Trouble::Severity::Warning, text});
    };
    if (!facts.sharing_fault.empty()) warn(facts.sharing_fault);
    for (const auto& alarm : facts.alarms) warn(alarm);
    for (const auto& difference : facts.differences) warn(to_line(difference, now));
    std::stable_partition(all.begin(), all.end(), [](const Trouble& trouble) {
        return trouble.severity == Trouble::Severity::Critical;
    });
    return all;
}

}  // namespace

std::string status_reply(const Health& health, const ServerFacts& facts) {
    const auto known = health.status();
    const auto now = Clock::now();
    std::unordered_map<std::string_view, const probes::ZoneStatus*> by_name;
    for (const auto& zone : known) by_name.emplace(zone.zone, &zone);
    auto json = ordered_json::object();
    json["version"] = facts.version;
    json["generation"] = facts.generation;
    json["zones_served"] = zones_of(facts).size();
    json["targets"] = health.target_count();
    json["troubles"] = list_of(all_troubles(known, facts, now));
    json["queries"] = json_of(facts.queries);
    json["alarms"] = facts.alarms;
    json["zones"] = ordered_json::array();
    for (const auto& served : zones_of(facts)) {
        const auto found = by_name.find(zone_text(served.zone->apex()));
        json["zones"].push_back(json_of(
            *served.zone, found == by_name.end() ? nullptr : found->second, facts, Clock::now()));
    }
    json["differences"] = ordered_json::array();
    for (const auto& difference : facts.differences)
        json["differences"].push_back(json_of(difference, now));
    return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace control
