// SPDX-License-Identifier: Apache-2.0
#pragma once
// The root of a small internet and its zone example.com, both served by NSD at one address.

#include "tests/e2e/interop/peer_server.hpp"

#include <string>

namespace e2e {

constexpr const char* parent_address = "203.0.113.53";

/// Returns example.com with these lines, as `isochrone delegation` prints them.
[[nodiscard]] PeerZone parent_zone(const std::string& delegation);

/// Serves both zones, at port 53 of the address.
[[nodiscard]] PeerServer parent_server(const std::string& delegation);

}  // namespace e2e
