// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/edge_choice.hpp"

#include "geo/policy/edge_board.hpp"

#include <algorithm>

namespace engine {
namespace {

using zones::AllDown;

/// Returns the answer when health leaves none of the edges `as_if_up`.
geo::ChosenEdges without_health(const AllDown& wish, const geo::ChosenEdges& as_if_up) noexcept {
    switch (wish.kind) {
        case AllDown::Kind::NoData:
            return {};
        case AllDown::Kind::LastResort:
            return geo::ChosenEdges(1, wish.edge);
        case AllDown::Kind::AsIfUp:
            break;
    }
    return as_if_up;
}

}  // namespace

EdgeChoice choose_edges(const zones::ServedZone& served, std::size_t steer,
                        const geo::LayeredMap::Found& found, geo::Family family,
                        geo::Random& random) noexcept {
    const auto& zone = *served.zone;
    const auto& wanted = zone.steers()[steer];
    const auto& outcomes = found.map->outcomes();
    geo::EdgeFilter filter{.board = served.board.get(), .eligible = zone.eligible(family)};
    EdgeChoice result{.picked = outcomes.choose(found.outcome, filter, random)};
    result.ttl = std::min(wanted.ttl, std::max(result.picked.ttl_limit, wanted.min_ttl));
    if (!result.picked.edges.empty() || filter.board == nullptr) return result;
    filter.board = nullptr;
    const auto as_if_up = outcomes.choose(found.outcome, filter, random).edges;
    // Then health took nothing: the edges may have no address of this family, say.
    if (as_if_up.empty()) return result;
    result.all_down = true;
    result.picked.edges = without_health(zone.all_down(), as_if_up);
    return result;
}

}  // namespace engine
