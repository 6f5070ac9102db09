// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/support/client.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace e2e {
namespace {

using Clock = std::chrono::steady_clock;

struct Address {
    sockaddr_storage storage{};
    socklen_t length = 0;
    [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

Address address_of(const Endpoint& endpoint) {
    Address address;
    sockaddr_in v4{};
    sockaddr_in6 v6{};
    if (inet_pton(AF_INET, endpoint.address.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        v4.sin_port = htons(endpoint.port);
        std::memcpy(&address.storage, &v4, sizeof v4);
        address.length = sizeof v4;
    } else if (inet_pton(AF_INET6, endpoint.address.c_str(), &v6.sin6_addr) == 1) {
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(endpoint.port);
        std::memcpy(&address.storage, &v6, sizeof v6);
        address.length = sizeof v6;
    } else {
        throw std::invalid_argument{"no address: " + endpoint.address};
    }
    return address;
}

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error{errno, std::generic_category(), what};
}

Descriptor open_socket(const Address& address, int type) {
    Descriptor socket{::socket(address.storage.ss_family, type | SOCK_CLOEXEC, 0)};
    if (*socket < 0) fail("socket");
    return socket;
}

void connect(const Descriptor& socket, const Endpoint& server) {
    auto address = address_of(server);
    if (::connect(*socket, address.get(), address.length) != 0) fail("connect");
}

/// Whether there is something to read, or the end, before the deadline.
bool readable(const Descriptor& socket, Clock::time_point deadline) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd waiting{*socket, POLLIN, 0};
    return ::poll(&waiting, 1, static_cast<int>(std::max<std::int64_t>(left, 0))) > 0;
}

}  // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
}

Descriptor::~Descriptor() {
    if (number_ >= 0) ::close(number_);
}

UdpClient::UdpClient(const Endpoint& server)
    : socket_{open_socket(address_of(server), SOCK_DGRAM)} {
    connect(socket_, server);
}

void UdpClient::send(const Octets& datagram) const {
    if (::send(*socket_, datagram.data(), datagram.size(), MSG_NOSIGNAL) < 0) fail("send");
}

std::optional<Octets> UdpClient::receive(std::chrono::milliseconds wait) const {
    if (!readable(socket_, Clock::now() + wait)) return std::nullopt;
    Octets datagram(65535);
    const auto size = ::recv(*socket_, datagram.data(), datagram.size(), 0);
    if (size < 0) return std::nullopt;
    datagram.resize(static_cast<std::size_t>(size));
    return datagram;
}

Reply UdpClient::ask(const Query& query) const {
    send(to_octets(query));
    const auto reply = receive();
    if (!reply) throw std::runtime_error{"no answer over UDP"};
    return read_reply(*reply);
}

TcpClient::TcpClient(const Endpoint& server, Room room)
    : socket_{open_socket(address_of(server), SOCK_STREAM)} {
    const int little = 1024;
    if (room == Room::Little) ::setsockopt(*socket_, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
    connect(socket_, server);
}

TcpClient::TcpClient(const Endpoint& server, const std::string& from)
    : socket_{open_socket(address_of(server), SOCK_STREAM)} {
    const auto own = address_of({from, 0});
    if (::bind(*socket_, reinterpret_cast<const sockaddr*>(&own), sizeof(sockaddr_in)) != 0)
        fail("bind");
    connect(socket_, server);
}

void TcpClient::send(std::span<const std::uint8_t> octets) const {
    while (!octets.empty()) {
        const auto sent = ::send(*socket_, octets.data(), octets.size(), MSG_NOSIGNAL);
        if (sent < 0) fail("send");
        octets = octets.subspan(static_cast<std::size_t>(sent));
    }
}

std::size_t TcpClient::send_some(std::span<const std::uint8_t> octets) const {
    const auto sent = ::send(*socket_, octets.data(), octets.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent < 0 ? 0 : static_cast<std::size_t>(sent);
}

bool TcpClient::read(std::span<std::uint8_t> octets, std::chrono::milliseconds wait) const {
    const auto deadline = Clock::now() + wait;
    while (!octets.empty()) {
        if (!readable(socket_, deadline)) return false;
        const auto size = ::recv(*socket_, octets.data(), octets.size(), 0);
        if (size <= 0) return false;
        octets = octets.subspan(static_cast<std::size_t>(size));
    }
    return true;
}

std::optional<Octets> TcpClient::receive(std::chrono::milliseconds wait) const {
    std::array<std::uint8_t, 2> length{};
    if (!read(length, wait)) return std::nullopt;
    Octets message(std::size_t{length[0]} << 8 | length[1]);
    if (!read(message, wait)) return std::nullopt;
    return message;
}

Reply TcpClient::ask(const Query& query) const {
    send(framed(to_octets(query)));
    const auto reply = receive();
    if (!reply) throw std::runtime_error{"no answer over TCP"};
    return read_reply(*reply);
}

bool TcpClient::closed(std::chrono::milliseconds wait) const {
    const auto deadline = Clock::now() + wait;
    Octets rest(65536);
    while (readable(socket_, deadline)) {
        if (::recv(*socket_, rest.data(), rest.size(), 0) <= 0) return true;
    }
    return false;
}

bool answers(const Endpoint& server, const Query& query) {
    try {
        const UdpClient client{server};
        client.send(to_octets(query));
        const auto reply = client.receive(std::chrono::seconds{1});
        return reply && read_reply(*reply).rcode == "NOERROR";
    } catch (const std::system_error&) {  // refused: its port is not open yet
        return false;
    }
}

Octets framed(const Octets& message) {
    Octets octets{static_cast<std::uint8_t>(message.size() >> 8),
                  static_cast<std::uint8_t>(message.size())};
    octets.insert(octets.end(), message.begin(), message.end());
    return octets;
}

Descriptor bound_socket(int type, Endpoint& at) {
    auto address = address_of(at);
    auto socket = open_socket(address, type);
    if (::bind(*socket, address.get(), address.length) != 0) fail("bind " + to_text(at));
    if (type == SOCK_STREAM && ::listen(*socket, SOMAXCONN) != 0) fail("listen");
    if (::getsockname(*socket, address.get(), &address.length) != 0) fail("getsockname");
    sockaddr_in v4{};
    sockaddr_in6 v6{};
    std::memcpy(&v4, &address.storage, sizeof v4);
    std::memcpy(&v6, &address.storage, sizeof v6);
    at.port = ntohs(address.storage.ss_family == AF_INET ? v4.sin_port : v6.sin6_port);
    return socket;
}

Endpoint free_endpoint(const std::string& address) {
    Endpoint at{address, 0};
    const auto by_tcp = bound_socket(SOCK_STREAM, at);
    const auto by_udp = bound_socket(SOCK_DGRAM, at);
    return at;
}

}  // namespace e2e
