// SPDX-License-Identifier: Apache-2.0
#pragma once
// The sockets of one listening address: each worker has its own pair, and the kernel spreads
// queries over them (SO_REUSEPORT).

#include "geo/address.hpp"
#include "geo/result.hpp"

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

/// "192.0.2.1:53", "[2001:db8::1]:53", "192.0.2.1" (port 53) or "::1".
[[nodiscard]] geo::Result<Endpoint> read_endpoint(std::string_view text);
[[nodiscard]] std::string to_text(const Endpoint& endpoint);

enum class Protocol : std::uint8_t { Udp, Tcp };

/// Makes sure that nobody else has the address: with SO_REUSEPORT a second server of the same user
/// would silently share our queries. A port of 0 is replaced by a free one of both protocols. The
/// error names the process that has it.
[[nodiscard]] geo::Result<Endpoint> claim(const Endpoint& endpoint);

/// A bound, non-blocking socket; a TCP socket listens. The caller closes it.
[[nodiscard]] geo::Result<int> open_socket(const Endpoint& endpoint, Protocol protocol);

}  // namespace net
