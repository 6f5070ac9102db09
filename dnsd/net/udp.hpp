// SPDX-License-Identifier: Apache-2.0
#pragma once
// One UDP socket and the thread that answers on it. The thread reads and answers datagrams in
// batches, with one system call each way for up to 64 queries. It sleeps in the read itself: an
// event loop that watches a socket costs the kernel a wake-up call for each datagram, 8 % of all
// CPU at full load.

#include "dnsd/engine/observer.hpp"
#include "dnsd/engine/publisher.hpp"
#include "dnsd/engine/respond.hpp"
#include "dnsd/net/busy_polling.hpp"
#include "dnsd/net/held_replies.hpp"
#include "dnsd/net/receive_queue.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <thread>

#include <sys/socket.h>

namespace net {

using Snapshots = engine::Publisher<engine::Snapshot>;
using SnapshotReader = Snapshots::Reader;

/// What an answering thread uses of its server. All of it outlives the thread.
struct Source {
    const Snapshots& snapshots;
    engine::Observer& observer;
    std::span<engine::SeenResolvers> seen{};      // one for each lane, or none at all
    std::span<engine::QueryCounters> counters{};  // the same

    [[nodiscard]] engine::SeenResolvers* seen_in(std::size_t lane) const noexcept {
        return lane < seen.size() ? &seen[lane] : nullptr;
    }
    [[nodiscard]] engine::QueryCounters* counters_in(std::size_t lane) const noexcept {
        return lane < counters.size() ? &counters[lane] : nullptr;
    }
};

class UdpServer {
 public:
    /// Takes over a bound socket. `seed` is for the random numbers of weighted answers; `lane` is
    /// where its answers are counted.
    UdpServer(int socket, const Source& source, std::uint64_t seed, std::size_t lane);
    /// Stops, if it has not been stopped.
    ~UdpServer();
    UdpServer(const UdpServer&) = delete;
    UdpServer& operator=(const UdpServer&) = delete;

    void start();
    /// Lets the thread answer what the socket has already received, and then end. Returns at once.
    void begin_stop() noexcept;
    /// The same, and waits for the end.
    void stop();

 private:
    struct Batch;
    struct Return;
    void run() noexcept;
    /// Reads and answers one batch. Returns the number of datagrams read.
    std::size_t serve_batch(int flags) noexcept;
    void send(unsigned replies) noexcept;
    /// Sends the oldest held replies, one batch at most.
    void send_held() noexcept;
    void defer(wire::Octets query, const engine::Client& client, const msghdr& header) noexcept;

    int socket_;
    ReceiveQueue queue_;
    BusyPolling polling_;
    HeldReplies held_;
    engine::Observer& observer_;
    SnapshotReader snapshot_;
    geo::Random random_;
    engine::RateLimiter limiter_;
    std::unique_ptr<Batch> batch_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace net
