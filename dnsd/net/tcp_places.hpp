// SPDX-License-Identifier: Apache-2.0
#pragma once
// The places for the TCP connections of one worker. At a limit the least useful connection is
// closed, not the new one. A stranger is a connection that has not sent a whole query yet; a client
// is one that has. The order:
//   - A stranger is closed if it has had two seconds for its first query.
//   - Strangers have a quarter of the places for themselves. While there are fewer of them, the
//     client that has been silent longest is closed. A stranger whose first query is on its way is
//     therefore not closed for the next one.
//   - At a quarter or more, the oldest stranger is closed: silent strangers take no more places
//     from clients.
//   - Where several could go, one of the network with the most connections goes.
//
// The clients of one network have a limit of their own, and the same order among themselves.

#include "geo/place/address.hpp"

#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <utility>

namespace net {

class TcpConnection;

struct TcpLimits {
    std::size_t connections = 2000;  // of one worker
    std::size_t of_network = 500;    // of these, from one /24 of IPv4 or /56 of IPv6
    std::chrono::milliseconds idle{10'000};
};

class TcpPlaces {
 public:
    using Clock = std::chrono::steady_clock;
    using Connections = std::list<std::shared_ptr<TcpConnection>>;
    /// The number of connections of one network.
    struct Share {
        std::size_t strangers = 0;
        std::size_t clients = 0;

        [[nodiscard]] std::size_t all() const noexcept { return strangers + clients; }
    };

    explicit TcpPlaces(TcpLimits limits) : limits_{limits} {}

    [[nodiscard]] std::size_t taken() const noexcept { return strangers_.size() + clients_.size(); }

    /// Gives a new connection a place, at a limit that of another one.
    void add(const std::shared_ptr<TcpConnection>& connection);
    /// Called when a whole query has come, not only a part: the client's idle time begins anew.
    void make_useful(TcpConnection& connection);
    /// Frees the place of a connection that has ended.
    void forget(const TcpConnection& connection);
    /// Forgets connections whose coroutine an exception has ended: only the places still hold them.
    void forget_ended();

    /// Closes the least useful connection.
    void make_room() { make_room(nullptr); }
    /// Closes connections past their deadline.
    void close_overdue(Clock::time_point now);
    /// Closes connections on which nothing is being sent.
    void close_silent();

 private:
    /// Orders networks by their first addresses.
    struct FirstBits {
        bool operator()(const geo::Address& one, const geo::Address& other) const noexcept {
            return std::pair{one.family, one.bits} < std::pair{other.family, other.bits};
        }
    };

    /// Closes the least useful connection of this network, or of all if it is null.
    void make_room(const geo::Prefix* network);

    TcpLimits limits_;
    Connections strangers_;  // have sent no whole query yet; the oldest first
    Connections clients_;    // the longest silent one first
    std::map<geo::Address, Share, FirstBits> networks_;
};

}  // namespace net
