// SPDX-License-Identifier: Apache-2.0
#pragma once
// What this node has measured of the paths between its edge and the networks of one population:
// from the kernel's figures on the relay's connections, and by asking. Bounded: the least useful
// networks leave first. Not thread-safe.
//
// The round trip is a windowed minimum: the time that the path takes when nothing queues. A
// connection counts once per window, however long it lasts, so a film of three hours does not
// outvote the neighbours' short connections. A network that was only seen may be known without a
// measurement.

#include "geo/base/clock.hpp"
#include "geo/place/address.hpp"
#include "probes/path/network_table.hpp"
#include "probes/path/tcp_info.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace probes {

struct NetworkMeasurement {
    std::chrono::microseconds round_trip{0};  // the least of this window and the one before
    std::chrono::microseconds variation{0};   // mean deviation, an average over connections
    std::uint32_t samples = 0;                // connections, each once a window, and askings
    std::uint32_t connections = 0;            // open at the last reading
    float repeated = 0;                       // share of segments sent again, an average
    std::uint64_t delivery_rate = 0;          // octets a second: the most that the path has shown
    Time last;                                // when it was last measured
    // When an address of the network was last seen here, and which one. Nothing when the network
    // was only asked.
    std::optional<Time> seen;
    std::optional<geo::Address> address;
};

/// A network with an address that was seen here.
struct InUse {
    geo::Prefix network;
    geo::Address address;
    Time seen;
    std::optional<Time> measured;
};

class Measurements {
 public:
    struct Limits {
        std::size_t networks = 1'000'000;
        Clock::duration window = std::chrono::minutes{10};
    };
    Measurements() : Measurements{Limits{}} {}
    explicit Measurements(const Limits& limits) : limits_{limits} {}

    /// Sets the addresses that are not clients: name servers and edges check each other. A network
    /// whose last address seen is one of them is forgotten.
    void leave_out(std::vector<geo::Address> addresses);

    /// Takes a reading of all connections. Ignores clients that are not on the internet or are left
    /// out.
    void observe(std::span<const Connection> connections, Time now);
    /// Takes what the kernel told about connections that ended since the last reading; call it
    /// before the next reading. Ignores the same clients, and connections on which fewer than 1000
    /// octets were acknowledged.
    void observe_ended(std::span<const Connection> connections, Time now);

    /// Notes that an address of the population was seen. Ignores addresses that are not on the
    /// internet or are left out.
    void note(const geo::Address& address, Time now);
    /// Adds the answer of an address: the smallest of some round trips, and how they varied.
    void add(const geo::Address& address, std::chrono::microseconds round_trip,
             std::chrono::microseconds variation, Time now);

    /// Returns the measurement of a network; nothing when there is none.
    [[nodiscard]] std::optional<NetworkMeasurement> find(const geo::Prefix& network) const;
    /// Returns how many networks have been measured.
    [[nodiscard]] std::size_t size() const noexcept { return networks_.size() - unmeasured_; }
    /// Returns the networks with an address seen since `oldest`, in no order.
    [[nodiscard]] std::vector<InUse> in_use(Time oldest) const;
    /// Forgets networks that were last measured and seen before `oldest`.
    void forget(Time oldest);
    /// Puts back what an earlier process knew about a network. A network already known stays as it
    /// is.
    void restore(const geo::Prefix& network, const NetworkMeasurement& measurement);
    /// Returns the `count` networks measured last, the newest first.
    [[nodiscard]] std::vector<std::pair<geo::Prefix, NetworkMeasurement>> newest(
        std::size_t count) const;

 private:
    /// Packed, because there may be a million. Times are those of Clock; none_yet means no time.
    struct Network {
        Time last = none_yet;
        Time seen = none_yet;
        Time window_began = none_yet;
        std::uint32_t least = 0;         // microseconds, in the current window; 0: none yet
        std::uint32_t least_before = 0;  // in the window before
        std::uint32_t best = 0;          // octets a second, in the current window
        std::uint32_t best_before = 0;
        std::uint32_t variation = 0;  // microseconds
        std::uint32_t samples = 0;
        std::uint32_t connections = 0;
        float repeated = 0;
        std::array<std::uint8_t, 10> host{};  // the address's bits after the network's

        [[nodiscard]] bool measured() const noexcept { return last != none_yet; }
    };
    static constexpr Time none_yet = Time::min();
    /// What a connection had told at the latest reading.
    struct LastReading {
        std::uint64_t segments_out = 0;
        std::uint64_t segments_repeated = 0;
        Time counted;  // when it last counted as a sample
        bool open = true;
    };
    [[nodiscard]] bool counts(const geo::Address& address) const;
    void observe(const Connection& connection, Time now);
    /// Returns what is known about an address's network, which is added if it is missing.
    Network& network_at(const geo::Address& address);
    static void see(Network& network, const geo::Address& address, Time now);
    void begin_window(Network& network, Time now) const;
    /// Takes a round trip of a network measured now. True if it is the first one.
    bool measure(Network& network, std::chrono::microseconds round_trip, Time now);
    static void vary(Network& network, std::chrono::microseconds variation, bool first);
    [[nodiscard]] static geo::Address address_of(const geo::Prefix& network, const Network& known);
    [[nodiscard]] static NetworkMeasurement measurement_of(const geo::Prefix& network,
                                                           const Network& known);
    [[nodiscard]] static Time usefulness(const Network& network);
    void make_room();
    template <class Predicate>
    void erase_if(Predicate leaves);

    Limits limits_;
    std::vector<geo::Address> left_out_;
    NetworkTable<Network> networks_;
    std::size_t unmeasured_ = 0;                                  // those not measured
    std::unordered_map<std::uint64_t, LastReading> connections_;  // by cookie
};

}  // namespace probes
