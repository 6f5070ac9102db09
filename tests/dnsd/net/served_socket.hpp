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
    /// What is asked before `start` waits at the socket, and is then read in whole batches.
    explicit ServedSocket(const net::Source& source);
    ~ServedSocket();
    ServedSocket(const ServedSocket&) = delete;
    ServedSocket& operator=(const ServedSocket&) = delete;

    void start() { server_->start(); }
    /// Ends when all that had been asked has been answered.
    void stop() { server_->stop(); }

    void ask(const Bytes& message) const;
    /// The next answer: what of `room` it takes. Empty when none has come for 20 seconds.
    [[nodiscard]] std::span<std::uint8_t> receive(std::span<std::uint8_t> room) const;
    /// How many queries of a few dozen octets may wait on either side.
    [[nodiscard]] std::size_t room() const;

 private:
    std::optional<net::UdpServer> server_;
    int server_socket_ = -1;  // the server's
    int client_ = -1;
};

}  // namespace support
