// SPDX-License-Identifier: Apache-2.0
#pragma once
// Opens the sockets of a listening address. Each worker has its own pair, and the kernel spreads
// queries over them (SO_REUSEPORT).

#include "dnsd/sockets/endpoint.hpp"
#include "geo/base/result.hpp"

#include <cstddef>
#include <cstdint>

namespace net {

enum class Protocol : std::uint8_t { Udp, Tcp };

/// The two sockets that one worker has for an address, bound and non-blocking; the TCP socket
/// listens. Whoever takes the descriptors closes them.
struct SocketPair {
    Endpoint endpoint;
    int udp = -1;
    int tcp = -1;
};

/// Who else may have the address.
enum class PortSharing : std::uint8_t {
    Nobody,   // the only worker
    First,    // the first of several. It sets SO_REUSEPORT only after it has bound: otherwise a
              // second server of the same user would silently take a share of our queries.
    Workers,  // the others
};

/// Opens a pair of sockets. A port of 0, which only the first worker may ask for, becomes a port
/// that is free in both protocols. When the address is in use, the error names the process that has
/// it.
[[nodiscard]] geo::Result<SocketPair> open_sockets(const Endpoint& endpoint, PortSharing sharing);

/// Makes the kernel spread datagrams or connections at random over the first `count` sockets that
/// share this socket's address. A socket of the same user that joins later gets nothing. Returns
/// false when the kernel refuses.
[[nodiscard]] bool spread_over(int socket, std::size_t count);

}  // namespace net
