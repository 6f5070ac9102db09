// SPDX-License-Identifier: Apache-2.0
#pragma once
// The lines that people read with dig to see the state of the edges. Each is a FactLine: at most
// 255 octets of printable ASCII, key=value pairs separated by single blanks. A key without a value
// to show is left out, so most lines are short:
//
//  edge=newyork state=up since=3h12m last=ok ago=4s rtt=12.3ms check=tcp:192.0.2.10:32400 share=41%
//  edge=sydney state=down out=down since=4m10s last=fail ago=2s said=connection_refused check=…
//
//   state    up, down, unknown: the edge's own checks together. unchecked: it has none
//   out      drained, down, origin: why the edge is out of the answers
//   since    how long it has been in this state
//   last     ok, fail, no_word (the fault lay here), never: the latest attempt of the check shown.
//            That is the check in the worst state; of several, the slowest
//   ago      how long ago that attempt was
//   rtt      its round trip
//   said     its text, when it did not pass or has no round trip
//   damped   how much longer the edge stays out because it went down too often, though it may have
//            recovered
//   agreed   down:2_of_3: what several nodes agree on, and how many of those that can tell say so;
//            up:cut_off: what was last agreed. Left out when all say what this node sees
//   other_check_at   nodes whose vote on the edge is not counted here, because their zone has
//            another address or another check for it
//   drained  time until the drain ends; yes: it does not end by itself
//   drained_on   2_of_3: nodes at which the edge is drained, when it is not drained at all of them;
//            here: at this node alone, as was asked for
//   origin   worst state of its origin checks; left out when the edge itself is down, because none
//            of them gets through then
//   checks   1/2_up: how many of its own checks are up, when there are several
//   share    part of the answers of the last minute; <1% is more than none

#include "probes/health/zone_status.hpp"

#include <string>
#include <vector>

namespace control {

/// Returns one line per edge, in order. When this node takes itself for cut off, a line that says
/// so comes first; when home is down, an alarm comes before the edges:
///   cut_off=yes zone=plex.example.com answers=as_last_agreed
///   alarm=home_down zone=plex.example.com answers=as_if_up edges=2 said=HTTP_503
[[nodiscard]] std::vector<std::string> summary(const probes::ZoneStatus& zone, probes::Time now);

/// Returns the same line, then one with the addresses and the place. Then comes a line for each
/// target, followed by one for each of its last ten attempts, newest first:
///   addresses=192.0.2.10,2001:db8::10 location=New_York,_US
///   check=tcp:192.0.2.10:32400 state=up since=3h12m rise=2 fall=3 interval=10s
///   ago=4s result=ok rtt=12.3ms said=connected
[[nodiscard]] std::vector<std::string> detail(const probes::EdgeStatus& edge, probes::Time now);

}  // namespace control
