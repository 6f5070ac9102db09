// SPDX-License-Identifier: Apache-2.0
#pragma once
// An address and a port, as operators write them.

#include "geo/base/result.hpp"
#include "geo/place/address.hpp"
#include "geo/place/socket_address.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace net {

struct Endpoint {
    geo::Address address;
    std::uint16_t port = 53;

    bool operator==(const Endpoint&) const = default;
    [[nodiscard]] bool any_address() const noexcept { return address.bits == 0; }
};

/// Reads "192.0.2.1:53", "[2001:db8::1]:53", "192.0.2.1" (port 53) or "::1". An error says what is
/// wrong.
[[nodiscard]] geo::Result<Endpoint> read_endpoint(std::string_view text);
[[nodiscard]] std::string to_text(const Endpoint& endpoint);
/// Returns the form that the kernel and Asio take.
[[nodiscard]] inline geo::SocketAddress socket_address(const Endpoint& endpoint) noexcept {
    return geo::SocketAddress{endpoint.address, endpoint.port};
}

}  // namespace net
