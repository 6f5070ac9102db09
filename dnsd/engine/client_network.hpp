// SPDX-License-Identifier: Apache-2.0
#pragma once
// The network that one client most likely holds all of. Limits apply to it, not to single
// addresses.

#include "geo/place/address.hpp"

namespace engine {

/// Returns the /24 of an IPv4 address or the /56 of an IPv6 address.
[[nodiscard]] constexpr geo::Prefix client_network(const geo::Address& client) noexcept {
    return geo::prefix_around(client, client.family == geo::Family::V4 ? 24 : 56);
}

}  // namespace engine
