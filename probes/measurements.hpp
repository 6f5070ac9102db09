// SPDX-License-Identifier: Apache-2.0
#pragma once
// What this node has measured of the way between its edge and networks of clients, out of what the
// kernel tells of the relay's connections. Bounded: the least useful networks leave first. Not
// thread-safe.
//
// The round trip is a windowed minimum: what the path takes when nothing queues. A connection
// counts once a window, however long it lasts: a film of three hours does not outvote its
// neighbours' short ones.

#include "geo/address.hpp"
#include "probes/tcp_info.hpp"
#include "probes/tracker.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace probes {

/// Clients that share their way: /24 of IPv4, /48 of IPv6.
[[nodiscard]] geo::Prefix network_of(const geo::Address& client) noexcept;

struct Measurement {
    std::chrono::microseconds round_trip{0};  // the least of this window and the one before
    std::chrono::microseconds variation{0};   // mean deviation, an average over connections
    std::uint32_t samples = 0;                // connections, each once a window
    std::uint32_t connections = 0;            // open at the last reading
    float repeated = 0;                       // share of segments sent again, an average
    std::uint64_t delivery_rate = 0;          // octets a second: the most that the path has shown
    Time last;                                // when a connection was last seen
};

class Measurements {
 public:
    struct Limits {
        std::size_t networks = 1'000'000;
        Clock::duration window = std::chrono::minutes{10};
    };
    Measurements() : Measurements{Limits{}} {}
    explicit Measurements(const Limits& limits) : limits_{limits} {}

    /// Takes a reading of all connections. Clients that are not on the internet are passed over.
    void observe(std::span<const Connection> connections, Time now);

    [[nodiscard]] std::optional<Measurement> find(const geo::Prefix& network) const;
    [[nodiscard]] std::size_t size() const noexcept { return networks_.size(); }
    /// Leaves out what was last seen before `oldest`.
    void forget(Time oldest);
    /// Puts back what an earlier process knew of a network. What is known already stays.
    void restore(const geo::Prefix& network, const Measurement& measurement);
    /// The `count` networks seen last, the newest first.
    [[nodiscard]] std::vector<std::pair<geo::Prefix, Measurement>> newest(std::size_t count) const;

 private:
    struct Hash {
        std::size_t operator()(const geo::Prefix& network) const noexcept;
    };
    struct Network {
        Measurement sum;
        Time window_began;
        std::chrono::microseconds least{0};         // of the window that runs; 0: none yet
        std::chrono::microseconds least_before{0};  // of the one before
        std::uint64_t best{0};                      // rates likewise
        std::uint64_t best_before{0};
    };
    /// What a connection had told at the last reading.
    struct Told {
        std::uint64_t segments_out = 0;
        std::uint64_t segments_repeated = 0;
        Time counted;  // when it last counted as a sample
        bool open = true;
    };
    void observe(const Connection& connection, Time now);
    void begin_window(Network& network, Time now) const;
    void make_room();

    Limits limits_;
    std::unordered_map<geo::Prefix, Network, Hash> networks_;
    std::unordered_map<std::uint64_t, Told> connections_;  // by cookie
};

}  // namespace probes
