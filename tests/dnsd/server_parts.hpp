// SPDX-License-Identifier: Apache-2.0
#pragma once
// The parts of a server that hear of zones, joined as a server joins them. None is started, so no
// socket is open, and nothing happens but what a test asks for.

#include "dnsd/config/config.hpp"
#include "dnsd/loading/snapshot_maker.hpp"
#include "dnsd/nodes/node_link.hpp"
#include "dnsd/server/service.hpp"
#include "dnsd/steering/measuring.hpp"
#include "dnsd/steering/relay_watch.hpp"
#include "tests/dnsd/nobody_else.hpp"
#include "tests/dnsd/watched_zones.hpp"

#include <boost/asio/thread_pool.hpp>

#include <optional>
#include <string>
#include <vector>

namespace support {

class ServerParts {
 public:
    /// `node` has no keys: nobody is told anything.
    explicit ServerParts(std::optional<control::NodeSettings> node = {});
    ~ServerParts();
    ServerParts(const ServerParts&) = delete;
    ServerParts& operator=(const ServerParts&) = delete;

    /// Returns these zones as a loader would: with boards of two lanes.
    [[nodiscard]] static zones::Catalog catalog(const std::vector<std::string>& texts);
    /// Returns the zones that workers answer with.
    [[nodiscard]] std::vector<zones::ServedZone> served() const {
        return maker.current()->catalog.zones();
    }

    WatchedZones world;
    control::Config config;
    boost::asio::thread_pool background{1};
    control::SnapshotMaker maker{config, 1};
    /// What the node has told itself of what it measures. The places are left at once.
    std::vector<transfer::Changes> measured;
    NobodyElse nobody;
    control::NodeLink link;
    control::RelayWatch relay{world.context, background, config.relay};
    control::Measuring measuring{world.context, relay, config.measure, {}};
    control::Service service{{maker, link, *world.health, measuring, relay}};
};

}  // namespace support
