// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/listen.hpp"

#include "dnsd/net/socket_owner.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

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

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t length = 0;
    [[nodiscard]] const sockaddr* get() const noexcept {
        return reinterpret_cast<const sockaddr*>(&storage);
    }
};

SocketAddress socket_address(const Endpoint& endpoint) {
    SocketAddress result;
    if (endpoint.address.family == Family::V4) {
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(endpoint.port);
        std::array<std::uint8_t, 4> octets{};
        write_octets(endpoint.address, octets);
        std::memcpy(&v4.sin_addr, octets.data(), octets.size());
        std::memcpy(&result.storage, &v4, sizeof v4);
        result.length = sizeof v4;
    } else {
        sockaddr_in6 v6{};
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(endpoint.port);
        std::array<std::uint8_t, 16> octets{};
        write_octets(endpoint.address, octets);
        std::memcpy(&v6.sin6_addr, octets.data(), octets.size());
        std::memcpy(&result.storage, &v6, sizeof v6);
        result.length = sizeof v6;
    }
    return result;
}

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
        return ::bind(number_, address.get(), address.length) == 0;
    }
    [[nodiscard]] std::uint16_t port() const noexcept {
        sockaddr_storage storage{};
        socklen_t length = sizeof storage;
        if (::getsockname(number_, reinterpret_cast<sockaddr*>(&storage), &length) != 0) return 0;
        sockaddr_in v4{};
        sockaddr_in6 v6{};
        if (storage.ss_family == AF_INET) {
            std::memcpy(&v4, &storage, sizeof v4);
            return ntohs(v4.sin_port);
        }
        std::memcpy(&v6, &storage, sizeof v6);
        return ntohs(v6.sin6_port);
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
                           Sharing sharing) {
    if (socket.number() < 0) return Error{to_text(endpoint) + ": " + std::strerror(errno)};
    set_options(socket, endpoint, protocol);
    if (sharing == Sharing::Workers) socket.set(SOL_SOCKET, SO_REUSEPORT, 1);
    if (!socket.bind(endpoint)) return bind_error(endpoint, protocol, errno);
    if (sharing == Sharing::First) socket.set(SOL_SOCKET, SO_REUSEPORT, 1);
    if (protocol == Protocol::Tcp && ::listen(socket.number(), backlog) != 0) {
        return bind_error(endpoint, protocol, errno);
    }
    return socket.port();
}

/// Returns the address before the last colon when an IPv6 address without brackets may also be an
/// address and a port; empty when it is unambiguous.
std::string_view address_before_port(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || !geo::read_address(text)) return {};
    const auto port = text.substr(colon + 1);
    const bool digits = port.find_first_not_of("0123456789") == std::string_view::npos;
    return digits && geo::read_address(text.substr(0, colon)) ? text.substr(0, colon)
                                                              : std::string_view{};
}

}  // namespace

Result<Endpoint> read_endpoint(std::string_view text) {
    if (const auto address = address_before_port(text); !address.empty()) {
        const std::string port{text.substr(address.size())};
        return Error{'"' + std::string{text} + "\" is ambiguous: it may be [" +
                     std::string{address} + "]" + port + " or [" + std::string{text} +
                     "]; write the brackets"};
    }
    const Error error{"expected ADDRESS:PORT, as in 192.0.2.1:53 or [2001:db8::1]:53, found \"" +
                      std::string{text} + "\""};
    std::string_view host = text;
    std::string_view port;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return error;
        host = text.substr(1, end - 1);
        port = text.substr(end + 1);
        if (!port.empty() && !port.starts_with(':')) return error;
    } else if (text.find(':') == text.rfind(':') && text.find(':') != std::string_view::npos) {
        host = text.substr(0, text.find(':'));
        port = text.substr(text.find(':'));
    }
    const auto address = geo::read_address(host);
    if (!address) return error;
    Endpoint endpoint{*address, 53};
    if (port.empty()) return endpoint;
    port.remove_prefix(1);
    const auto* end = port.data() + port.size();
    const auto [behind, fault] = std::from_chars(port.data(), end, endpoint.port);
    if (fault != std::errc{} || behind != end || port.empty()) return error;
    return endpoint;
}

std::string to_text(const Endpoint& endpoint) {
    const auto address = geo::to_text(endpoint.address);
    const auto port = ":" + std::to_string(endpoint.port);
    return endpoint.address.family == Family::V4 ? address + port : "[" + address + "]" + port;
}

Result<SocketPair> open_sockets(const Endpoint& endpoint, Sharing sharing) {
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
