// SPDX-License-Identifier: Apache-2.0
#pragma once
// A UDP socket of the server on loopback, and a client that asks it.

#include "dnsd/net/udp.hpp"
#include "tests/dnsd/query.hpp"

#include <optional>
#include <span>

namespace support {

constexpr geo::Address loopback{geo::Family::V4, geo::Bits{0x7F000001} << 96};

class ServedSocket {
 public:
    /// Queries sent before start() wait at the socket. The server then reads them in whole batches.
    explicit ServedSocket(const net::ServerView& server);
    ~ServedSocket();
    ServedSocket(const ServedSocket&) = delete;
    ServedSocket& operator=(const ServedSocket&) = delete;

    void start() { server_->start(); }
    /// Ends the server once it has answered all queries that it was sent.
    void stop() { server_->stop(); }

    void ask(const Bytes& message) const;
    /// Returns the next answer, as a part of `room`. Empty if none comes within 20 seconds.
    [[nodiscard]] std::span<std::uint8_t> receive(std::span<std::uint8_t> room) const;
    /// Returns how many queries of a few dozen octets may wait on either side.
    [[nodiscard]] std::size_t room() const;

 private:
    std::optional<net::UdpServer> server_;
    int server_socket_ = -1;  // the server's
    int client_ = -1;
};

}  // namespace support
