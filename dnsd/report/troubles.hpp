// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is not well, for people in a hurry and for monitors. `isochrone status` tells the same in
// lines, in JSON and by its exit status.

#include "dnsd/nodes/peer.hpp"
#include "geo/base/clock.hpp"
#include "probes/health/zone_status.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace control {

struct Trouble {
    enum class Level : std::uint8_t {
        Warning,   // the rest still serves clients
        Critical,  // clients of a zone may be sent to an edge that does not answer
    };
    Level level = Level::Warning;
    std::string text;  // "plex.example.com/frankfurt is down: connection refused"
};

/// Returns the troubles of a zone and its edges. A drained edge is no trouble, unless other nodes
/// have not heard of the drain. An edge of which nothing is known is none either.
[[nodiscard]] std::vector<Trouble> troubles_of(const probes::ZoneStatus& zone);
/// Returns a trouble for each node whose data is not fresh.
[[nodiscard]] std::vector<Trouble> troubles_of(const std::vector<transfer::PeerStatus>& peers,
                                               probes::Time now);

}  // namespace control
