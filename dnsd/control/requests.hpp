// SPDX-License-Identifier: Apache-2.0
#pragma once
// What can be asked by the control socket, as JSON in one line:
//
//   {"command": "status"}
//   {"command": "explain", "name": "plex.example.com", "asker": "81.2.69.0/24"}
//   {"command": "clients", "count": 100}
//   {"command": "drain", "edges": ["newyork", "plex.example.com/eu-*"], "seconds": 7200}
//   {"command": "drain", "edges": ["newyork"], "here": true}       at this node alone
//   {"command": "undrain", "edges": ["*"]}
//
// What comes back is an object too. With "fault" it says in a sentence why nothing was done.

#include "dnsd/control/health.hpp"
#include "dnsd/control/measuring.hpp"
#include "dnsd/control/node_settings.hpp"
#include "dnsd/control/observatory.hpp"
#include "dnsd/control/zone_versions.hpp"
#include "dnsd/engine/query_counters.hpp"
#include "dnsd/engine/respond.hpp"
#include "dnsd/transfer/peer.hpp"
#include "probes/measurements.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace control {

/// What a server says of itself besides its edges.
struct ServerFacts {
    std::string version;
    std::uint64_t generation = 0;                        // of what is published
    std::shared_ptr<const engine::Snapshot> snapshot{};  // which zones are served
    std::optional<NodeSettings> node{};                  // where it stands among others
    std::vector<transfer::PeerStatus> peers{};           // the other nodes
    Observatory::Further further{};                      // lines below those of a zone's edges
    std::string sharing_fault{};                         // why not all is shared with them
    const probes::Measurements* measurements = nullptr;  // of the relay's clients
    const probes::Measurements* resolvers = nullptr;
    std::vector<NamedPath> paths{};
    engine::QueryCounts queries{};      // since the start
    std::vector<std::string> alarms{};  // lines
    std::vector<ZoneDifference> differences{};
};

/// {"fault": "…"}
[[nodiscard]] std::string fault_reply(const std::string& text);

/// Total: whatever is asked, an answer comes back. Edges of which it has said something that other
/// nodes are to learn are added to `said`.
[[nodiscard]] std::string answer_request(const std::string& request, Health& health,
                                         const ServerFacts& facts,
                                         std::vector<EdgeName>* said = nullptr);

/// The same answer with word of the nodes at which what it says holds by now.
[[nodiscard]] std::string with_nodes(const std::string& reply, const probes::DrainSpread& arrived);

}  // namespace control
