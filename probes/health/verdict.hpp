// SPDX-License-Identifier: Apache-2.0
#pragma once
// From the states of checks to the edges that are out of the answers. Pure.
//
// An edge has checks of its own (does its relay work?) and may have origin checks, which ask
// through the relay whether home works. When home is dead behind one edge, that edge has lost its
// way there, and is taken out. When it is dead behind all of them, home itself is: taking them out
// would help nobody, so they stay, and the alarm is raised.
//
// Checks do not come at once, so a home that dies or comes back is seen behind one edge first. That
// no moment of it sends all clients to one edge, an edge is out only by proof: home has answered
// behind another one after it was lost here, and has been asked here since it answers there.

#include "probes/check/tracker.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace probes {

/// Down if any is Down, else Unknown if any is Unknown, else Up. Up for none.
[[nodiscard]] State worst_of(std::span<const State> states) noexcept;

struct EdgeFacts {
    State own = State::Up;
    State origin = State::Up;  // means nothing without has_origin
    bool has_origin = false;
    bool unreached = false;  // `origin` is Down only as nothing can be connected to there
    bool drained = false;
    Time origin_since{};   // when `origin` began; long ago when nothing else is remembered
    Time origin_passed{};  // when that attempt began by which home last answered
    Time origin_failed{};  // and by which it last did not
};

/// Why an edge is out of the answers.
enum class Removed : std::uint8_t { No, Drained, Down, Origin };

struct Verdicts {
    std::vector<Removed> removed;  // one for each edge, in order
    bool home_down = false;        // behind every edge that could be answered
};

/// An edge is usable when it is neither drained nor Down by its own checks: Unknown is not down.
///
///     drained                                       Drained, even if it is Down too
///     own checks Down                               Down, whatever its origin checks say
///     usable, unreached                             No
///     usable, origin Down, as behind all seen       No, and home_down
///     usable, origin Down, and proof by another     Origin
///     any other                                     No
///
/// An edge is seen when it is usable and not unreached: of home nothing is known behind the others.
/// An edge that is seen without an origin check, or whose origin is Unknown, may still lead home, so
/// it counts among them. With no edge that is seen home_down is false.
[[nodiscard]] Verdicts judge(std::span<const EdgeFacts> edges);

}  // namespace probes
