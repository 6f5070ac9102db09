// SPDX-License-Identifier: Apache-2.0
#pragma once
// Clients that may do what real ones never do: half a length, a message in pieces, never reading.

#include "tests/e2e/message.hpp"
#include "tests/e2e/server_process.hpp"

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

/// One datagram, one query. Answers from any other address than the one that was asked are not
/// received: the socket is connected.
class UdpClient {
 public:
    explicit UdpClient(const Endpoint& server);

    [[nodiscard]] int descriptor() const noexcept { return *socket_; }
    void send(const Octets& datagram) const;
    /// Nothing when none comes in time.
    [[nodiscard]] std::optional<Octets> receive(std::chrono::milliseconds wait = patience) const;
    /// Throws when no answer comes.
    [[nodiscard]] Reply ask(const Query& query) const;

 private:
    Descriptor socket_;
};

class TcpClient {
 public:
    /// Where the octets of replies may wait that the client does not read.
    enum class Room { Usual, Little };
    explicit TcpClient(const Endpoint& server, Room room = Room::Usual);
    /// From another address of this machine than the system would choose.
    TcpClient(const Endpoint& server, const std::string& from);

    [[nodiscard]] int descriptor() const noexcept { return *socket_; }
    void send(std::span<const std::uint8_t> octets) const;
    /// Sends what the socket takes without waiting; how much that was. 0 also when it is closed.
    [[nodiscard]] std::size_t send_some(std::span<const std::uint8_t> octets) const;
    /// A message without its length; nothing when the server has closed, or in time.
    [[nodiscard]] std::optional<Octets> receive(std::chrono::milliseconds wait = patience) const;
    [[nodiscard]] Reply ask(const Query& query) const;
    /// Waits until the server has closed the connection. False when it does not in time.
    [[nodiscard]] bool closed(std::chrono::milliseconds wait = patience) const;

 private:
    [[nodiscard]] bool read(std::span<std::uint8_t> octets, std::chrono::milliseconds wait) const;
    Descriptor socket_;
};

/// Whether the server says NOERROR at once: one that has just been started may not be there yet.
[[nodiscard]] bool answers(const Endpoint& server, const Query& query);

/// With its two octets of length before it (RFC 1035 §4.2.2).
[[nodiscard]] Octets framed(const Octets& message);

/// A socket bound to a free port of 127.0.0.1, or another address: SOCK_DGRAM, or a listening
/// SOCK_STREAM. Handshakes succeed though nobody accepts: the queue has room for those of many nodes.
[[nodiscard]] Descriptor bound_socket(int type, Endpoint& at);

/// A port that is free over TCP and UDP on an address of 127.0.0.0/8. For servers that cannot choose
/// one themselves; not of 127.0.0.1, where any client may take it before they do.
[[nodiscard]] Endpoint free_endpoint(const std::string& address);

/// Tries until it is true. False when the patience ends.
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
