// SPDX-License-Identifier: Apache-2.0
#pragma once
// One UDP socket and the thread that answers on it. Datagrams are read and answered in batches, one
// system call each way for up to 32 queries. The thread sleeps in the read itself: a socket that an
// event loop watches costs the kernel a wake-up call for each datagram, 8 % of all CPU at full load.

#include "dnsd/control/publisher.hpp"
#include "dnsd/engine/respond.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>

namespace net {

using Snapshots = control::Publisher<engine::Snapshot>;
using SnapshotReader = Snapshots::Reader;

class UdpServer {
 public:
    /// Takes over a bound socket. `seed` is for the random numbers of weighted answers.
    UdpServer(int socket, const Snapshots& snapshots, std::uint64_t seed);
    /// Stops, if it has not been stopped.
    ~UdpServer();
    UdpServer(const UdpServer&) = delete;
    UdpServer& operator=(const UdpServer&) = delete;

    void start();
    /// Lets the thread answer what the socket has received already, and end. Returns at once.
    void begin_stop() noexcept;
    /// The same, and waits for the end.
    void stop();

 private:
    struct Batch;
    void run() noexcept;
    /// Reads and answers one batch. The number of datagrams read.
    std::size_t serve_batch(int flags) noexcept;
    void send(unsigned answers) noexcept;

    int socket_;
    SnapshotReader snapshot_;
    geo::Random random_;
    std::unique_ptr<Batch> batch_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace net
