// SPDX-License-Identifier: Apache-2.0
#pragma once
// "relay" of isochrone.json.

#include "dnsd/net/listen.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace control {

/// Which ports of this machine the relay listens on; none: nothing is read.
struct RelayPorts {
    std::vector<std::uint16_t> ports;
    std::chrono::milliseconds interval{10'000};
    std::chrono::milliseconds window{600'000};  // of the smallest round trip
    std::optional<net::Endpoint> home;          // where the relay's connections lead to
};

}  // namespace control
