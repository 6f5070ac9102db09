// SPDX-License-Identifier: Apache-2.0
#pragma once
// One UDP socket of one worker. Datagrams are read and answered in batches: one system call each
// way for up to 32 queries, one wait for as many batches as there are.

#include "dnsd/control/publisher.hpp"
#include "dnsd/engine/respond.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

#include <memory>

namespace net {

using SnapshotReader = control::Publisher<engine::Snapshot>::Reader;

class UdpServer {
 public:
    /// Takes over a bound, non-blocking socket. `snapshot` and `random` belong to the worker.
    UdpServer(boost::asio::io_context& context, int socket, geo::Family family,
              SnapshotReader& snapshot, geo::Random& random);
    ~UdpServer();
    UdpServer(const UdpServer&) = delete;
    UdpServer& operator=(const UdpServer&) = delete;

    void start();
    /// Answers what the socket has received already, then closes it.
    void stop();

 private:
    struct Batch;
    boost::asio::awaitable<void> serve();
    /// Reads and answers one batch. The number of datagrams read.
    std::size_t serve_batch() noexcept;

    boost::asio::ip::udp::socket socket_;
    SnapshotReader& snapshot_;
    geo::Random& random_;
    std::unique_ptr<Batch> batch_;
};

}  // namespace net
