// SPDX-License-Identifier: Apache-2.0
#pragma once
// One TCP connection: its socket, the part of a query that its client has sent, and the answers
// that the client is to get. Only TcpServer and its places use it, in the thread of their worker.

#include "dnsd/engine/observer.hpp"
#include "dnsd/engine/respond.hpp"
#include "dnsd/net/tcp_places.hpp"
#include "dnsd/wire/message.hpp"
#include "geo/place/address.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace net {

class TcpConnection {
 public:
    using Clock = TcpPlaces::Clock;

    static constexpr std::size_t length_size = 2;       // octets before each message
    static constexpr std::size_t longest_query = 4096;  // a longer one is answered with FORMERR
    static constexpr std::size_t write_from = 32768;    // octets of answers; then no query is read
    static constexpr std::size_t most_answered = write_from + length_size + wire::max_message;

    TcpConnection(boost::asio::ip::tcp::socket accepted, std::size_t lane,
                  engine::SeenResolvers* seen, engine::QueryCounters* counters);

    boost::asio::ip::tcp::socket socket;
    engine::Client client;
    geo::Prefix network;
    TcpPlaces::Share* share = nullptr;  // of its network
    Clock::time_point since = Clock::now();
    Clock::time_point deadline;
    TcpPlaces::Connections::iterator place;
    bool useful = false;  // has sent a whole query
    std::array<std::uint8_t, length_size + longest_query> input{};
    std::size_t filled = 0;
    std::vector<std::uint8_t> output;            // what the socket has not taken at once
    std::vector<std::uint8_t> deferred;          // a query to be answered before the others go on
    std::shared_ptr<engine::Continuation> rest;  // of the response that is being sent
    bool writing = false;
    bool last = false;  // to be closed once the output is written

    /// Answers the whole queries at the beginning of the input, until there is enough to write.
    /// Returns how much of `answers`, which has `most_answered` octets, that is.
    std::size_t answer(const engine::Snapshot& snapshot, geo::Random& random,
                       std::span<std::uint8_t> answers);
    /// Gives the socket what it takes without waiting, and keeps the rest.
    void write(std::span<const std::uint8_t> answers);
    /// Adds the next message of a long response. A client that cannot have all of it is to notice
    /// that.
    void go_on();
    void append(std::span<const std::uint8_t> message);

    /// Returns the octets that were written and that the client has not received, FIN included; 0
    /// when nobody will receive them.
    [[nodiscard]] int unsent();
    /// Closes the socket and discards what the client has not taken. The kernel would otherwise
    /// keep it for minutes, for thousands of clients at once.
    void cut_off();
};

}  // namespace net
