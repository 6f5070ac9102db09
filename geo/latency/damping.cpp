// SPDX-License-Identifier: Apache-2.0
#include "geo/latency/damping.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

namespace geo {

bool worth_moving(double now_ms, double then_ms, const LeastGain& least_gain) noexcept {
    const double gain = now_ms - then_ms;
    return gain > 0 && gain >= least_gain.milliseconds && gain >= least_gain.share * now_ms;
}

EdgeIndex preferred_edge(std::span<const double> scores, std::optional<EdgeIndex> now,
                         const LeastGain& least_gain) noexcept {
    const auto best = std::ranges::min_element(scores) - scores.begin();
    if (now && !worth_moving(scores[*now], scores[static_cast<std::size_t>(best)], least_gain)) {
        return *now;
    }
    return static_cast<EdgeIndex>(best);
}

std::vector<double> damped_scores(std::span<const double> before, std::span<const double> scores,
                                  const LeastGain& least_gain) {
    std::vector<std::size_t> left(scores.size());
    std::iota(left.begin(), left.end(), std::size_t{0});
    std::ranges::stable_sort(left, std::less{}, [&](std::size_t edge) { return before[edge]; });
    std::vector<double> damped(scores.begin(), scores.end());
    constexpr double infinity = std::numeric_limits<double>::infinity();
    double least = -infinity;
    while (!left.empty()) {
        auto next = std::ranges::min_element(left, std::less{},
                                             [&](std::size_t edge) { return scores[edge]; });
        if (!worth_moving(scores[left.front()], scores[*next], least_gain)) next = left.begin();
        // Strictly above all scores before it, so that every sort finds this order.
        damped[*next] = std::max(scores[*next], std::nextafter(least, infinity));
        least = damped[*next];
        left.erase(next);
    }
    return damped;
}

}  // namespace geo
