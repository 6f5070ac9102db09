// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/self_query.hpp"

#include "geo/place/socket_address.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include <sys/socket.h>

namespace control {
namespace {

using Query = std::array<std::uint8_t, 17>;

/// Asks for the name servers of the root, which no zone here has: the answer is REFUSED.
Query query_with(std::uint16_t id) {
    return {static_cast<std::uint8_t>(id >> 8),
            static_cast<std::uint8_t>(id),
            0,
            0,
            0,
            1,
            0,
            0,
            0,
            0,
            0,
            0,  // one question
            0,
            0,
            2,
            0,
            1};  // . NS IN
}

/// Where to ask a socket that listens on it.
net::Endpoint target_of(net::Endpoint endpoint) {
    if (!endpoint.any_address()) return endpoint;
    endpoint.address.bits =
        endpoint.address.family == geo::Family::V4 ? geo::Bits{0x7F000001} << 96 : geo::Bits{1};
    return endpoint;
}

geo::Descriptor connected_to(const net::Endpoint& endpoint) {
    const auto target = net::socket_address(target_of(endpoint));
    geo::Descriptor socket{
        ::socket(target.data()->sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (::connect(*socket, target.data(), target.size()) == 0) return socket;
    return geo::Descriptor{-1};
}

}  // namespace

void SelfQuery::open() {
    asked_.reserve(endpoints_.size());
    for (std::size_t i = 0; i < endpoints_.size(); ++i)
        asked_.push_back({.socket = connected_to(endpoints_[i]), .lane = i + 1});
}

void SelfQuery::begin() {
    if (asked_.empty()) open();
    ++id_;  // an answer that comes late is not taken for the next one
    for (auto& asked : asked_) {
        asked.answered = false;
        asked.taken = taken(asked.lane);
    }
}

void SelfQuery::ask() {
    const auto query = query_with(id_);
    for (const auto& asked : asked_) {
        // What cannot be sent is as good as lost.
        if (!asked.answered && *asked.socket >= 0)
            static_cast<void>(::send(*asked.socket, query.data(), query.size(), MSG_NOSIGNAL));
    }
}

bool SelfQuery::answered() {
    for (auto& asked : asked_) {
        asked.answered |= seen(asked);
        asked.ever |= asked.answered;
    }
    return std::ranges::all_of(asked_,
                               [](const Asked& asked) { return asked.answered || !asked.ever; });
}

bool SelfQuery::seen(Asked& asked) const {
    bool found = taken(asked.lane) != asked.taken;
    std::array<std::uint8_t, 512> reply{};
    while (*asked.socket >= 0 && ::recv(*asked.socket, reply.data(), reply.size(), 0) >= 2)
        found |= (reply[0] << 8 | reply[1]) == id_;
    return found;
}

std::uint64_t SelfQuery::taken(std::size_t lane) const {
    engine::QueryCounts sum;
    for (; lane < counters_.size(); lane += lanes_) counters_[lane].add_to(sum);
    return std::accumulate(sum.cookies.begin(), sum.cookies.end(), std::uint64_t{0}) +
           std::accumulate(sum.limited.begin(), sum.limited.end(), std::uint64_t{0});
}

}  // namespace control
