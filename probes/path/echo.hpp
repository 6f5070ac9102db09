// SPDX-License-Identifier: Apache-2.0
#pragma once
// Measures one round trip to an address. It uses ICMP echo where that is permitted: a ping socket,
// if the group is in net.ipv4.ping_group_range, or else a raw socket, with CAP_NET_RAW. Otherwise
// it uses a TCP handshake, for which a reset is an answer as well. One socket per family serves all
// echoes. An answer counts if it comes from the address that was asked and brings back 16 octets
// that nobody else can know. The kernel tells when it arrived, so a busy thread makes no path
// longer, and answers may be read slowly: a flood of them takes only a small share of this thread.
// Control thread.

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
    enum class Method : std::uint8_t { PingSocket, RawSocket, Connect };

    /// Opens no socket yet. `context` must outlive this; an asking under way may outlive this too.
    explicit Echo(boost::asio::io_context& context);
    ~Echo();
    Echo(const Echo&) = delete;
    Echo& operator=(const Echo&) = delete;

    /// Sends one packet that asks for an answer, and waits for it up to two seconds. A TCP
    /// handshake goes to one of two ports, because a host may answer on either: when `door` 0 gets
    /// no answer, ask again with 1. Does not throw.
    [[nodiscard]] boost::asio::awaitable<RoundTrip> ask(geo::Address address, unsigned door = 0);
    /// Returns how addresses of a family are asked.
    [[nodiscard]] Method method(geo::Family family);

 private:
    struct Sockets;
    std::shared_ptr<Sockets> sockets_;
};

[[nodiscard]] std::string_view to_text(Echo::Method method) noexcept;

/// Measures one TCP handshake, or its refusal. Waits for one second: after that TCP repeats its
/// request, and nobody can tell which of the two was answered. Does not throw.
[[nodiscard]] boost::asio::awaitable<RoundTrip> ask_by_connect(geo::Address address,
                                                               std::uint16_t port);

}  // namespace probes
