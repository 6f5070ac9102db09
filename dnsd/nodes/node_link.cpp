// SPDX-License-Identifier: Apache-2.0
#include "dnsd/nodes/node_link.hpp"

#include "probes/health/health_record.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace control {
namespace {

constexpr std::size_t most_health_records = 1000;  // of one peer, whatever it tells

}  // namespace

NodeLink::NodeLink(boost::asio::io_context& context, const std::optional<NodeSettings>& node,
                   const engine::Snapshots& snapshots, engine::Observer& next, Ears ears)
    : node_{node},
      ears_{std::move(ears)},
      sharing_{context, node, snapshots, next,
               [this](const std::string& peer, const transfer::Changes& changes,
                      const transfer::Backlog::Hold& hold) { hear(peer, changes, hold); }} {}

void NodeLink::begin(geo::Problems& problems, bool relay) {
    relay_ = relay;
    sharing_.begin(problems, relay);
}

void NodeLink::attach(const zones::Catalog& catalog) {
    sharing_.attach(catalog);
    if (sharing_.on()) versions_.set_peers(place().peers);
}

void NodeLink::serve(const zones::Catalog& catalog) {
    if (!sharing_.on()) return;
    versions_.serve(catalog, node_->zone);
    sharing_.publish(telling_zones_.stated(versions_.told()));
}

void NodeLink::tell_health(const probes::HealthLines& now) {
    sharing_.publish(telling_.stated(now));
}

void NodeLink::tell_drains(const transfer::Changes& said) {
    sharing_.publish(said);
}

void NodeLink::tell_measured(const std::map<std::string, probes::ToldMeasurement>& now) {
    auto changes = telling_.measured(now);
    if (!changes.empty()) sharing_.publish(changes);
    // The other nodes know it by the line that began the zone.
    if (!std::exchange(relay_told_, true))
        changes.set.emplace("node", relay_ ? "relay=yes" : "relay=no");
    if (changes.empty()) return;
    auto hold = own_backlog_.add(changes.size());
    ears_.measurements(node_->edge, std::move(changes), std::move(hold));
}

void NodeLink::compare_zones() {
    log_zones(versions_.compare(probes::Clock::now()));
}

NodePlace NodeLink::place() const {
    NodePlace place{zone_text(node_->zone), node_->edge, {}};
    for (const auto& peer : sharing_.peers()) place.peers.push_back(peer.name);
    return place;
}

std::vector<ZoneDifference> NodeLink::differences() const {
    return versions_.differences(probes::Clock::now());
}

std::vector<ZoneDifference> NodeLink::differences(const zones::Name& zone) const {
    if (!sharing_.on()) return {};
    auto all = differences();
    if (!(zone == node_->zone)) {
        std::erase_if(all, [name = zone_text(zone)](const ZoneDifference& difference) {
            return difference.zone != name;
        });
    }
    return all;
}

bool NodeLink::is_awaited(const probes::DrainSpread& arrived) const {
    const auto peers = sharing_.peers();
    return std::ranges::any_of(peers, [&](const transfer::PeerStatus& peer) {
        return peer.data == transfer::PeerStatus::Data::Fresh &&
               std::ranges::count(arrived.not_on, peer.name) > 0;
    });
}

void NodeLink::hear(const std::string& peer, const transfer::Changes& changes,
                    const transfer::Backlog::Hold& hold) {
    hear_health(peer, changes);
    ears_.drains(peer, changes);
    versions_.hear(peer, changes);
    ears_.measurements(peer, changes, hold);
}

void NodeLink::hear_health(const std::string& peer, const transfer::Changes& changes) {
    auto& records = peer_health_[peer];
    std::size_t touched = 0;
    if (changes.all_removed) touched += std::exchange(records, {}).size();
    for (const auto& owner : changes.removed) touched += records.erase(owner);
    for (const auto& [owner, text] : changes.set) {
        if (owner != probes::node_owner && !probes::edge_of_owner(owner)) continue;
        if (records.size() >= most_health_records && !records.contains(owner)) continue;
        records.insert_or_assign(owner, text);
        ++touched;
    }
    if (touched > 0) ears_.health(peer, records);
}

}  // namespace control
