// SPDX-License-Identifier: Apache-2.0
#include "tests/dnsd/net/served_socket.hpp"

#include "dnsd/sockets/listen.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace support {
namespace {

/// Octets, as the kernel counts.
std::size_t room_of(int socket) {
    int room = 0;
    socklen_t size = sizeof room;
    ::getsockopt(socket, SOL_SOCKET, SO_RCVBUF, &room, &size);
    return static_cast<std::size_t>(room);
}

}  // namespace

ServedSocket::ServedSocket(const net::ServerView& server) {
    const auto pair =
        net::open_sockets({.address = loopback, .port = 0}, net::PortSharing::Nobody).value();
    ::close(pair.tcp);
    server_socket_ = pair.udp;
    server_.emplace(pair.udp, server, 1, 0);
    client_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const timeval patience{60, 0};  // of a test that fails
    ::setsockopt(client_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    constexpr int much = 4 << 20;
    ::setsockopt(client_, SOL_SOCKET, SO_RCVBUFFORCE, &much, sizeof much);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(pair.endpoint.port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(client_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
}

ServedSocket::~ServedSocket() {
    ::close(client_);
}

void ServedSocket::ask(const Bytes& message) const {
    ::send(client_, message.data(), message.size(), MSG_NOSIGNAL);
}

std::span<std::uint8_t> ServedSocket::receive(std::span<std::uint8_t> room) const {
    const auto size = ::recv(client_, room.data(), room.size(), 0);
    return room.first(size > 0 ? static_cast<std::size_t>(size) : 0);
}

std::size_t ServedSocket::room() const {
    constexpr std::size_t query = 768;  // with what the kernel counts of its own
    return std::min(room_of(client_), room_of(server_socket_)) / query;
}

}  // namespace support
