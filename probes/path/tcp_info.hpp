// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the kernel knows about a relay's connections: round trips, losses and rates of every client
// connected to one of its ports, read by sock_diag(7). It works with any relay, and sends nothing.
// Needs Linux 4.9 or newer, but no capability. Control path.

#include "geo/base/result.hpp"
#include "geo/place/address.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

namespace probes {

/// One established connection, as struct tcp_info of linux/tcp.h has it.
struct Connection {
    std::uint64_t cookie = 0;  // the kernel's number of the socket, never used again
    geo::Address client;       // the client; an IPv4 client of an IPv6 socket as IPv4
    std::uint16_t port = 0;    // of the relay
    std::chrono::microseconds round_trip{0};      // smoothed
    std::chrono::microseconds variation{0};       // mean deviation of the round trip
    std::chrono::microseconds min_round_trip{0};  // smallest of the last minutes (tcp_min_rtt_wlen)
    std::uint64_t segments_out = 0;
    std::uint64_t segments_repeated = 0;
    std::uint64_t octets_acknowledged = 0;
    std::uint64_t delivery_rate = 0;  // octets a second, of the last flight
    bool application_limited =
        false;  // the rate is what there was to send, not what the path takes
    std::chrono::milliseconds silent_for{0};  // since something was received
};

/// Returns all connections from elsewhere to these ports of this machine, without those from this
/// machine itself. Fails when the kernel does not tell.
[[nodiscard]] geo::Result<std::vector<Connection>> read_connections(
    std::span<const std::uint16_t> ports);

/// Returns all connections from this machine to an address and port elsewhere; `client` is that
/// address.
[[nodiscard]] geo::Result<std::vector<Connection>> read_connections_to(const geo::Address& address,
                                                                       std::uint16_t port);

}  // namespace probes
