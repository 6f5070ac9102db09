// SPDX-License-Identifier: Apache-2.0
#include "dnsd/loading/snapshot_maker.hpp"

#include "dnsd/config/version.hpp"
#include "dnsd/threads/cpus.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include <unistd.h>

namespace control {
namespace {

constexpr std::chrono::seconds look_at_addresses_every{5};

std::string host_name() {
    std::array<char, 65> name{};
    return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "isochrone";
}

}  // namespace

void SnapshotMaker::publish(zones::Catalog catalog) {
    ++generation_;
    show(std::move(catalog));
}

void SnapshotMaker::show(zones::Catalog catalog) {
    auto snapshot = std::make_shared<engine::Snapshot>();
    snapshot->catalog = std::move(catalog);
    snapshot->identity = {.version = "isochrone " + std::string{version},
                          .name = config_.identity.empty() ? host_name() : config_.identity,
                          .may_ask = with_own(config_.may_identify, config_.own_may_identify)};
    snapshot->observers = with_own(config_.observers, config_.own_may_observe);
    snapshot->cookie_secrets = cookie_secrets_;
    snapshot->limits = engine::rate_limits(config_.rate_limit, workers_);
    snapshot->generation = generation_;
    snapshot->signatures = signatures_;
    snapshot->udp_payload = config_.udp_payload;
    snapshot->keepalive =
        static_cast<std::uint16_t>(std::min<std::int64_t>(config_.tcp.idle.count() / 100, 65535));
    snapshots_.publish(std::move(snapshot));
}

void SnapshotMaker::show_again() {
    show(current()->catalog);
}

void SnapshotMaker::look_at_addresses() {
    const auto now = probes::Clock::now();
    if (now < next_addresses_) return;
    next_addresses_ = now + look_at_addresses_every;
    auto addresses = net::own_addresses();
    if (std::exchange(own_addresses_, addresses) != addresses) show_again();
}

void SnapshotMaker::free_old(Loads& loads) {
    auto old = snapshots_.take_unread();
    if (old.empty()) return;
    loads.run("freeing of old zones",
              [old = std::move(old)]() mutable { run_giving_way([&] { old.clear(); }); });
}

std::string SnapshotMaker::zone_count() const {
    const auto count = current()->catalog.zones().size();
    return std::to_string(count) + (count == 1 ? " zone" : " zones");
}

/// What is open to loopback is open to all programs of this machine, unless somebody is named.
std::vector<geo::Prefix> SnapshotMaker::with_own(std::vector<geo::Prefix> prefixes,
                                                 bool own) const {
    if (own) prefixes.insert(prefixes.end(), own_addresses_.begin(), own_addresses_.end());
    return prefixes;
}

}  // namespace control
