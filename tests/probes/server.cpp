// SPDX-License-Identifier: Apache-2.0
#include "tests/probes/server.hpp"

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace probes_test {
namespace {

constexpr int settled = 200;  // milliseconds in which a connection over loopback is made, or never

struct SocketAddress {
    sockaddr_in6 v6{};
    sockaddr_in v4{};
    sockaddr* pointer = nullptr;
    socklen_t size = 0;
};

void set_loopback(SocketAddress& address, Loopback loopback, std::uint16_t port) {
    address.v4.sin_family = AF_INET;
    address.v4.sin_port = htons(port);
    address.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.v6.sin6_family = AF_INET6;
    address.v6.sin6_port = htons(port);
    address.v6.sin6_addr = in6addr_loopback;
    const bool v4 = loopback == Loopback::V4;
    address.pointer =
        v4 ? reinterpret_cast<sockaddr*>(&address.v4) : reinterpret_cast<sockaddr*>(&address.v6);
    address.size = v4 ? sizeof address.v4 : sizeof address.v6;
}

void require(bool done, const char* what) {
    if (!done) throw std::system_error{errno, std::generic_category(), what};
}

}  // namespace

Descriptor::~Descriptor() {
    if (number_ >= 0) ::close(number_);
}

Descriptor bind_loopback(Loopback loopback) {
    const int family = loopback == Loopback::V4 ? AF_INET : AF_INET6;
    Descriptor socket{::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    require(socket.number() >= 0, "socket");
    SocketAddress address;
    set_loopback(address, loopback, 0);
    require(::bind(socket.number(), address.pointer, address.size) == 0, "bind");
    return socket;
}

std::uint16_t port_of(const Descriptor& socket) {
    sockaddr_in6 address{};  // the port is where that of IPv4 is
    socklen_t size = sizeof address;
    require(::getsockname(socket.number(), reinterpret_cast<sockaddr*>(&address), &size) == 0,
            "getsockname");
    return ntohs(address.sin6_port);
}

Server::Server(Script script, Loopback loopback)
    : script_{std::move(script)}, listener_{bind_loopback(loopback)} {
    require(::listen(listener_.number(), SOMAXCONN) == 0, "listen");
    thread_ = std::thread{&Server::serve, this};
}

Server::~Server() {
    ::shutdown(listener_.number(), SHUT_RDWR);  // wakes the thread up
    thread_.join();
}

void Server::serve() {
    for (;;) {
        const Descriptor socket{::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC)};
        if (socket.number() < 0) return;
        ++accepted_;
        script_(socket.number());
    }
}

FullListener::FullListener() : listener_{bind_loopback()} {
    require(::listen(listener_.number(), 0) == 0, "listen");
    SocketAddress address;
    set_loopback(address, Loopback::V4, port());
    for (bool connected = true; connected;) {
        Descriptor socket{::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
        const int status = ::connect(socket.number(), address.pointer, address.size);
        require(status == 0 || errno == EINPROGRESS, "connect");
        pollfd writable{socket.number(), POLLOUT, 0};
        connected = ::poll(&writable, 1, settled) == 1;
        waiting_.push_back(std::move(socket));
    }
}

std::string read_head(int socket) {
    std::string head;
    std::array<char, 1024> octets{};
    while (head.find("\r\n\r\n") == std::string::npos) {
        const auto size = ::read(socket, octets.data(), octets.size());
        if (size <= 0) break;
        head.append(octets.data(), static_cast<std::size_t>(size));
    }
    return head;
}

bool write_all(int socket, std::string_view text) {
    while (!text.empty()) {
        const auto size = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
        if (size < 0) return false;
        text.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
}

void wait_for_close(int socket) {
    std::array<char, 1024> octets{};
    while (::read(socket, octets.data(), octets.size()) > 0) {
    }
}

void reset_at_close(int socket) {
    const linger hard{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

Server::Script answer(std::string text) {
    return [text = std::move(text)](int socket) {
        read_head(socket);
        write_all(socket, text);
    };
}

Server::Script answer_and_wait(std::string text) {
    return [text = std::move(text)](int socket) {
        read_head(socket);
        write_all(socket, text);
        wait_for_close(socket);
    };
}

}  // namespace probes_test
