// SPDX-License-Identifier: Apache-2.0
#pragma once
// What answers on one core: for each address a UDP socket with its own thread, and one thread with
// an event loop for TCP. Each thread has its own random numbers and its own view of the snapshot.
// Threads share only what is published to them.

#include "dnsd/net/server_view.hpp"
#include "dnsd/net/tcp.hpp"
#include "dnsd/net/udp.hpp"
#include "dnsd/sockets/listen.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace net {

class Worker {
 public:
    /// The worker's threads count their answers in `first_lane` and the lanes after it.
    Worker(const ServerView& server, TcpLimits limits, std::size_t first_lane);
    /// Stops, if it has not been stopped.
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Takes over the sockets of an address. To be called before `start` only.
    void listen(const SocketPair& sockets);
    void start();
    /// Answers what has arrived, lets TCP answers go out for at most half a second, and ends.
    /// Returns at once, so that workers end side by side.
    void begin_stop();
    /// The same, and waits for the end.
    void stop();

 private:
    void run();
    boost::asio::awaitable<void> drain();

    ServerView server_;
    std::size_t next_lane_;
    boost::asio::io_context context_{1};
    engine::SnapshotReader snapshot_;
    geo::Random random_;
    std::vector<std::unique_ptr<UdpServer>> udp_;
    TcpServer tcp_;
    std::thread thread_;
    bool stopping_ = false;  // used by the thread that starts and stops it
};

}  // namespace net
