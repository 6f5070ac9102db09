// SPDX-License-Identifier: Apache-2.0
#pragma once
// DNS over TCP for one worker (RFC 7766): queries are pipelined, answers go out as they are ready.
//
// A connection lives as long as each idle time brings a whole query and the client takes its
// answers within the same time. TcpPlaces says which one is closed when the places are full.

#include "dnsd/net/server_view.hpp"
#include "dnsd/net/tcp_places.hpp"
#include "geo/base/lasting.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <vector>

namespace net {

/// Lets an exception that has ended a coroutine escape from its context's run().
inline void rethrow(const std::exception_ptr& escaped) {
    if (escaped) std::rethrow_exception(escaped);
}

class TcpServer {
 public:
    TcpServer(boost::asio::io_context& context, TcpLimits limits, const ServerView& server,
              engine::SnapshotReader& snapshot, geo::Random& random, std::size_t lane);
    ~TcpServer();
    TcpServer(const TcpServer&) = delete;
    TcpServer& operator=(const TcpServer&) = delete;

    /// Takes over a listening socket. To be called before `start` only.
    void listen(int socket, geo::Family family);
    /// Starts what is not running: everything at first, later what an exception has ended, for lack
    /// of memory say, that has escaped from the context's run(). Removes connections that it has
    /// ended.
    void start();
    /// Accepts no more connections, and closes those on which nothing is being sent.
    void stop();

    [[nodiscard]] std::size_t connection_count() const noexcept { return places_.taken(); }

 private:
    struct ListeningSocket {
        boost::asio::ip::tcp::acceptor acceptor;
        geo::Lasting accepting{};
    };

    boost::asio::awaitable<void> accept(boost::asio::ip::tcp::acceptor& acceptor);
    boost::asio::awaitable<void> serve(std::shared_ptr<TcpConnection> connection);
    boost::asio::awaitable<void> observe(std::shared_ptr<TcpConnection> connection);
    /// Closes overdue connections, and lets go of old snapshots.
    boost::asio::awaitable<void> sweep();
    void add(boost::asio::ip::tcp::socket socket);
    /// Ends the connection's output and waits until the client has received everything.
    boost::asio::awaitable<void> see_off(std::shared_ptr<TcpConnection> connection);

    boost::asio::io_context& context_;
    std::chrono::milliseconds idle_;
    engine::Observer& observer_;
    std::size_t lane_;
    engine::SeenResolvers* seen_;
    engine::QueryCounters* counters_;
    engine::SnapshotReader& snapshot_;
    geo::Random& random_;
    std::vector<ListeningSocket> listening_;
    geo::Lasting sweeping_;
    TcpPlaces places_;
    boost::asio::steady_timer sweeper_;
    std::vector<std::uint8_t> answers_;  // of one connection, until its socket has taken them
    bool stopping_ = false;
};

}  // namespace net
