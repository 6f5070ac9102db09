// SPDX-License-Identifier: Apache-2.0
#pragma once
// One round trip to an address, by ICMP echo where that is permitted (a ping socket: the group is
// in net.ipv4.ping_group_range; else a raw one: CAP_NET_RAW), else by a TCP handshake, of which a
// reset is an answer as well. One socket a family serves all echoes; an answer counts if it comes
// from the address that was asked and brings back 16 octets that nobody else can know. When it came
// is the kernel's word: a thread that was busy makes no path longer, and answers may be read slowly:
// a flood of them has a small share of this thread. Control thread.

#include "geo/place/address.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace probes {

using RoundTrip = std::optional<std::chrono::microseconds>;  // nothing: no answer in time

class Echo {
 public:
    enum class Way : std::uint8_t { PingSocket, RawSocket, Connect };

    /// Opens no socket yet. `context` outlives this; an asking under way may outlive it too.
    explicit Echo(boost::asio::io_context& context);
    ~Echo();
    Echo(const Echo&) = delete;
    Echo& operator=(const Echo&) = delete;

    /// Sends one packet that wants an answer. By a TCP handshake it goes to one of two ports, as there
    /// may be a host behind either: whoever gets no answer tries the other `door`, 1, with another
    /// asking. Waits up to two seconds. Does not throw.
    [[nodiscard]] boost::asio::awaitable<RoundTrip> ask(geo::Address address, unsigned door = 0);
    /// How a family is asked.
    [[nodiscard]] Way way(geo::Family family);

 private:
    struct Sockets;
    std::shared_ptr<Sockets> sockets_;
};

[[nodiscard]] std::string_view to_text(Echo::Way way) noexcept;

/// One TCP handshake, or its refusal. Waits for a second: by then TCP has asked again, and nobody
/// could tell which of both was answered. Does not throw.
[[nodiscard]] boost::asio::awaitable<RoundTrip> ask_by_connect(geo::Address address,
                                                               std::uint16_t port);

}  // namespace probes
