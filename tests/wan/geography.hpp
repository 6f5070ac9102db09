// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who is where in the test's internet, how far apart, and the files that say so.

#include "tests/support/temporary_folder.hpp"

#include <map>
#include <string>

namespace wan {

constexpr const char* zone_name = "plex.example.com";

enum class Role : std::uint8_t { Home, Parent, Edge, Client };

struct Row {
    const char* name;
    const char* network;  // the first three octets
    Role role;
    const char* place;  // latitude, longitude, country
};
constexpr Row geography[] = {
    {"home", "80.10.10", Role::Home, "52.52,13.40,DE"},
    {"parent", "80.10.20", Role::Parent, "52.37,4.90,NL"},
    {"frankfurt", "45.10.1", Role::Edge, "50.11,8.68,DE"},
    {"newyork", "45.10.2", Role::Edge, "40.71,-74.01,US"},
    {"singapore", "45.10.3", Role::Edge, "1.35,103.82,SG"},
    {"london", "81.2.69", Role::Client, "51.51,-0.13,GB"},
    {"boston", "66.30.10", Role::Client, "42.36,-71.06,US"},
    {"bangkok", "49.36.1", Role::Client, "13.75,100.50,TH"},
    {"lisbon", "85.240.7", Role::Client, "38.72,-9.14,PT"},
};

/// The address from which a site speaks.
[[nodiscard]] std::string address_in(const Row& row);
/// The address of the resolver in a client's network.
[[nodiscard]] std::string resolver_in(const Row& row);

/// The zone: the three edges are checked often, and answers are short-lived.
[[nodiscard]] std::string zone_text();
/// A places file with all sites. `misplaced` has other places for some of them.
[[nodiscard]] std::string places_text(const std::map<std::string, std::string>& misplaced);
/// Commands for the emulator: how far the sites are from each other.
[[nodiscard]] std::string ways_text();

/// A key by which nodes know each other, in a file that only its owner can read.
void write_key(const support::TemporaryFolder& folder);
/// The member "node" of the settings of an edge, with a comma behind.
[[nodiscard]] std::string node_setting(const std::string& edge);

}  // namespace wan
