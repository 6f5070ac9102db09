// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/requests.hpp"

#include "dnsd/config/version.hpp"
#include "dnsd/report/json.hpp"
#include "geo/text/suggestion.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
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

/// How many networks of each population a request wants to see.
std::size_t wanted_networks(const ordered_json& request) {
    const auto wanted = request.value("count", std::int64_t{100});
    return static_cast<std::size_t>(std::clamp<std::int64_t>(wanted, 0, 100'000));
}

ordered_json fault(const std::string& text) {
    auto json = ordered_json::object();
    json["fault"] = text;
    return json;
}

ordered_json names_of(const std::vector<EdgeName>& edges) {
    ordered_json names = ordered_json::array();
    for (const auto& [zone, edge] : edges) names.push_back(zone + "/" + edge);
    return names;
}

/// Zones of these edges in which health now leaves none: their answers are as if all were up.
ordered_json emptied(const Health& health, const std::vector<EdgeName>& drained) {
    ordered_json zones = ordered_json::array();
    for (const auto& zone : health.status()) {
        const bool meant = std::ranges::count(drained, zone.zone, &EdgeName::zone) > 0;
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

ordered_json change(const ordered_json& request, const std::string& command, Health& health,
                    std::vector<EdgeName>* said) {
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

std::string answer_request(const std::string& request, const Knowing& knowing,
                           std::vector<EdgeName>* said) {
    try {
        const auto wanted = ordered_json::parse(request);
        const auto command = wanted.is_object() ? wanted.value("command", "") : "";
        if (command == "status") return to_json(knowing.report());
        if (command == "clients") return to_json(knowing.round_trips(wanted_networks(wanted)));
        return text_of(change(wanted, command, knowing.health, said));
    } catch (const nlohmann::json::exception& wrong) {
        return fault_reply(std::string{"not a request: "} + wrong.what());
    }
}

std::string with_nodes(const std::string& reply, const probes::DrainSpread& arrived) {
    auto json = ordered_json::parse(reply);
    json["on"] = arrived.on;
    json["nodes"] = arrived.nodes;
    json["not_on"] = arrived.not_on;
    return text_of(json);
}

std::optional<ExplainRequest> read_explain(const std::string& request) {
    const auto json = ordered_json::parse(request, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    const auto text = [&](const char* key) {
        const auto found = json.find(key);
        return found != json.end() && found->is_string() ? found->get<std::string>()
                                                         : std::string{};
    };
    const auto name = zones::Name::from_text(text("name"), zones::Name{});
    const auto asker = geo::read_prefix(text("asker"));
    if (text("command") != "explain" || text("name").empty() || !name || !asker)
        return std::nullopt;
    return ExplainRequest{*name, {.prefix = *asker}};
}

std::string explain_reply(const zones::Name& name, const Rows& rows,
                          const zones::Catalog& catalog) {
    auto reply = ordered_json::object();
    reply["version"] = version;
    reply["zones"] = catalog.zones().size();
    reply["found"] = catalog.find(name) != nullptr;
    reply["rows"] = ordered_json::array();
    for (const auto& [key, value] : rows) reply["rows"].push_back({key, value});
    return text_of(reply);
}

}  // namespace control
