// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the kernel knows of a relay's connections: round trips, losses and rates of every client
// that is connected to one of its ports, read by sock_diag(7). It works with any relay, and nothing
// is sent. Linux 4.9 or newer; no capability is needed. Control path.

#include "geo/base/result.hpp"
#include "geo/place/address.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

namespace probes {

/// One established connection, as struct tcp_info of linux/tcp.h has it.
struct Connection {
    std::uint64_t cookie = 0;  // the kernel's own number of the socket, never used again
    geo::Address client;       // IPv4 clients of an IPv6 socket are IPv4 clients here
    std::uint16_t port = 0;    // of the relay
    std::chrono::microseconds round_trip{0};      // smoothed
    std::chrono::microseconds variation{0};       // of it, mean deviation
    std::chrono::microseconds min_round_trip{0};  // of the last minutes (tcp_min_rtt_wlen)
    std::uint64_t segments_out = 0;
    std::uint64_t segments_repeated = 0;
    std::uint64_t octets_acknowledged = 0;
    std::uint64_t delivery_rate = 0;  // octets a second, of the last flight
    bool application_limited =
        false;  // the rate is what there was to send, not what the path takes
    std::chrono::milliseconds silent_for{0};  // since something was received
};

/// All connections from elsewhere to these ports of this machine, those that it has with itself
/// left out. Fails when the kernel does not say.
[[nodiscard]] geo::Result<std::vector<Connection>> read_connections(
    std::span<const std::uint16_t> ports);

/// All connections from this machine to an address and port elsewhere; `client` is that address.
[[nodiscard]] geo::Result<std::vector<Connection>> read_connections_to(const geo::Address& address,
                                                                       std::uint16_t port);

}  // namespace probes
