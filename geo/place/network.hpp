// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which network an address stands for. There are two answers: one for what is measured, one for
// what is limited.

#include "geo/place/address.hpp"

namespace geo {

/// Returns the /24 of an IPv4 address or the /48 of an IPv6 address. Its hosts share their path
/// through the internet: routers take no longer prefixes from each other. What is measured at one
/// of them holds for all.
[[nodiscard]] constexpr Prefix path_network(const Address& address) noexcept {
    return prefix_around(address, address.family == Family::V4 ? 24 : 48);
}

/// Returns the /24 of an IPv4 address or the /56 of an IPv6 address, which one client most likely
/// holds all of. Limits apply to it, not to single addresses.
[[nodiscard]] constexpr Prefix client_network(const Address& address) noexcept {
    return prefix_around(address, address.family == Family::V4 ? 24 : 56);
}

}  // namespace geo
