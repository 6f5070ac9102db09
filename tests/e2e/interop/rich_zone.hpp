// SPDX-License-Identifier: Apache-2.0
#pragma once
// A zone with every kind of name and of record, and the small internet in which it stands.

#include "tests/e2e/interop/parent_server.hpp"
#include "tests/e2e/interop/peer_server.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <string>
#include <vector>

namespace e2e {

constexpr const char* rich_zone_name = "plex.example.com";

/// Lines of the parent zone, beside the delegation.
extern const char* const rich_zone_parent_lines;

/// Runs it to its end and returns what it prints; the test fails if it fails.
[[nodiscard]] std::string output_of(const Command& command);

/// Returns the zone in master format, without its steered names.
[[nodiscard]] std::string rich_zone_file();
/// Returns the zone as `isochrone import` has it, and the steered names.
[[nodiscard]] std::string with_steered_names(const std::string& imported);

/// Serves the zones below the cuts of the rich zone, at the address that it delegates them to.
[[nodiscard]] PeerServer server_below_cuts();
/// Returns all zones: those below the cuts, the parent, and `zone` with the answers of `server` to
/// the resolver's address at the steered names.
[[nodiscard]] std::vector<PeerZone> zones_of_rich_internet(const std::string& zone,
                                                           const std::string& delegation,
                                                           const Endpoint& server);

/// The words of each line of a zone file; "$ORIGIN" and "$TTL" lines are none.
[[nodiscard]] std::vector<std::vector<std::string>> words_of_lines(const std::string& text);

/// The zone, its parent, what is below its cuts, and NSD with all of them at one address.
struct RichInternet {
    support::TemporaryFolder folder;
    std::string zone = rich_zone_file();
    std::string imported =
        output_of(isochrone({"import", folder.write("plex.example.com.zone", zone)}));
    std::string zone_file = folder.write("plex.json", with_steered_names(imported));
    ServerProcess server{{"--listen", "192.0.2.10:53", "--listen", "198.51.100.20:53", "--listen",
                          "[2001:db8:1::10]:53", "--listen", "[2001:db8:2::20]:53", zone_file}};
    std::string delegation =
        rich_zone_parent_lines + output_of(isochrone({"delegation", zone_file}));
    PeerServer parent = parent_server(delegation);
    PeerServer below = server_below_cuts();
    std::vector<PeerZone> zones = zones_of_rich_internet(zone, delegation, server.endpoint());
    PeerServer everything{PeerServer::Kind::Nsd, zones};
};

}  // namespace e2e
