// SPDX-License-Identifier: Apache-2.0
#pragma once
// The settings from the command line and isochrone.json. docs/operations.md lists the keys.

#include "dnsd/config/measure_settings.hpp"
#include "dnsd/config/node_settings.hpp"
#include "dnsd/config/relay_ports.hpp"
#include "dnsd/config/steering_rules.hpp"
#include "dnsd/engine/rate_limit.hpp"
#include "dnsd/net/tcp.hpp"
#include "dnsd/sockets/endpoint.hpp"
#include "geo/base/problem.hpp"
#include "geo/source/sources.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace control {

struct Config {
    std::vector<net::Endpoint> listen;  // empty: all addresses of the machine, port 53
    bool loopback = true;               // listens on loopback too when `listen` names addresses
    std::vector<std::string> zones;     // files, or folders of files that end in .json or .zone
    geo::SourceFiles sources;
    unsigned workers = 0;                   // 0: one for each core
    bool pinned = false;                    // keeps each worker on one core
    std::string user;                       // this one once sockets are open; empty: no change
    std::string identity;                   // name of this server; empty: the host's name
    std::vector<geo::Prefix> may_identify;  // clients that may ask for version and identity
    std::vector<geo::Prefix> observers;     // clients that may ask for `_probes` and `_why`
    bool own_may_identify = true;  // the machine's own addresses may too: the config lists nobody
    bool own_may_observe = true;   // the same for `observers`
    std::string state;             // folder of what the server keeps over restarts
    RelayPorts relay;
    SteeringRules steering;
    std::optional<NodeSettings> node;  // none: this server shares nothing
    MeasureSettings measure;
    std::string cookie_secrets;  // file of the secrets for DNS cookies; empty: no file
    engine::RateSettings rate_limit;
    std::uint16_t udp_payload = 1232;
    net::TcpLimits tcp;       // for all workers together
    bool keep_going = false;  // starts without the files that are faulty
};

constexpr const char* default_config_file = "/etc/isochrone/isochrone.json";
constexpr const char* default_state_folder = "/var/lib/isochrone";
constexpr const char* default_zone_folder = "/etc/isochrone/zones";

/// Returns settings in which loopback may identify and observe and has no rate limit, and the state
/// folder is default_state_folder.
[[nodiscard]] Config default_config();

/// Reads a file over the defaults. Paths in the file are relative to its folder. Appends what is
/// wrong to `problems`, and returns nothing if any of it is a fault.
[[nodiscard]] std::optional<Config> load_config(const std::string& path, geo::Problems& problems);

}  // namespace control
