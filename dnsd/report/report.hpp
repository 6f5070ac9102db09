// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the server knows and somebody may want to see, as plain values. Reporter makes them on the
// control thread; lines.hpp and json.hpp write them for people and programs. A value refers to
// nothing that lives on, so whoever writes it may do that on any thread.
//
// Values are made on demand. Mostly nobody asks, and whoever has just drained an edge is to see
// that. Whoever asks again and again, a page that refreshes, say, should ask once a second at most:
// gathering the edges of thousands of zones holds up checks.

#include "dnsd/engine/query_counters.hpp"
#include "dnsd/nodes/peer.hpp"
#include "dnsd/nodes/zone_versions.hpp"
#include "dnsd/report/troubles.hpp"
#include "dnsd/steering/named_path.hpp"
#include "probes/health/zone_status.hpp"
#include "probes/path/measurements.hpp"
#include "zones/name/name.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace control {

/// What the nodes' zone has besides other zones.
struct NodeReport {
    std::string edge;                         // at which this node stands
    std::vector<transfer::PeerStatus> peers;  // the other nodes
};

/// A zone that is served.
struct ZoneReport {
    zones::Name apex;
    std::uint32_t serial = 0;
    std::uint64_t digest = 0;                    // of what it means: zones/zone/zone_digest.hpp
    std::optional<probes::ZoneStatus> health{};  // checks, votes and drains; nothing: no edges
    std::optional<NodeReport> node{};            // nothing: it is not the zone of the nodes
};

/// What `_probes` shows of one zone.
struct DashboardReport {
    ZoneReport zone;
    std::vector<std::string> alarms{};  // a line each: of this zone, and of all zones
    /// That other nodes serve it differently. In the nodes' zone: all differences of any zone.
    std::vector<ZoneDifference> differences{};
};

/// The server and all its zones.
struct Report {
    probes::Time at;  // when it was made
    std::string version{};
    std::uint64_t generation = 0;       // of zones and maps
    std::size_t targets = 0;            // that checks ask
    engine::QueryCounts queries{};      // since the start
    std::vector<std::string> alarms{};  // a line each
    std::vector<ZoneDifference> differences{};
    std::vector<ZoneReport> zones{};
    std::vector<Trouble> troubles{};  // the critical ones first
};

/// What is measured of one population's networks.
struct NetworksReport {
    std::size_t known = 0;  // networks
    std::vector<std::pair<geo::Prefix, probes::NetworkMeasurement>>
        newest{};  // those measured last
};

/// The round trips that this server has measured.
struct RoundTripReport {
    probes::Time at;  // when it was made
    NetworksReport clients{};
    NetworksReport resolvers{};
    std::vector<NamedPath> paths{};  // to landmarks, other edges and home
};

}  // namespace control
