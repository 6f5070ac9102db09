// SPDX-License-Identifier: Apache-2.0
#include "dnsd/sockets/listen.hpp"

#include "dnsd/sockets/socket_owner.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace net {
namespace {

using geo::Error;
using geo::Family;
using geo::Result;

constexpr int backlog = 1024;

class Socket {
 public:
    Socket(const Endpoint& endpoint, Protocol protocol)
        : number_{::socket(
              endpoint.address.family == Family::V4 ? AF_INET : AF_INET6,
              (protocol == Protocol::Udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC,
              0)} {
        if (endpoint.address.family == Family::V6) set(IPPROTO_IPV6, IPV6_V6ONLY, 1);
        // The listener's old connections in TIME_WAIT must not prevent a restart from binding.
        if (protocol == Protocol::Tcp) set(SOL_SOCKET, SO_REUSEADDR, 1);
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    ~Socket() {
        if (number_ >= 0) ::close(number_);
    }
    [[nodiscard]] int number() const noexcept { return number_; }
    int release() noexcept {
        const int number = number_;
        number_ = -1;
        return number;
    }
    void set(int level, int option, int value) const noexcept {
        ::setsockopt(number_, level, option, &value, sizeof value);
    }
    [[nodiscard]] bool bind(const Endpoint& endpoint) const noexcept {
        const auto address = socket_address(endpoint);
        return ::bind(number_, address.data(), address.size()) == 0;
    }
    [[nodiscard]] std::uint16_t port() const noexcept {
        geo::SocketAddress bound;
        socklen_t length = geo::SocketAddress::capacity;
        return ::getsockname(number_, bound.data(), &length) == 0 ? bound.port() : 0;
    }

 private:
    int number_;
};

Error bind_error(const Endpoint& endpoint, Protocol protocol, int number) {
    const std::string name = to_text(endpoint) + (protocol == Protocol::Udp ? "/udp" : "/tcp");
    if (number == EADDRINUSE) {
        const auto owner = socket_owner(endpoint, protocol);
        return {name + " is in use" + (owner.empty() ? "" : " by " + owner) +
                "; choose another address or port with --listen ADDRESS:PORT"};
    }
    std::string text = name + ": " + std::strerror(number);
    if (number == EACCES) text += "; ports below 1024 need root or CAP_NET_BIND_SERVICE";
    if (number == EADDRNOTAVAIL) text += "; no interface of this machine has the address";
    return {text};
}

void set_options(const Socket& socket, const Endpoint& endpoint, Protocol protocol) {
    if (protocol == Protocol::Tcp) {
        socket.set(IPPROTO_TCP, TCP_NODELAY, 1);
        return;
    }
    // Datagrams are not fragmented: an attacker could put fragments of his own among them. The path
    // MTU is not learnt, because he could invent one (RFC 9715 §3.1). A datagram that needs no
    // number for its fragments is also sent sooner.
    if (endpoint.address.family == Family::V4) {
        socket.set(IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE);
        if (endpoint.any_address()) socket.set(IPPROTO_IP, IP_PKTINFO, 1);
    } else {
        socket.set(IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_OMIT);
        if (endpoint.any_address()) socket.set(IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
    }
}

/// Binds a socket, and listens if it is a TCP socket. Returns the port that it got.
Result<std::uint16_t> bind(const Socket& socket, const Endpoint& endpoint, Protocol protocol,
                           PortSharing sharing) {
    if (socket.number() < 0) return Error{to_text(endpoint) + ": " + std::strerror(errno)};
    set_options(socket, endpoint, protocol);
    if (sharing == PortSharing::Workers) socket.set(SOL_SOCKET, SO_REUSEPORT, 1);
    if (!socket.bind(endpoint)) return bind_error(endpoint, protocol, errno);
    if (sharing == PortSharing::First) socket.set(SOL_SOCKET, SO_REUSEPORT, 1);
    if (protocol == Protocol::Tcp && ::listen(socket.number(), backlog) != 0) {
        return bind_error(endpoint, protocol, errno);
    }
    return socket.port();
}

}  // namespace

Result<SocketPair> open_sockets(const Endpoint& endpoint, PortSharing sharing) {
    // The port that UDP gets for port 0 may be taken in TCP: then try another one.
    constexpr int attempts = 20;
    Error last;
    for (int i = 0; i < attempts; ++i) {
        Socket udp{endpoint, Protocol::Udp};
        const auto port = bind(udp, endpoint, Protocol::Udp, sharing);
        if (!port) return port.error();
        const Endpoint bound{endpoint.address, *port};
        Socket tcp{bound, Protocol::Tcp};
        const auto listening = bind(tcp, bound, Protocol::Tcp, sharing);
        if (listening) return SocketPair{bound, udp.release(), tcp.release()};
        last = listening.error();
        if (endpoint.port != 0) break;
    }
    return last;
}

bool spread_over(int socket, std::size_t count) {
    // Without a program the kernel also counts sockets that have joined since.
    std::array<sock_filter, 3> code{
        sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                             static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_RANDOM)),
        sock_filter BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, static_cast<std::uint32_t>(count)),
        sock_filter BPF_STMT(BPF_RET | BPF_A, 0)};
    const sock_fprog program{.len = static_cast<unsigned short>(code.size()),
                             .filter = code.data()};
    return ::setsockopt(socket, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &program, sizeof program) ==
           0;
}

}  // namespace net
