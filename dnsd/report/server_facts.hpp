// SPDX-License-Identifier: Apache-2.0
#pragma once
// The facts that a server tells of itself, besides those of its edges.

#include "dnsd/config/node_settings.hpp"
#include "dnsd/engine/query_counters.hpp"
#include "dnsd/engine/respond.hpp"
#include "dnsd/explain/debug_names.hpp"
#include "dnsd/nodes/peer.hpp"
#include "dnsd/nodes/zone_versions.hpp"
#include "dnsd/steering/measuring.hpp"
#include "probes/path/measurements.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace control {

struct ServerFacts {
    std::string version;
    std::uint64_t generation = 0;                        // of the published snapshot
    std::shared_ptr<const engine::Snapshot> snapshot{};  // holds the zones that are served
    std::optional<NodeSettings> node{};                  // its zone and edge
    std::vector<transfer::PeerStatus> peers{};           // the other nodes
    Observatory::Further further{};  // gives lines below those of a zone's edges
    std::string sharing_fault{};     // why not everything is shared with peers
    const probes::Measurements* measurements = nullptr;  // of the relay's clients
    const probes::Measurements* resolvers = nullptr;
    std::vector<NamedPath> paths{};
    engine::QueryCounts queries{};      // since the start
    std::vector<std::string> alarms{};  // one line each
    std::vector<ZoneDifference> differences{};
};

}  // namespace control
