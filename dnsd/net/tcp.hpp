// SPDX-License-Identifier: Apache-2.0
#pragma once
// DNS over TCP for one worker (RFC 7766): queries are pipelined, answers go out as they are ready.
//
// A connection lives as long as each idle time brings a whole query and the client takes its
// answers within the same time. At a limit the least useful connection is closed, not the new one.
// A stranger is a connection that has not sent a whole query yet; a client is one that has. The
// order:
//   - A stranger is closed if it has had two seconds for its first query.
//   - Strangers have a quarter of the places for themselves. While there are fewer of them, the
//     client that has been silent longest is closed. A stranger whose first query is on its way is
//     therefore not closed for the next one.
//   - At a quarter or more, the oldest stranger is closed: silent strangers take no more places
//     from clients.
//   - Where several could go, one of the network with the most connections goes.
//
// The clients of one network have a limit of their own, and the same order among themselves.

#include "dnsd/net/udp.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
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

/// Lets an exception that has ended a coroutine escape from its context's run().
inline void rethrow(const std::exception_ptr& escaped) {
    if (escaped) std::rethrow_exception(escaped);
}

class TcpServer {
 public:
    TcpServer(boost::asio::io_context& context, TcpLimits limits, const Source& source,
              SnapshotReader& snapshot, geo::Random& random, std::size_t lane);
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

    [[nodiscard]] std::size_t connection_count() const noexcept {
        return strangers_.size() + clients_.size();
    }

 private:
    class Connection;
    using Connections = std::list<std::shared_ptr<Connection>>;
    /// The number of connections of one network.
    struct Share {
        std::size_t strangers = 0;
        std::size_t clients = 0;

        [[nodiscard]] std::size_t all() const noexcept { return strangers + clients; }
    };
    /// Orders networks by their first addresses.
    struct FirstBits {
        bool operator()(const geo::Address& one, const geo::Address& other) const noexcept {
            return std::pair{one.family, one.bits} < std::pair{other.family, other.bits};
        }
    };

    /// Held by a coroutine as long as it exists.
    using Running = std::shared_ptr<const void>;
    struct Listener {
        boost::asio::ip::tcp::acceptor acceptor;
        std::weak_ptr<const void> running{};
    };

    boost::asio::awaitable<void> accept(boost::asio::ip::tcp::acceptor& acceptor, Running);
    boost::asio::awaitable<void> serve(std::shared_ptr<Connection> connection);
    boost::asio::awaitable<void> observe(std::shared_ptr<Connection> connection);
    /// Closes overdue connections, and lets go of old snapshots.
    boost::asio::awaitable<void> sweep(Running);
    void add(boost::asio::ip::tcp::socket socket);
    void make_useful(Connection& connection);
    void forget(const Connection& connection);
    void forget_ended();
    /// Closes the least useful connection of this network, or of all.
    void make_room(const geo::Prefix* network = nullptr);
    [[nodiscard]] Connection* first_to_go(const Connections& connections,
                                          const geo::Prefix* network) const;
    /// Ends the connection's output and waits until the client has received everything.
    boost::asio::awaitable<void> see_off(std::shared_ptr<Connection> connection);

    boost::asio::io_context& context_;
    TcpLimits limits_;
    engine::Observer& observer_;
    std::size_t lane_;
    engine::SeenResolvers* seen_;
    engine::QueryCounters* counters_;
    SnapshotReader& snapshot_;
    geo::Random& random_;
    std::vector<Listener> listeners_;
    std::weak_ptr<const void> sweeping_;
    Connections strangers_;  // have sent no whole query yet; the oldest first
    Connections clients_;    // the longest silent one first
    std::map<geo::Address, Share, FirstBits> networks_;
    boost::asio::steady_timer sweeper_;
    std::vector<std::uint8_t> answers_;  // of one connection, until its socket has taken them
    bool stopping_ = false;
};

}  // namespace net
