// SPDX-License-Identifier: Apache-2.0
#pragma once
// Clients that can do what real ones never do: send half a length or a message in pieces, or never
// read.

#include "tests/e2e/support/message.hpp"
#include "tests/e2e/support/server_process.hpp"

#include <optional>
#include <string>

namespace e2e {

/// A descriptor that closes itself.
class Descriptor {
 public:
    explicit Descriptor(int number = -1) noexcept : number_{number} {}
    Descriptor(Descriptor&& other) noexcept;
    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor();
    [[nodiscard]] int operator*() const noexcept { return number_; }

 private:
    int number_;
};

/// Sends each query in one datagram. The socket is connected, so it receives answers only from the
/// address that was asked.
class UdpClient {
 public:
    explicit UdpClient(const Endpoint& server);

    [[nodiscard]] int descriptor() const noexcept { return *socket_; }
    void send(const Octets& datagram) const;
    /// Returns the next datagram; nothing if none comes in time.
    [[nodiscard]] std::optional<Octets> receive(std::chrono::milliseconds wait = patience) const;
    /// Throws if no answer comes.
    [[nodiscard]] Reply ask(const Query& query) const;

 private:
    Descriptor socket_;
};

class TcpClient {
 public:
    /// The room of the socket for replies that the client does not read.
    enum class Room { Usual, Little };
    explicit TcpClient(const Endpoint& server, Room room = Room::Usual);
    /// Connects from this address of the machine.
    TcpClient(const Endpoint& server, const std::string& from);

    [[nodiscard]] int descriptor() const noexcept { return *socket_; }
    void send(std::span<const std::uint8_t> octets) const;
    /// Sends what the socket takes without waiting, and returns how many octets that was. 0 too if
    /// the socket is closed.
    [[nodiscard]] std::size_t send_some(std::span<const std::uint8_t> octets) const;
    /// Returns a message without its length; nothing if the server has closed, or none comes in
    /// time.
    [[nodiscard]] std::optional<Octets> receive(std::chrono::milliseconds wait = patience) const;
    [[nodiscard]] Reply ask(const Query& query) const;
    /// Waits until the server has closed the connection. False if it does not in time.
    [[nodiscard]] bool closed(std::chrono::milliseconds wait = patience) const;

 private:
    [[nodiscard]] bool read(std::span<std::uint8_t> octets, std::chrono::milliseconds wait) const;
    Descriptor socket_;
};

/// True if the server says NOERROR within a second. One that has just started may not listen yet.
[[nodiscard]] bool answers(const Endpoint& server, const Query& query);

/// Returns the message with its two octets of length before it (RFC 1035 §4.2.2).
[[nodiscard]] Octets framed(const Octets& message);

/// Returns a socket bound to a free port of 127.0.0.1, or another address: SOCK_DGRAM, or a
/// listening SOCK_STREAM. Handshakes succeed though nobody accepts: the queue has room for those of
/// many nodes.
[[nodiscard]] Descriptor bound_socket(int type, Endpoint& at);

/// Finds a port that is free over TCP and UDP on an address of 127.0.0.0/8, for servers that cannot
/// choose one themselves. Not for 127.0.0.1, where any client may take the port before they do.
[[nodiscard]] Endpoint free_endpoint(const std::string& address);

/// Tries the condition until it is true. False if that takes longer than `patience`.
template <class Condition>
bool eventually(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    return true;
}

}  // namespace e2e
