// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/workers.hpp"

#include "dnsd/sockets/own_addresses.hpp"
#include "dnsd/threads/cpus.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <thread>

#include <sys/resource.h>

namespace control {
namespace {

constexpr geo::Address loopback_v4{geo::Family::V4, geo::Bits{0x7F000001} << 96};
constexpr geo::Address loopback_v6{geo::Family::V6, 1};

/// True if a listed endpoint is loopback of this family, or all its addresses, at the same port.
bool covers(const net::Endpoint& listed, const net::Endpoint& loopback) {
    return listed.port == loopback.port && listed.address.family == loopback.address.family &&
           (listed.any_address() || geo::loopback(listed.address));
}

/// Returns the limits of one worker out of so many.
net::TcpLimits share_of(net::TcpLimits limits, std::size_t workers) {
    limits.connections = std::max<std::size_t>(1, limits.connections / workers);
    limits.of_network = std::max<std::size_t>(1, limits.of_network / workers);
    return limits;
}

/// TCP connections take descriptors; the usual soft limit of 1,024 is for programs that use select().
void raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

std::vector<WantedEndpoint> wanted_endpoints(const Config& config) {
    if (config.listen.empty()) {
        return {{{{geo::Family::V4, 0}, 53}, WantedEndpoint::Need::Always},
                {{{geo::Family::V6, 0}, 53}, WantedEndpoint::Need::IfPossible}};
    }
    std::vector<WantedEndpoint> all;
    for (const auto& endpoint : config.listen) all.push_back({endpoint});
    if (!config.loopback) return all;
    for (const auto& endpoint : config.listen) {
        if (geo::loopback(endpoint.address)) continue;
        for (const auto& address : {loopback_v4, loopback_v6}) {
            const net::Endpoint loopback{address, endpoint.port};
            const auto there = [&](const WantedEndpoint& wanted) {
                return covers(wanted.endpoint, loopback);
            };
            if (std::ranges::none_of(all, there))
                all.push_back({loopback, WantedEndpoint::Need::IfPossible});
        }
    }
    return all;
}

unsigned worker_count(const Config& config) {
    return config.workers != 0 ? config.workers : std::max(1U, std::thread::hardware_concurrency());
}

std::size_t lane_count(const Config& config) {
    return worker_count(config) * (wanted_endpoints(config).size() + 1);
}

bool Workers::open(const net::ServerView& server) {
    raise_descriptor_limit();
    const auto count = worker_count(config_);
    const auto limits = share_of(config_.tcp, count);
    const auto lanes = lane_count(config_) / count;
    for (unsigned i = 0; i < count; ++i)
        workers_.push_back(std::make_unique<net::Worker>(server, limits, i * lanes));
    using Need = WantedEndpoint::Need;
    for (auto [endpoint, need] : wanted_endpoints(config_)) {
        // If the system has chosen a port, loopback gets the same.
        if (need == Need::IfPossible && endpoint.port == 0) endpoint.port = endpoints_.front().port;
        const auto opened = open_endpoint(endpoint);
        if (opened) continue;
        const bool added = need == Need::IfPossible && geo::loopback(endpoint.address);
        spdlog::log(need == Need::IfPossible ? spdlog::level::warn : spdlog::level::err, "{}{}",
                    opened.error().text,
                    added ? "; \"loopback\": false in isochrone.json asks for none" : "");
        if (need == Need::Always) return false;
    }
    return true;
}

geo::Result<void> Workers::open_endpoint(const net::Endpoint& wanted) {
    auto endpoint = wanted;
    auto sharing = workers_.size() == 1 ? net::PortSharing::Nobody : net::PortSharing::First;
    net::SocketPair last;
    for (const auto& worker : workers_) {
        const auto sockets = net::open_sockets(endpoint, sharing);
        if (!sockets) return sockets.error();
        worker->listen(*sockets);
        endpoint = sockets->endpoint;
        sharing = net::PortSharing::Workers;
        last = *sockets;
    }
    const auto count = workers_.size();
    if (count > 1 && !(net::spread_over(last.udp, count) && net::spread_over(last.tcp, count)))
        spdlog::warn("{}: other programs of this user could share the port and its queries",
                     net::to_text(endpoint));
    endpoints_.push_back(endpoint);
    return {};
}

void Workers::start() {
    for (std::size_t i = 0; i < workers_.size(); ++i) {
        const auto start = [&] { workers_[i]->start(); };
        config_.pinned ? start_on_cpu(i, start) : start();
    }
}

void Workers::stop() {
    for (const auto& worker : workers_) worker->begin_stop();
    for (const auto& worker : workers_) worker->stop();
}

}  // namespace control
