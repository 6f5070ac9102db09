// SPDX-License-Identifier: Apache-2.0
#pragma once
// One UDP socket and the thread that answers on it. The thread sleeps in the read itself: an event
// loop that watches a socket costs the kernel a wake-up call for each datagram, 8 % of all CPU at
// full load.

#include "dnsd/net/answerer.hpp"
#include "dnsd/net/busy_polling.hpp"
#include "dnsd/net/datagram_socket.hpp"
#include "dnsd/net/receive_queue.hpp"
#include "dnsd/net/server_view.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>

namespace net {

class UdpServer {
 public:
    /// Takes over a bound socket. `seed` and `lane` are those of its Answerer.
    UdpServer(int socket, const ServerView& server, std::uint64_t seed, std::size_t lane);
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
    void run() noexcept;
    /// Reads and answers one batch. Returns the number of datagrams read.
    std::size_t serve_batch(DatagramSocket::Wait wait) noexcept;

    DatagramSocket socket_;
    ReceiveQueue queue_;
    BusyPolling polling_;
    Answerer answerer_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace net
