// SPDX-License-Identifier: Apache-2.0
#pragma once
// Opens the sockets of a listening address. Each worker has its own pair, and the kernel spreads
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

/// Reads "192.0.2.1:53", "[2001:db8::1]:53", "192.0.2.1" (port 53) or "::1". An error says what is
/// wrong.
[[nodiscard]] geo::Result<Endpoint> read_endpoint(std::string_view text);
[[nodiscard]] std::string to_text(const Endpoint& endpoint);

enum class Protocol : std::uint8_t { Udp, Tcp };

/// The two sockets that one worker has for an address, bound and non-blocking; the TCP socket
/// listens. Whoever takes the descriptors closes them.
struct SocketPair {
    Endpoint endpoint;
    int udp = -1;
    int tcp = -1;
};

/// Who else may have the address.
enum class Sharing : std::uint8_t {
    Nobody,   // the only worker
    First,    // the first of several. It sets SO_REUSEPORT only after it has bound: otherwise a
              // second server of the same user would silently take a share of our queries.
    Workers,  // the others
};

/// Opens a pair of sockets. A port of 0, which only the first worker may ask for, becomes a port
/// that is free in both protocols. When the address is in use, the error names the process that has
/// it.
[[nodiscard]] geo::Result<SocketPair> open_sockets(const Endpoint& endpoint, Sharing sharing);

/// Makes the kernel spread datagrams or connections at random over the first `count` sockets that
/// share this socket's address. A socket of the same user that joins later gets nothing. Returns
/// false when the kernel refuses.
[[nodiscard]] bool spread_over(int socket, std::size_t count);

}  // namespace net
