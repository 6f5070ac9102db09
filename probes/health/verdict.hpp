// SPDX-License-Identifier: Apache-2.0
#pragma once
// Turns the states of checks into the edges that are out of the answers. Pure.
//
// An edge has checks of its own (does its relay work?) and may have origin checks, which ask
// through the relay whether home works. When home is dead behind one edge only, that edge has lost
// its path to home, and is taken out. When home is dead behind all edges, home itself is dead.
// Taking the edges out would help nobody then, so they stay, and the alarm is raised.
//
// Checks do not run at the same moment, so a home that dies or returns is seen behind one edge
// first. To keep such a moment from sending all clients to one edge, an edge is taken out only by
// proof: home has answered behind another edge after it was lost here, and has been asked here
// since it began to answer there.

#include "probes/check/tracker.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace probes {

/// Returns Down if any is Down, else Unknown if any is Unknown, else Up. Up for no states.
[[nodiscard]] State worst_of(std::span<const State> states) noexcept;

struct EdgeFacts {
    State own = State::Up;
    State origin = State::Up;  // means nothing without has_origin
    bool has_origin = false;
    bool unreached = false;  // `origin` is Down only because no connection can be made there
    bool drained = false;
    Time origin_since{};   // when the state `origin` began; long ago when not remembered
    Time origin_passed{};  // start of the latest attempt that home answered
    Time origin_failed{};  // start of the latest attempt that home did not answer
};

/// Why an edge is out of the answers.
enum class Removed : std::uint8_t { No, Drained, Down, Origin };

struct Verdicts {
    std::vector<Removed> removed;  // one per edge, in order
    bool home_down = false;        // behind every edge that is seen
};

/// Judges all edges. An edge is usable when it is neither drained nor Down by its own checks:
/// Unknown is not down.
///
///     drained                                       Drained, even if it is Down too
///     own checks Down                               Down, whatever its origin checks say
///     usable, unreached                             No
///     usable, origin Down, as behind all seen       No, and home_down
///     usable, origin Down, and proof by another     Origin
///     any other                                     No
///
/// An edge is seen when it is usable and not unreached: behind the others nothing is known about
/// home. A seen edge without an origin check, or whose origin is Unknown, may still lead home: home
/// is not down then. Without a seen edge home_down is false.
[[nodiscard]] Verdicts judge(std::span<const EdgeFacts> edges);

}  // namespace probes
