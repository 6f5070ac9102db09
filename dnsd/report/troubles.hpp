// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is not well, for people in a hurry and for monitors: the same words by `isochrone status`, as
// lines, as JSON and as an exit status.

#include "dnsd/nodes/peer.hpp"
#include "probes/health/dashboard.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace control {

struct Trouble {
    enum class Severity : std::uint8_t {
        Warning,   // clients are still served, by what is left
        Critical,  // clients of a zone may be sent where nothing answers
    };
    Severity severity = Severity::Warning;
    std::string text;  // "plex.example.com/frankfurt is down: connection refused"
};

/// An edge that somebody has drained is none, unless other nodes have not heard of it; neither is one
/// of which nothing is known.
[[nodiscard]] std::vector<Trouble> troubles_of(const probes::ZoneStatus& zone);
/// Another node of which nothing new is heard.
[[nodiscard]] std::vector<Trouble> troubles_of(const std::vector<transfer::PeerStatus>& peers);

}  // namespace control
