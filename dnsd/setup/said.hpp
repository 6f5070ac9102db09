// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads what the command line, or somebody at a terminal, says of a plan. Each error is a sentence with
// the remedy.

#include "dnsd/setup/plan.hpp"
#include "geo/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace setup {

/// Whether a zone may be all of a registered domain: then all else in it has to move here.
enum class Extent : std::uint8_t { Subdomain, WholeDomain };

/// Reads "plex.example.com". Labels are of letters, digits and hyphens: the name stands in scripts.
[[nodiscard]] geo::Result<zones::Name> read_zone_name(std::string_view text, Extent extent);

/// Reads "newyork=192.0.2.10,2001:db8::10@New York, US". Without "@…" the location is empty.
[[nodiscard]] geo::Result<Edge> read_edge(std::string_view text);

/// Reads "10.8.0.2:32400": an address that the internet or a private network has, and a port.
[[nodiscard]] geo::Result<net::Endpoint> read_home(std::string_view text);

/// By WireGuard where home's address is a private one of IPv4.
[[nodiscard]] WayHome way_to(const net::Endpoint& home);

/// Sentences about what does not go together: edges of one name or address, home at an edge, a home
/// that cannot be in a tunnel. Empty when all is well.
[[nodiscard]] std::vector<std::string> faults_of(const Plan& plan);

/// Sentences about what works, but perhaps not as it is meant.
[[nodiscard]] std::vector<std::string> warnings_of(const Plan& plan);

}  // namespace setup
