// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/requests.hpp"

#include "dnsd/report/status_reply.hpp"
#include "geo/text/suggestion.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

namespace control {
namespace {

using nlohmann::ordered_json;
using probes::Clock;

constexpr double longest_drain = 10.0 * 365 * 86400;  // seconds

/// Whole milliseconds as seconds.
double seconds(Clock::duration time) {
    const auto count = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
    return static_cast<double>(count) / 1000;
}

double milliseconds(std::chrono::microseconds time) {
    return static_cast<double>(time.count()) / 1000;
}

ordered_json json_of(const char* subject, const geo::Prefix& network,
                     const probes::NetworkMeasurement& measurement, probes::Time now) {
    // Begun as an object, as all here: a null that becomes one, and gets no memory, ends the process.
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

/// The networks of a population that were measured last.
ordered_json networks(const char* subject, const probes::Measurements* measurements,
                      std::size_t count) {
    auto list = ordered_json::array();
    if (measurements == nullptr) return list;
    for (const auto& [network, measurement] : measurements->newest(count)) {
        list.push_back(json_of(subject, network, measurement, Clock::now()));
    }
    return list;
}

ordered_json clients(const ordered_json& request, const ServerFacts& facts) {
    const auto wanted = request.value("count", std::int64_t{100});
    const auto count = static_cast<std::size_t>(std::clamp<std::int64_t>(wanted, 0, 100'000));
    auto json = ordered_json::object();
    json["networks"] = facts.measurements == nullptr ? 0 : facts.measurements->size();
    json["clients"] = networks("client", facts.measurements, count);
    json["resolver_networks"] = facts.resolvers == nullptr ? 0 : facts.resolvers->size();
    json["resolvers"] = networks("resolver", facts.resolvers, count);
    json["paths"] = ordered_json::array();
    for (const auto& path : facts.paths) json["paths"].push_back(json_of(path, Clock::now()));
    return json;
}

ordered_json fault(const std::string& text) {
    auto json = ordered_json::object();
    json["fault"] = text;
    return json;
}

ordered_json names_of(const std::vector<Health::EdgeName>& edges) {
    ordered_json names = ordered_json::array();
    for (const auto& [zone, edge] : edges) names.push_back(zone + "/" + edge);
    return names;
}

/// Zones of these edges in which health now leaves none: their answers are as if all were up.
ordered_json emptied(const Health& health, const std::vector<Health::EdgeName>& drained) {
    ordered_json zones = ordered_json::array();
    for (const auto& zone : health.status()) {
        const bool meant = std::ranges::count(drained, zone.zone, &Health::EdgeName::zone) > 0;
        const auto out = [](const probes::EdgeStatus& edge) {
            return edge.removed != probes::Removed::No;
        };
        if (meant && std::ranges::all_of(zone.edges, out)) zones.push_back(zone.zone);
    }
    return zones;
}

std::string unknown_edge(const Health& health, const std::string& pattern) {
    const auto names = health.edge_names();
    const std::vector<std::string_view> candidates{names.begin(), names.end()};
    const auto edge = std::string_view{pattern}.substr(pattern.rfind('/') + 1);
    return "no edge matches \"" + pattern + "\"" + zones::suggestion(edge, candidates);
}

ordered_json drain(const ordered_json& request, const std::vector<std::string>& patterns,
                   Health& health, std::vector<EdgeName>* said) {
    std::optional<Clock::duration> time;
    if (const auto given = request.find("seconds"); given != request.end() && !given->is_null()) {
        // Not to be taken for none: then the drain would never end.
        if (!given->is_number()) return fault("\"seconds\" is no number");
        const auto count = given->get<double>();
        if (!(count > 0 && count <= longest_drain)) return fault("a drain lasts up to ten years");
        time = std::chrono::milliseconds{std::llround(count * 1000)};
    }
    // All or nothing: whoever drains two edges is not to find later that one name was wrong.
    for (const auto& pattern : patterns) {
        if (!health.has_edge(pattern)) return fault(unknown_edge(health, pattern));
    }
    const bool here = request.value("here", false);
    const auto drained = health.drain(
        patterns, time, here ? probes::DrainReach::ThisNode : probes::DrainReach::AllNodes);
    if (!here && said != nullptr) *said = drained;
    auto json = ordered_json::object();
    json["drained"] = names_of(drained);
    json["emptied"] = emptied(health, drained);
    return json;
}

ordered_json undrain(const std::vector<std::string>& patterns, Health& health,
                     std::vector<EdgeName>* said) {
    const auto ended = health.undrain(patterns);
    if (said != nullptr) *said = ended;
    if (ended.empty()) return fault("no drained edge matches \"" + patterns.front() + "\"");
    auto json = ordered_json::object();
    json["undrained"] = names_of(ended);
    return json;
}

ordered_json answer(const ordered_json& request, Health& health, const ServerFacts& facts,
                    std::vector<EdgeName>* said) {
    const auto command = request.is_object() ? request.value("command", "") : "";
    if (command == "clients") return clients(request, facts);
    if (command == "explain")
        return fault("an \"explain\" has a \"name\" and an \"asker\", an address or a prefix");
    if (command != "drain" && command != "undrain") return fault("there is no such command");
    const auto patterns = request.value("edges", std::vector<std::string>{});
    if (patterns.empty()) return fault("no edges are named");
    return command == "drain" ? drain(request, patterns, health, said)
                              : undrain(patterns, health, said);
}

std::string text_of(const ordered_json& reply) {
    return reply.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

std::string fault_reply(const std::string& text) {
    return text_of(fault(text));
}

std::string answer_request(const std::string& request, Health& health, const ServerFacts& facts,
                           std::vector<EdgeName>* said) {
    auto reply = ordered_json::object();
    try {
        const auto wanted = ordered_json::parse(request);
        if (wanted.is_object() && wanted.value("command", "") == "status")
            return status_reply(health, facts);
        reply = answer(wanted, health, facts, said);
    } catch (const nlohmann::json::exception& wrong) {
        reply = fault(std::string{"not a request: "} + wrong.what());
    }
    return text_of(reply);
}

std::string with_nodes(const std::string& reply, const probes::DrainSpread& arrived) {
    auto json = ordered_json::parse(reply);
    json["on"] = arrived.on;
    json["nodes"] = arrived.nodes;
    json["not_on"] = arrived.not_on;
    return text_of(json);
}

}  // namespace control
