// SPDX-License-Identifier: Apache-2.0
#pragma once
// What one client is likely to have all of: by it clients are limited, not by their addresses.

#include "geo/place/address.hpp"

namespace engine {

/// The /24 of an IPv4 address, the /56 of an IPv6 address.
[[nodiscard]] constexpr geo::Prefix client_network(const geo::Address& client) noexcept {
    return geo::prefix_around(client, client.family == geo::Family::V4 ? 24 : 56);
}

}  // namespace engine
