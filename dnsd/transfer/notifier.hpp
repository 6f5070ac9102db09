// SPDX-License-Identifier: Apache-2.0
#pragma once
// Tells one peer that this node's zone has changed (RFC 1996): up to five times, until the peer
// acknowledges. A peer that hears nothing finds out by the refresh timer of the SOA. Control thread
// only.

#include "dnsd/sockets/endpoint.hpp"
#include "dnsd/tsig/keys.hpp"
#include "dnsd/tsig/tsig.hpp"
#include "geo/base/lasting.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <random>

namespace transfer {

class Notifier : public std::enable_shared_from_this<Notifier> {
 public:
    /// `wait` is how long a try waits for an acknowledgement, and the pause after the first try.
    /// Each further pause is twice as long as the one before.
    Notifier(boost::asio::io_context& context, const zones::Name& apex,
             const net::Endpoint& endpoint, std::shared_ptr<const Keys> keys,
             std::chrono::milliseconds wait = std::chrono::seconds{1});

    void start();
    /// Restarts the work if an exception has ended it. The caller does this regularly.
    void revive();
    /// Tells the peer of a change. If the notifier is telling it already, it begins anew.
    void notify();
    void stop();

 private:
    static boost::asio::awaitable<void> run(std::shared_ptr<Notifier> self);
    /// True once the peer has acknowledged.
    boost::asio::awaitable<bool> tell();
    [[nodiscard]] bool acknowledges(std::size_t size);

    zones::Name apex_;
    net::Endpoint endpoint_;
    std::shared_ptr<const Keys> keys_;
    std::chrono::milliseconds wait_;
    boost::asio::ip::udp::socket socket_;
    boost::asio::steady_timer timer_;  // ends a sleep, or the wait for an answer
    std::minstd_rand random_{std::random_device{}()};
    TsigChain chain_;
    std::uint16_t id_ = 0;
    std::vector<std::uint8_t> answer_;
    bool pending_ = false;
    bool sleeping_ = false;
    bool stopped_ = false;
    geo::Lasting running_;
};

}  // namespace transfer
