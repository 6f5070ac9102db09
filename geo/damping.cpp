// SPDX-License-Identifier: Apache-2.0
#include "geo/damping.hpp"

#include <algorithm>

namespace geo {

bool worth_moving(double now_ms, double then_ms, const Damping& damping) noexcept {
    const double gain = now_ms - then_ms;
    return gain > 0 && gain >= damping.milliseconds && gain >= damping.share * now_ms;
}

EdgeIndex preferred_edge(std::span<const double> scores, std::optional<EdgeIndex> now,
                         const Damping& damping) noexcept {
    const auto best = std::ranges::min_element(scores) - scores.begin();
    if (now && !worth_moving(scores[*now], scores[static_cast<std::size_t>(best)], damping)) {
        return *now;
    }
    return static_cast<EdgeIndex>(best);
}

}  // namespace geo
