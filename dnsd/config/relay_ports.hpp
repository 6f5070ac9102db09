// SPDX-License-Identifier: Apache-2.0
#pragma once
// The object "relay" of isochrone.json.

#include "dnsd/sockets/endpoint.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace control {

/// The ports of this machine on which the relay listens. Without ports, the server reads no
/// connections.
struct RelayPorts {
    std::vector<std::uint16_t> ports;
    std::chrono::milliseconds interval{10'000};  // between two readings
    std::chrono::milliseconds window{600'000};   // in which the smallest round trip counts
    std::optional<net::Endpoint> home;           // to which the relay connects
};

}  // namespace control
