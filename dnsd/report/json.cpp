// SPDX-License-Identifier: Apache-2.0
#include "dnsd/report/json.hpp"

#include "dnsd/report/lines.hpp"
#include "geo/base/digest.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
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
    // Begun as an object, as all here: a null that becomes one, and gets no memory, ends the process.
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
    json["of"] = target.asks_home ? "origin" : "edge";
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
    const bool unchecked = std::ranges::all_of(edge.targets, &probes::TargetStatus::asks_home);
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

ordered_json json_of(const transfer::PeerStatus& peer, probes::Time now) {
    auto json = ordered_json::object();
    json["peer"] = peer.name;
    json["data"] = transfer::to_text(peer.data);
    json["age"] =
        peer.last_success ? ordered_json(seconds(now - *peer.last_success)) : ordered_json();
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
    const bool critical = trouble.level == Trouble::Level::Critical;
    auto json = ordered_json::object();
    json["severity"] = critical ? "critical" : "warning";
    json["text"] = trouble.text;
    return json;
}

ordered_json json_of(const ZoneReport& zone, probes::Time now) {
    auto json = ordered_json::object();
    json["zone"] = zone_text(zone.apex);
    json["serial"] = zone.serial;
    json["home_down"] = zone.health && zone.health->home_down;
    json["cut_off"] = zone.health && zone.health->cut_off;
    json["edges"] = ordered_json::array();
    if (zone.health) {
        for (const auto& edge : zone.health->edges) json["edges"].push_back(json_of(edge, now));
    }
    if (zone.node) {
        json["node"] = zone.node->edge;
        json["peers"] = ordered_json::array();
        for (const auto& peer : zone.node->peers) json["peers"].push_back(json_of(peer, now));
    }
    json["lines"] = status_lines(zone, now);
    return json;
}

ordered_json json_of(const engine::QueryCounts& queries) {
    using engine::CookieState;
    auto json = ordered_json::object();
    json["cookie_good"] = queries.with(CookieState::Good);
    json["cookie_bad"] = queries.with(CookieState::Bad);
    json["cookie_new"] = queries.with(CookieState::ClientOnly);
    json["cookie_none"] = queries.with(CookieState::None);
    json["limit_dropped"] = queries.with(engine::RateLimiter::Action::Drop);
    json["limit_slipped"] = queries.with(engine::RateLimiter::Action::Slip);
    return json;
}

ordered_json json_of(const char* subject, const geo::Prefix& network,
                     const probes::NetworkMeasurement& measurement, probes::Time now) {
    auto json = ordered_json::object();
    json[subject] = geo::to_text(network);
    json["rtt_ms"] = milliseconds(measurement.round_trip);
    json["variation_ms"] = milliseconds(measurement.variation);
    json["repeated"] = measurement.repeated;
    json["rate"] = measurement.delivery_rate;
    json["samples"] = measurement.samples;
    json["connections"] = measurement.connections;
    json["ago"] = seconds(now - measurement.last);
    return json;
}

ordered_json json_of(const NamedPath& named, probes::Time now) {
    constexpr std::array<const char*, 3> kinds{"landmark", "edge", "home"};
    auto json = ordered_json::object();
    json["kind"] = kinds[static_cast<std::size_t>(named.kind)];
    json["name"] = named.name;
    json["to"] = named.to.port == 0 ? geo::to_text(named.to.address) : net::to_text(named.to);
    json["measured"] = named.path.has_value();
    if (!named.path) return json;
    json["rtt_ms"] = milliseconds(named.path->round_trip);
    json["variation_ms"] = milliseconds(named.path->variation);
    json["lost"] = named.path->lost;
    json["samples"] = named.path->samples;
    json["ago"] = seconds(now - named.path->last);
    return json;
}

ordered_json json_of(const char* subject, const NetworksReport& networks, probes::Time now) {
    auto list = ordered_json::array();
    for (const auto& [network, measurement] : networks.newest)
        list.push_back(json_of(subject, network, measurement, now));
    return list;
}

std::string text_of(const ordered_json& json) {
    return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

std::string to_json(const Report& report) {
    auto json = ordered_json::object();
    json["version"] = report.version;
    json["generation"] = report.generation;
    json["zones_served"] = report.zones.size();
    json["targets"] = report.targets;
    json["troubles"] = ordered_json::array();
    for (const auto& trouble : report.troubles) json["troubles"].push_back(json_of(trouble));
    json["queries"] = json_of(report.queries);
    json["alarms"] = report.alarms;
    json["zones"] = ordered_json::array();
    for (const auto& zone : report.zones) json["zones"].push_back(json_of(zone, report.at));
    json["differences"] = ordered_json::array();
    for (const auto& difference : report.differences)
        json["differences"].push_back(json_of(difference, report.at));
    return text_of(json);
}

std::string to_json(const RoundTripReport& report) {
    auto json = ordered_json::object();
    json["networks"] = report.clients.known;
    json["clients"] = json_of("client", report.clients, report.at);
    json["resolver_networks"] = report.resolvers.known;
    json["resolvers"] = json_of("resolver", report.resolvers, report.at);
    json["paths"] = ordered_json::array();
    for (const auto& path : report.paths) json["paths"].push_back(json_of(path, report.at));
    return text_of(json);
}

}  // namespace control
