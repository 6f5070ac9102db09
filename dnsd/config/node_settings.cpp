// SPDX-License-Identifier: Apache-2.0
#include "dnsd/config/node_settings.hpp"

#include "geo/text/suggestion.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <string_view>

namespace control {
namespace {

bool has_edge(const zones::Zone& zone, const std::string& name) {
    return std::ranges::find(zone.edges(), name, &zones::Edge::name) != zone.edges().end();
}

std::string suggested(const std::string& name, const zones::Zone& zone) {
    std::vector<std::string_view> edges;
    for (const auto& edge : zone.edges()) edges.push_back(edge.name);
    return zones::suggestion(name, edges);
}

}  // namespace

const zones::Zone* zone_of(const NodeSettings& node, const zones::Catalog& catalog) {
    const auto* served = catalog.find(node.zone);
    return served != nullptr && served->zone->apex() == node.zone ? served->zone.get() : nullptr;
}

std::string node_fault(const NodeSettings& node, const zones::Catalog& catalog) {
    const auto* zone = zone_of(node, catalog);
    if (zone == nullptr) {
        return "node: nothing is shared, as the zone " + node.zone.text() +
               " is not among those served";
    }
    if (has_edge(*zone, node.edge)) return {};
    return "node: nothing is shared, as " + zone->apex().text() + " has no edge \"" + node.edge +
           "\"" + suggested(node.edge, *zone);
}

std::vector<std::string> peer_faults(const NodeSettings& node, const zones::Zone& zone) {
    std::vector<std::string> faults;
    for (const auto& [name, endpoint] : node.peers) {
        if (name != node.edge && has_edge(zone, name)) continue;
        faults.push_back(fmt::format("node.peers: {} has no other edge \"{}\"{}",
                                     zone.apex().text(), name, suggested(name, zone)));
    }
    return faults;
}

}  // namespace control
