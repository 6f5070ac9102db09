// SPDX-License-Identifier: Apache-2.0
#pragma once
// The sockets of one listening address: each worker has its own pair, and the kernel spreads
// queries over them (SO_REUSEPORT).

#include "geo/base/result.hpp"
#include "geo/place/address.hpp"

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

/// The pair of sockets that one worker has for an address: bound and non-blocking, the TCP socket
/// listens. Whoever takes the numbers closes them.
struct SocketPair {
    Endpoint endpoint;
    int udp = -1;
    int tcp = -1;
};

/// Who may have the address besides.
enum class Sharing : std::uint8_t {
    Nobody,  // the only worker
    First,   // the first of several: with SO_REUSEPORT alone a second server of the same user would
             // silently take its share of our queries. From then on the address can be shared.
    Workers,  // the others
};

/// Opens a pair. A port of 0 becomes a free one of both protocols, for the first worker only. When
/// the address is in use, the error names the process that has it.
[[nodiscard]] geo::Result<SocketPair> open_sockets(const Endpoint& endpoint, Sharing sharing);

/// Has the kernel spread what comes over the first `count` sockets that share the address of this one,
/// by chance. Whoever of the same user joins them later gets nothing. False when it cannot be.
[[nodiscard]] bool spread_over(int socket, std::size_t count);

}  // namespace net
