// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who sent a query, and what the answering thread keeps about clients.

#include "dnsd/engine/query_counters.hpp"
#include "dnsd/engine/rate_limit.hpp"
#include "dnsd/engine/seen_resolvers.hpp"
#include "geo/place/address.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace engine {

enum class Transport : std::uint8_t { Udp, Tcp };

struct Client {
    geo::Address address;
    Transport transport = Transport::Udp;
    std::size_t lane = ~std::size_t{0};  // where its answers are counted; by default nowhere
    SeenResolvers* seen = nullptr;       // notes its address if an answer depends on it
    QueryCounters* counters = nullptr;   // of the answering thread
    RateLimiter* limiter = nullptr;      // of the answering thread; null: no limits
    bool known = false;                  // by a signature: nobody else uses its address
    std::chrono::nanoseconds now{};      // when its query came, since 1970; to some milliseconds

    /// The kernel lets no datagram from elsewhere have such an address.
    [[nodiscard]] bool on_this_machine() const noexcept { return geo::loopback(address); }

    /// The same client, for a query that another thread answers.
    [[nodiscard]] Client elsewhere() const noexcept {
        auto other = *this;
        other.counters = nullptr;
        other.limiter = nullptr;
        return other;
    }
};

}  // namespace engine
