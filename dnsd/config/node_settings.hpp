// SPDX-License-Identifier: Apache-2.0
#pragma once
// The object "node" of isochrone.json: the zone and the edge at which this server stands, and the
// peers with which it shares its measurements.

#include "dnsd/sockets/endpoint.hpp"
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
    std::map<std::string, net::Endpoint> peers;  // by edge; else its first address and port 53
    std::chrono::seconds expire{600};            // until the data of a silent peer is forgotten
};

/// Returns the zone whose edges the nodes stand at, or null if this server does not serve it.
[[nodiscard]] const zones::Zone* zone_of(const NodeSettings& node, const zones::Catalog& catalog);

/// Says why this server shares nothing while it serves these zones: the zone or the edge is
/// missing. Empty if both are there.
[[nodiscard]] std::string node_fault(const NodeSettings& node, const zones::Catalog& catalog);

/// Returns a sentence for each name in `peers` that is not another edge of the zone.
[[nodiscard]] std::vector<std::string> peer_faults(const NodeSettings& node,
                                                   const zones::Zone& zone);

}  // namespace control
