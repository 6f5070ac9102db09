// SPDX-License-Identifier: Apache-2.0
#pragma once
// "node" of isochrone.json: which edge of which zone this server stands at, and with whom it shares
// what it measures.

#include "dnsd/net/listen.hpp"
#include "zones/name/name.hpp"
#include "zones/zone/catalog.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace control {

struct NodeSettings {
    std::string edge;
    zones::Name zone;
    std::string key_file;
    std::map<std::string, net::Endpoint> peers;  // in place of an edge's first address and port 53
    std::chrono::seconds expire{600};            // after which a silent peer's data is forgotten
};

/// The zone whose edges the nodes stand at; null when it is not served.
[[nodiscard]] const zones::Zone* zone_of(const NodeSettings& node, const zones::Catalog& catalog);

/// Why this server shares nothing with these zones: the zone or the edge is not there. Empty when
/// they are.
[[nodiscard]] std::string node_fault(const NodeSettings& node, const zones::Catalog& catalog);

/// Peers that are named and are no other edges of the zone.
[[nodiscard]] std::vector<std::string> peer_faults(const NodeSettings& node,
                                                   const zones::Zone& zone);

}  // namespace control
