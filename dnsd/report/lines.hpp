// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reports as lines for people: those of `_probes` and of `isochrone status`. edge_lines.hpp says
// what the line of an edge has. The lines of other nodes:
//
//   peer=singapore data=fresh age=3s records=1234
//   peer=singapore data=expired age=12m last_fault=connection_refused
//   differs=plex.example.com at=singapore since=3m here=1795534710/0123456789abcdef there=none

#include "dnsd/report/report.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace control {

/// Returns the lines that `status` shows of a zone: its edges, and the other nodes.
[[nodiscard]] std::vector<std::string> status_lines(const ZoneReport& zone, probes::Time now);

/// Returns the lines of a zone's `_probes`: the same, then its alarms, then what other nodes serve
/// differently, 16 lines at most.
[[nodiscard]] std::vector<std::string> probes_lines(const DashboardReport& dashboard,
                                                    probes::Time now);

/// Returns the lines of the `_probes` of one edge: what is known of it, and of the node there. Its
/// number is that in the zone, which has edges.
[[nodiscard]] std::vector<std::string> probes_lines(const ZoneReport& zone, std::size_t edge,
                                                    probes::Time now);

/// Returns in one line how many zones are served, and the first of what is not well:
///   serves 2 zones; plex.example.com/frankfurt is down: connection refused; and 3 more
/// Alarms come first. Zones that other nodes serve differently are not counted.
[[nodiscard]] std::string status_line(const Report& report);

}  // namespace control
