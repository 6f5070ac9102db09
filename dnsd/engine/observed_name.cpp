// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/observed_name.hpp"

#include <algorithm>
#include <string_view>

namespace engine {
namespace {

using zones::Zone;

std::string_view label(const zones::Name& name, std::size_t index) noexcept {
    const auto rest = name.suffix(index);
    return {reinterpret_cast<const char*>(rest.data()) + 1, rest[0]};
}

ObservedName read_edge(const Zone& zone, std::string_view name) noexcept {
    const auto edges = zone.edges();
    const auto found = std::ranges::find(edges, name, &zones::Edge::name);
    if (found == edges.end()) return {.kind = ObservedName::Kind::Absent};
    return {.kind = ObservedName::Kind::Edge,
            .edge = static_cast<geo::EdgeIndex>(found - edges.begin())};
}

/// True if the zone itself has the name without its first label.
bool rest_exists(const Zone& zone, const zones::Name& name) noexcept {
    const auto found = zone.look_up(name.parent()).found;
    return found == Zone::Found::Exact || found == Zone::Found::Wildcard;
}

}  // namespace

ObservedName read_observed(const Zone& zone, const zones::Name& name) noexcept {
    const auto below = name.label_count() - zone.apex().label_count();
    if (below == 0) return {};
    if (label(name, 0) == "_why") {
        return {.kind =
                    rest_exists(zone, name) ? ObservedName::Kind::Why : ObservedName::Kind::None};
    }
    if (label(name, below - 1) != "_probes" || zone.edges().empty()) return {};
    if (below == 1) return {.kind = ObservedName::Kind::Probes};
    return below == 2 ? read_edge(zone, label(name, 0))
                      : ObservedName{.kind = ObservedName::Kind::Absent};
}

}  // namespace engine
