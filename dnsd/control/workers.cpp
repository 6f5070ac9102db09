// SPDX-License-Identifier: Apache-2.0
#include "dnsd/control/workers.hpp"

#include "dnsd/control/cpus.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <thread>

namespace control {
namespace {

/// Sockets for each address, of which IPv6 may be missing when none is named.
std::vector<net::Endpoint> wanted_endpoints(const Config& config) {
    if (!config.listen.empty()) return config.listen;
    return {
        {{geo::Family::V4, 0}, 53},
        {{geo::Family::V6, 0}, 53}
    };
}

/// Of one of so many workers.
net::TcpLimits share_of(net::TcpLimits limits, std::size_t workers) {
    limits.connections = std::max<std::size_t>(1, limits.connections / workers);
    limits.of_network = std::max<std::size_t>(1, limits.of_network / workers);
    return limits;
}

}  // namespace

unsigned worker_count(const Config& config) {
    return config.workers != 0 ? config.workers : std::max(1U, std::thread::hardware_concurrency());
}

std::size_t lane_count(const Config& config) {
    return worker_count(config) * (wanted_endpoints(config).size() + 1);
}

bool Workers::open(const net::Source& source) {
    const auto count = worker_count(config_);
    const auto limits = share_of(config_.tcp, count);
    const auto lanes = lane_count(config_) / count;
    for (unsigned i = 0; i < count; ++i)
        workers_.push_back(std::make_unique<net::Worker>(source, limits, i * lanes));
    for (const auto& endpoint : wanted_endpoints(config_)) {
        const auto fault = open_endpoint(endpoint);
        if (!fault) continue;
        const bool optional = config_.listen.empty() && endpoint.address.family == geo::Family::V6;
        spdlog::log(optional ? spdlog::level::warn : spdlog::level::err, "{}", *fault);
        if (!optional) return false;
    }
    return true;
}

std::optional<std::string> Workers::open_endpoint(const net::Endpoint& wanted) {
    auto endpoint = wanted;
    auto sharing = net::Sharing::Nobody;
    for (const auto& worker : workers_) {
        const auto sockets = net::open_sockets(endpoint, sharing);
        if (!sockets) return sockets.error().text;
        worker->listen(*sockets);
        endpoint = sockets->endpoint;
        sharing = net::Sharing::Workers;
    }
    endpoints_.push_back(endpoint);
    return std::nullopt;
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
