// SPDX-License-Identifier: Apache-2.0
#pragma once
// Receives and sends datagrams in batches, with one system call each way for up to 64 of them.

#include "dnsd/engine/respond.hpp"
#include "dnsd/net/datagram.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace net {

/// One thread receives and sends batches.
class DatagramSocket final : public LateSender {
 public:
    /// Takes over a bound socket.
    explicit DatagramSocket(int socket);
    ~DatagramSocket();
    DatagramSocket(const DatagramSocket&) = delete;
    DatagramSocket& operator=(const DatagramSocket&) = delete;

    enum class Wait : std::uint8_t { No, ForOne };  // for a second at most
    /// Puts the queries that have arrived into `places`, of which there are `batch_size`. They are
    /// valid until the next call.
    [[nodiscard]] Arrivals receive(Wait wait, std::span<engine::Query> places) noexcept;
    /// Wakes whoever waits for a datagram. What has arrived can still be received.
    void end_waiting() noexcept;

    /// Sends at most `batch_size` answers. What does not fit into the network is lost, as on any
    /// hop.
    void send(std::span<const Departure> answers) noexcept;
    void send_late(std::span<const std::uint8_t> answer, const ReturnAddress& to) noexcept override;

    /// For options of the socket.
    [[nodiscard]] int number() const noexcept { return socket_; }

 private:
    struct Batch;
    int socket_;
    std::unique_ptr<Batch> batch_;
};

}  // namespace net
