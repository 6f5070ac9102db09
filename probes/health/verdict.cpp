// SPDX-License-Identifier: Apache-2.0
#include "probes/health/verdict.hpp"

#include <algorithm>

namespace probes {
namespace {

bool usable(const EdgeFacts& edge) noexcept {
    return !edge.drained && edge.own != State::Down;
}

/// True if the checks can tell anything about home behind the edge.
bool seen(const EdgeFacts& edge) noexcept {
    return usable(edge) && !edge.unreached;
}

bool lost_home(const EdgeFacts& edge) noexcept {
    return edge.has_origin && edge.origin == State::Down && !edge.unreached;
}

/// True if `other` shows that home is not dead although `lost` has lost it.
bool proves(const EdgeFacts& other, const EdgeFacts& lost) noexcept {
    if (!seen(other) || lost_home(other)) return false;
    if (!other.has_origin || other.origin == State::Unknown) return true;
    return other.origin_passed >= lost.origin_since && lost.origin_failed >= other.origin_since;
}

/// True if home is dead behind every edge that is seen, and at least one is.
bool home_is_down(std::span<const EdgeFacts> edges) {
    return std::ranges::any_of(edges, seen) && std::ranges::all_of(edges, [](const auto& edge) {
               return !seen(edge) || lost_home(edge);
           });
}

}  // namespace

State worst_of(std::span<const State> states) noexcept {
    for (const auto state : {State::Down, State::Unknown}) {
        if (std::ranges::find(states, state) != states.end()) return state;
    }
    return State::Up;
}

Verdicts judge(std::span<const EdgeFacts> edges) {
    Verdicts verdicts{.removed = {}, .home_down = home_is_down(edges)};
    verdicts.removed.reserve(edges.size());
    for (const auto& edge : edges) {
        auto removed = Removed::No;
        if (edge.drained) {
            removed = Removed::Drained;
        } else if (edge.own == State::Down) {
            removed = Removed::Down;
        } else if (lost_home(edge) && std::ranges::any_of(edges, [&](const EdgeFacts& other) {
                       return proves(other, edge);
                   })) {
            removed = Removed::Origin;
        }
        verdicts.removed.push_back(removed);
    }
    return verdicts;
}

}  // namespace probes
