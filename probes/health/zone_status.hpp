// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is known of the edges of a zone at one moment, as plain values.

#include "probes/check/attempt.hpp"
#include "probes/check/tracker.hpp"
#include "probes/health/quorum.hpp"
#include "probes/health/verdict.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace probes {

struct TargetStatus {
    std::string check;  // to_text()
    State state = State::Unknown;
    Time since;
    Clock::duration held_for{0};  // by damping
    std::uint8_t rise = 0;
    std::uint8_t fall = 0;
    std::chrono::milliseconds interval{0};
    std::vector<Attempt> attempts;  // newest first, at most 10
    bool asks_home = false;         // by the edge; else it asks the edge itself
};

/// At how many nodes an edge is drained.
struct DrainSpread {
    std::size_t on = 0;
    std::size_t nodes = 1;              // all nodes of the zone
    bool here_alone = false;            // as was asked for
    std::vector<std::string> not_on{};  // the others, by name
};

struct EdgeStatus {
    std::string name;
    std::vector<TargetStatus> targets;
    State state = State::Unknown;  // of its own checks and of `unreached` together
    Time since;
    Removed removed = Removed::No;
    std::optional<Time> drained_since;
    std::optional<Time> drained_until;        // nothing: until somebody ends it
    std::optional<DrainSpread> drained_on{};  // nothing: at no node, or this one is alone
    std::optional<double> share;              // 0 to 1; nothing when no answers were given
    std::string addresses;                    // "192.0.2.10 2001:db8::10"
    std::string location;
    bool unreached = false;          // no connection to the address that is asked for home
    std::optional<Agreed> agreed{};  // by several nodes; nothing when this node is alone
};

struct ZoneStatus {
    std::string zone;
    bool home_down = false;
    bool cut_off = false;  // this node takes itself for cut off
    std::vector<EdgeStatus> edges;
};

}  // namespace probes
