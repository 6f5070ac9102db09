// SPDX-License-Identifier: Apache-2.0
#pragma once
// "node" of isochrone.json: which edge of which zone this server stands at, and with whom it shares
// what it measures.

#include "dnsd/net/listen.hpp"
#include "zones/name.hpp"

#include <chrono>
#include <map>
#include <string>

namespace control {

struct NodeSettings {
    std::string edge;
    zones::Name zone;
    std::string key_file;
    std::map<std::string, net::Endpoint> peers;  // in place of an edge's first address and port 53
    std::chrono::seconds expire{600};            // after which a silent peer's data is forgotten
};

}  // namespace control
