// SPDX-License-Identifier: Apache-2.0
#pragma once
// DNS over TCP for one worker (RFC 7766): queries are pipelined, answers go out as they are ready.
// A connection lives as long as something arrives on it: a whole query within the idle time, and
// its answers are taken within the same. At a limit the least useful connection goes, not the new
// one: among those that have never sent a whole query the oldest, else the one that has been silent
// longest. Clients of one network have a limit of their own.

#include "dnsd/net/udp.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace net {

struct TcpLimits {
    std::size_t connections = 2000;  // of one worker
    std::size_t of_network = 500;    // of these, from one /24 of IPv4 or /56 of IPv6
    std::chrono::milliseconds idle{10'000};
};

class TcpServer {
 public:
    TcpServer(boost::asio::io_context& context, TcpLimits limits, const Source& source,
              SnapshotReader& snapshot, geo::Random& random, std::size_t lane);
    ~TcpServer();
    TcpServer(const TcpServer&) = delete;
    TcpServer& operator=(const TcpServer&) = delete;

    /// Takes over a listening socket.
    void listen(int socket, geo::Family family);
    void start();
    /// Accepts no more, and closes all connections on which nothing is being sent.
    void stop();

    [[nodiscard]] std::size_t connection_count() const noexcept {
        return strangers_.size() + clients_.size();
    }

 private:
    class Connection;
    using Connections = std::list<std::shared_ptr<Connection>>;
    /// An order of networks by their first addresses.
    struct FirstBits {
        bool operator()(const geo::Address& one, const geo::Address& other) const noexcept {
            return std::pair{one.family, one.bits} < std::pair{other.family, other.bits};
        }
    };

    boost::asio::awaitable<void> accept(boost::asio::ip::tcp::acceptor& acceptor);
    boost::asio::awaitable<void> serve(std::shared_ptr<Connection> connection);
    boost::asio::awaitable<void> observe(std::shared_ptr<Connection> connection);
    boost::asio::awaitable<void> sweep();
    void add(boost::asio::ip::tcp::socket socket);
    void make_useful(Connection& connection);
    void forget(const Connection& connection);
    /// Of those in this network, or of all.
    void close_least_useful(const geo::Prefix* network = nullptr);

    boost::asio::io_context& context_;
    TcpLimits limits_;
    engine::Observer& observer_;
    std::size_t lane_;
    engine::SeenResolvers* seen_;
    engine::QueryCounters* counters_;
    SnapshotReader& snapshot_;
    geo::Random& random_;
    std::vector<std::unique_ptr<boost::asio::ip::tcp::acceptor>> acceptors_;
    Connections strangers_;  // have sent no whole query yet; the oldest first
    Connections clients_;    // the longest silent one first
    std::map<geo::Address, std::size_t, FirstBits> networks_;  // connections of each
    boost::asio::steady_timer sweeper_;
    std::vector<std::uint8_t> answers_;  // of one connection, until its socket has them
    bool stopping_ = false;
};

}  // namespace net
