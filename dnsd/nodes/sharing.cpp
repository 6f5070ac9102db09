// SPDX-License-Identifier: Apache-2.0
#include "dnsd/nodes/sharing.hpp"

#include "dnsd/config/version.hpp"

#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace control {
namespace {

using namespace std::chrono_literals;

std::optional<zones::Name> apex_of(const std::string& edge, const zones::Name& zone) {
    return zones::Name::from_text(edge + "._probes", zone);
}

/// NOTIFY announces each batch of changes at once. A peer asks by these timers only to find out
/// whether it missed something.
transfer::SoaTimes times_of(const NodeSettings& node) {
    return {.refresh = std::clamp<std::chrono::seconds>(node.expire / 5, 1s, 30s),
            .retry = std::clamp<std::chrono::seconds>(node.expire / 10, 1s, 10s),
            .expire = node.expire};
}

}  // namespace

Sharing::Sharing(boost::asio::io_context& context, const std::optional<NodeSettings>& node,
                 const engine::Snapshots& snapshots, engine::Observer& next,
                 transfer::PeerListener listener)
    : context_{context},
      node_{node},
      queries_{context, snapshots, next},
      listener_{std::move(listener)} {}

void Sharing::begin(geo::Problems& problems, bool relay) {
    if (!node_) return;
    auto keys = transfer::load_keys(node_->key_file, problems);
    const auto apex = apex_of(node_->edge, node_->zone);
    if (!keys || !apex) return;
    keys_ = std::make_shared<const transfer::Keys>(std::move(*keys));
    exchange_.emplace(context_, keys_, transfer::ZoneFace{*apex, node_->zone, times_of(*node_)},
                      listener_);
    queries_.trust(keys_);
    signatures_ = transfer::signatures_of(keys_);
    queries_.serve(&*exchange_);
    // With this record the zone is never empty, and peers see the version of this node.
    publish({.set = {{"node", fmt::format("version={} started={} relay={}", version,
                                          transfer::unix_now(), relay ? "yes" : "no")}},
             .removed = {}});
}

void Sharing::attach(const zones::Catalog& catalog) {
    if (!exchange_) return;
    if (auto fault = node_fault(*node_, catalog); !fault.empty()) {
        exchange_->set_peers({});
        return say(std::move(fault));
    }
    const auto& zone = *zone_of(*node_, catalog);
    std::string unknown;
    for (const auto& fault : peer_faults(*node_, zone))
        unknown += (unknown.empty() ? "" : "; ") + fault;
    say(std::move(unknown));
    exchange_->set_peers(peers_of(zone));
}

std::vector<transfer::PeerSettings> Sharing::peers_of(const zones::Zone& zone) const {
    std::vector<transfer::PeerSettings> peers;
    for (const auto& edge : zone.edges()) {
        const auto apex = apex_of(edge.name, zone.apex());
        const auto given = node_->peers.find(edge.name);
        const bool named = given != node_->peers.end();
        if (edge.name == node_->edge || !apex || (!named && edge.addresses.empty())) continue;
        const auto endpoint = named ? given->second : net::Endpoint{edge.addresses.front(), 53};
        peers.push_back({edge.name, *apex, endpoint});
    }
    return peers;
}

void Sharing::say(std::string fault) {
    if (fault == said_) return;
    said_ = std::move(fault);
    if (!said_.empty()) spdlog::warn("{}", said_);
}

void Sharing::publish(const transfer::Changes& changes) {
    if (exchange_) exchange_->publish(changes);
}

std::vector<transfer::PeerStatus> Sharing::peers() const {
    return exchange_ ? exchange_->peers() : std::vector<transfer::PeerStatus>{};
}

}  // namespace control
