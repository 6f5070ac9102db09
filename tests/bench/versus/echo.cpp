// SPDX-License-Identifier: Apache-2.0
// What a name server on plain sockets costs at least: sends each query back, marked as a response.
// usage: echo PORT
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

constexpr unsigned batch = 32;
constexpr std::uint8_t response_bit = 0x80;

int open(int type, std::uint16_t port) {
    const int socket = ::socket(AF_INET, type, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    constexpr int on = 1;
    constexpr int room = 4 << 20;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    ::setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
    if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        (type == SOCK_STREAM && ::listen(socket, SOMAXCONN) != 0)) {
        std::perror("echo");
        std::exit(1);
    }
    return socket;
}

void echo_datagrams(int socket) {
    std::array<std::array<std::uint8_t, 4096>, batch> buffers{};
    std::array<sockaddr_in, batch> clients{};
    std::array<iovec, batch> parts{};
    std::array<mmsghdr, batch> messages{};
    for (;;) {
        for (unsigned i = 0; i < batch; ++i) {
            parts[i] = {buffers[i].data(), buffers[i].size()};
            messages[i].msg_hdr = {.msg_name = &clients[i],
                                   .msg_namelen = sizeof clients[i],
                                   .msg_iov = &parts[i],
                                   .msg_iovlen = 1,
                                   .msg_control = nullptr,
                                   .msg_controllen = 0,
                                   .msg_flags = 0};
        }
        const int got = ::recvmmsg(socket, messages.data(), batch, MSG_WAITFORONE, nullptr);
        for (int i = 0; i < got; ++i) {
            const auto at = static_cast<std::size_t>(i);
            buffers[at][2] |= response_bit;
            parts[at].iov_len = messages[at].msg_len;
        }
        if (got > 0) ::sendmmsg(socket, messages.data(), static_cast<unsigned>(got), 0);
    }
}

/// What a client has sent and has not got back.
struct Stream {
    std::array<std::uint8_t, 65536> octets{};
    std::size_t filled = 0;

    /// Sends back what is whole. False when the client is gone.
    bool echo(int socket) {
        const auto got = ::recv(socket, octets.data() + filled, octets.size() - filled, 0);
        if (got <= 0) return false;
        filled += static_cast<std::size_t>(got);
        std::size_t whole = 0;
        while (filled - whole >= 4) {
            const std::size_t end = whole + 2 + (octets[whole] << 8U | octets[whole + 1]);
            if (end > filled) break;
            octets[whole + 4] |= response_bit;
            whole = end;
        }
        if (::send(socket, octets.data(), whole, MSG_NOSIGNAL) != static_cast<ssize_t>(whole))
            return false;
        std::memmove(octets.data(), octets.data() + whole, filled - whole);
        filled -= whole;
        return true;
    }
};

void echo_streams(int listener) {
    const int readiness = ::epoll_create1(0);
    const auto watch = [&](int socket) {
        epoll_event event{.events = EPOLLIN, .data = {.fd = socket}};
        ::epoll_ctl(readiness, EPOLL_CTL_ADD, socket, &event);
    };
    watch(listener);
    std::map<int, Stream> streams;
    std::array<epoll_event, batch> events{};
    for (;;) {
        const int ready = ::epoll_wait(readiness, events.data(), batch, -1);
        for (int i = 0; i < ready; ++i) {
            const int socket = events[static_cast<std::size_t>(i)].data.fd;
            if (socket == listener) {
                const int accepted = ::accept(listener, nullptr, nullptr);
                constexpr int on = 1;
                ::setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                watch(accepted);
            } else if (!streams[socket].echo(socket)) {
                streams.erase(socket);
                ::close(socket);
            }
        }
    }
}

}  // namespace

int main(int count, char** words) {
    if (count != 2) {
        std::cerr << "usage: echo PORT\n";
        return 2;
    }
    const auto port = static_cast<std::uint16_t>(std::atoi(words[1]));
    std::thread{echo_streams, open(SOCK_STREAM, port)}.detach();
    echo_datagrams(open(SOCK_DGRAM, port));
}
