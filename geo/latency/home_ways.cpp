// SPDX-License-Identifier: Apache-2.0
#include "geo/latency/home_ways.hpp"

#include <algorithm>
#include <utility>

namespace geo {

std::optional<double> HomeWays::counted(const std::string& edge, const std::string& node,
                                        std::optional<double> told, Time now) {
    const auto [at, added] = ways_.try_emplace(edge, HomeWay{node, told, now, {}});
    auto& way = at->second;
    const bool another = !node.empty() && std::exchange(way.node, node) != node;
    if (added || told == way.counts) {
        way.waits = false;
        return way.counts;
    }
    const bool taken_over = another && (!way.taken_over || now - *way.taken_over >= hold_);
    if (taken_over) way.taken_over = now;
    const bool better = told && (!way.counts || *told < *way.counts);
    way.waits = !taken_over && !better && now - way.changed < hold_;
    if (!way.waits) {
        way.counts = told;
        way.changed = now;
    }
    return way.counts;
}

bool HomeWays::due(Time now) const {
    return std::ranges::any_of(ways_, [&](const auto& way) {
        return way.second.waits && now - way.second.changed >= hold_;
    });
}

}  // namespace geo
