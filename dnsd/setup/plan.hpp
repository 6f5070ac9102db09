// SPDX-License-Identifier: Apache-2.0
#pragma once
// What `isochrone setup` was told and has derived, and the files that come of it. All are values:
// only write_folder.hpp touches the disk.

#include "dnsd/sockets/endpoint.hpp"
#include "geo/place/address.hpp"
#include "zones/name/name.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace setup {

/// A VM: relay, name server and node.
struct Edge {
    std::string name;                     // of the edge, and of the VM's folder
    std::vector<geo::Address> addresses;  // that the internet reaches; at least one, IPv4 first
    std::string
        location;  // as a zone file writes it: "Singapore, SG" with its quotes, or [1.35, 103.82]
};

/// How an edge reaches home. With WireGuard home dials: it needs no address of its own.
enum class WayHome : std::uint8_t { Plain, WireGuard };

struct Plan {
    zones::Name zone;
    std::vector<Edge> edges;
    net::Endpoint home;  // the media server, as the edges reach it
    WayHome way = WayHome::Plain;
    bool whole_domain = false;              // the zone is all of a registered domain
    std::optional<zones::Name> servers_in;  // where the name servers' names are; none: in the zone
};

/// Keys of X25519 (RFC 7748) in base64, as WireGuard writes them.
struct KeyPair {
    std::string secret;
    std::string open;
};

struct Secrets {
    std::string node_key;        // the text of a key file
    KeyPair home;                // these are for WireGuard alone
    std::vector<KeyPair> edges;  // in the order of the plan
};

enum class Readers : std::uint8_t { All, Owner };

struct File {
    std::string path;  // within the folder: "newyork/isochrone.json"
    std::string text;
    Readers readers = Readers::All;
};
using Files = std::vector<File>;

constexpr std::size_t most_edges = 200;  // each has an address in the tunnel's /24
constexpr std::size_t most_name_servers =
    8;  // more make referrals long, and no resolver asks them all
constexpr std::uint16_t tunnel_port = 51820;  // UDP, at each edge
constexpr const char* home_folder = "home";   // so no edge has this name

}  // namespace setup
