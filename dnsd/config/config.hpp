// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the command line and isochrone.json say; docs/operations.md lists the keys.

#include "dnsd/config/measure_settings.hpp"
#include "dnsd/config/node_settings.hpp"
#include "dnsd/config/relay_ports.hpp"
#include "dnsd/config/steering_rules.hpp"
#include "dnsd/engine/rate_limit.hpp"
#include "dnsd/net/listen.hpp"
#include "dnsd/net/tcp.hpp"
#include "geo/base/problem.hpp"
#include "geo/source/sources.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace control {

struct Config {
    std::vector<net::Endpoint> listen;  // empty: all addresses of the machine, port 53
    bool loopback = true;               // beside addresses that are listed, loopback is listened on
    std::vector<std::string> zones;     // files, or folders of files that end in .json
    geo::SourceFiles sources;
    unsigned workers = 0;                   // 0: one for each core
    bool pinned = false;                    // each worker to one core
    std::string user;                       // to become once sockets are open; empty: as it was
    std::string identity;                   // of this server; empty: the host's name
    std::vector<geo::Prefix> may_identify;  // who may ask for version and identity
    std::vector<geo::Prefix> observers;     // to whom `_probes` and `_why` exist
    bool own_may_identify = true;           // the machine's own addresses too, as nobody is listed
    bool own_may_observe = true;
    std::string state;  // folder of what survives a restart
    RelayPorts relay;
    SteeringRules steering;
    std::optional<NodeSettings> node;  // nothing: this server shares nothing
    MeasureSettings measure;
    std::string cookie_secrets;  // the file of what cookies are made with; empty: none
    engine::RateSettings rate_limit;
    std::uint16_t udp_payload = 1232;
    net::TcpLimits tcp;       // connections of all workers together
    bool keep_going = false;  // serve without the files that are faulty at start
};

constexpr const char* default_config_file = "/etc/isochrone/isochrone.json";
constexpr const char* default_state_folder = "/var/lib/isochrone";
constexpr const char* default_zone_folder = "/etc/isochrone/zones";

/// Loopback may identify and observe, and has no rate limit; the state folder is default_state_folder.
[[nodiscard]] Config default_config();

/// Reads a file over the defaults. Paths in it are relative to its folder. Nothing comes back when
/// there is a fault.
[[nodiscard]] std::optional<Config> load_config(const std::string& path, geo::Problems& problems);

}  // namespace control
