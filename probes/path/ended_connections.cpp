// SPDX-License-Identifier: Apache-2.0
#include "probes/path/ended_connections.hpp"

#include "geo/base/nothrow.hpp"
#include "probes/path/sock_diag.hpp"
#include "probes/path/turn.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <exception>
#include <system_error>
#include <utility>

#include <linux/filter.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>
#include <unistd.h>

namespace probes {
namespace {

namespace asio = boost::asio;
using Descriptor = asio::posix::stream_descriptor;

using geo::nothrow;
constexpr std::size_t most_kept = 10'000;
constexpr std::size_t most_filtered = 200;  // ports: a jump leads over 255 instructions at most

/// Makes the kernel drop messages about other ports: a name server has many connections.
void keep_ports(int socket, std::span<const std::uint16_t> ports) {
    if (ports.size() > most_filtered) return;
    constexpr auto port_at = static_cast<std::uint32_t>(NLMSG_HDRLEN + offsetof(inet_diag_msg, id) +
                                                        offsetof(inet_diag_sockid, idiag_sport));
    std::vector<sock_filter> steps{BPF_STMT(BPF_LD | BPF_H | BPF_ABS, port_at)};
    for (std::size_t i = 0; i < ports.size(); ++i) {
        const auto to_the_end = static_cast<std::uint8_t>(ports.size() - i);
        steps.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ports[i], to_the_end, 0));
    }
    steps.push_back(BPF_STMT(BPF_RET | BPF_K, 0));
    steps.push_back(BPF_STMT(BPF_RET | BPF_K, 0xFFFF));
    const sock_fprog program{static_cast<unsigned short>(steps.size()), steps.data()};
    ::setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

/// Opens a socket in the groups that hear of ended connections, or returns -1 and sets errno.
int open_watch(std::span<const std::uint16_t> ports) {
    const int socket =
        ::socket(AF_NETLINK, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (socket < 0) return socket;
    keep_ports(socket, ports);
    sockaddr_nl groups{};
    groups.nl_family = AF_NETLINK;
    groups.nl_groups = 1U << (SKNLGRP_INET_TCP_DESTROY - 1) | 1U << (SKNLGRP_INET6_TCP_DESTROY - 1);
    if (::bind(socket, reinterpret_cast<const sockaddr*>(&groups), sizeof groups) == 0)
        return socket;
    const int fault = errno;
    ::close(socket);
    errno = fault;
    return -1;
}

}  // namespace

/// Owned by the coroutine that listens, too.
struct EndedConnections::Receiver {
    Receiver(asio::io_context& context, int socket) : descriptor{context, socket}, rest{context} {}

    static asio::awaitable<void> listen(std::shared_ptr<Receiver> self) {
        for (;;) {
            const auto [fault] =
                co_await self->descriptor.async_wait(Descriptor::wait_read, nothrow);
            if (fault) co_return;
            int received = 0;
            while (received < most_a_turn && self->receive()) ++received;
            if (received < most_a_turn) continue;
            self->rest.expires_after(rest_after_a_full_turn);
            const auto [cancelled] = co_await self->rest.async_wait(nothrow);
            if (cancelled) co_return;
        }
    }

    /// False when there is nothing more. Lost messages show as an error, too, but do not matter.
    bool receive() {
        alignas(nlmsghdr) std::array<std::uint8_t, 8192> buffer;
        const auto size =
            ::recv(descriptor.native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (size < 0) return errno == ENOBUFS || errno == EINTR;
        const auto& head = *reinterpret_cast<const nlmsghdr*>(buffer.data());
        const auto octets = static_cast<std::size_t>(size);
        if (octets < sizeof head || head.nlmsg_len > octets || kept.size() >= most_kept)
            return true;
        if (auto connection = read_connection(head)) kept.push_back(*connection);
        return true;
    }

    Descriptor descriptor;
    asio::steady_timer rest;
    std::vector<Connection> kept;
};

EndedConnections::EndedConnections(asio::io_context& context) : context_{context} {}

EndedConnections::~EndedConnections() {
    if (receiver_ == nullptr) return;
    boost::system::error_code ignored;
    receiver_->descriptor.cancel(ignored);
    receiver_->rest.cancel();
}

std::string EndedConnections::open(std::span<const std::uint16_t> ports) {
    const int socket = open_watch(ports);
    if (socket < 0) return std::system_category().message(errno);
    receiver_ = std::make_shared<Receiver>(context_, socket);
    // Only a lack of memory can escape: the next reading shows what there is.
    asio::co_spawn(context_, Receiver::listen(receiver_), [](const std::exception_ptr&) {});
    return {};
}

std::vector<Connection> EndedConnections::take() {
    return receiver_ == nullptr ? std::vector<Connection>{} : std::exchange(receiver_->kept, {});
}

}  // namespace probes
