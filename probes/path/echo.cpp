// SPDX-License-Identifier: Apache-2.0
#include "probes/path/echo.hpp"

#include "geo/base/clock.hpp"
#include "geo/base/nothrow.hpp"
#include "geo/place/socket_address.hpp"
#include "probes/path/echo_message.hpp"
#include "probes/path/turn.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <cstring>
#include <exception>
#include <random>
#include <unordered_map>

#include <fcntl.h>
#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace probes {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono::microseconds;
using std::chrono::nanoseconds;

using geo::nothrow;
constexpr std::chrono::seconds patience{2};
constexpr std::chrono::seconds before_tcp_asks_again{1};
constexpr std::array<std::uint16_t, 2> web_ports{443, 80};
constexpr std::size_t largest_packet = 1500;
/// Answers read in one turn: more than this server asks for, and next to no time of the thread.

/// Returns the time by the wall clock, which the kernel's time stamps use.
nanoseconds wall_time() {
    return std::chrono::system_clock::now().time_since_epoch();
}

EchoToken random_token() {
    std::random_device device;
    EchoToken token{};
    for (auto& octet : token) octet = static_cast<std::uint8_t>(device());
    return token;
}

/// Returns when a datagram arrived by the kernel's clock; nothing when it does not tell.
std::optional<nanoseconds> stamp_of(msghdr& header) {
    for (auto* control = CMSG_FIRSTHDR(&header); control != nullptr;
         control = CMSG_NXTHDR(&header, control)) {
        if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_TIMESTAMPNS) continue;
        timespec stamp{};
        std::memcpy(&stamp, CMSG_DATA(control), sizeof stamp);
        return std::chrono::seconds{stamp.tv_sec} + nanoseconds{stamp.tv_nsec};
    }
    return std::nullopt;
}

int open_socket(geo::Family family, int type) {
    const bool v4 = family == geo::Family::V4;
    const int socket = ::socket(v4 ? AF_INET : AF_INET6, type | SOCK_NONBLOCK | SOCK_CLOEXEC,
                                v4 ? int{IPPROTO_ICMP} : int{IPPROTO_ICMPV6});
    if (socket < 0) return socket;
    const int on = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    if (type != SOCK_RAW) return socket;
    // Without a filter the kernel gives a raw socket all ICMP that the machine receives.
    if (v4) {
        const icmp_filter filter{~(1U << ICMP_ECHOREPLY)};
        ::setsockopt(socket, SOL_RAW, ICMP_FILTER, &filter, sizeof filter);
        return socket;
    }
    icmp6_filter filter{};
    ICMP6_FILTER_SETBLOCKALL(&filter);
    ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &filter);
    ::setsockopt(socket, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof filter);
    return socket;
}

/// Closes by a reset, so that no asking leaves a minute of TIME_WAIT.
void close(tcp::socket& socket) {
    boost::system::error_code ignored;
    socket.set_option(tcp::socket::linger{true, 0}, ignored);
    socket.close(ignored);
}

asio::awaitable<RoundTrip> connect(tcp::endpoint to) {
    const auto executor = co_await asio::this_coro::executor;
    tcp::socket socket{executor};
    asio::steady_timer deadline{executor, before_tcp_asks_again};
    const auto start = Clock::now();
    auto race = asio::experimental::make_parallel_group(socket.async_connect(to, asio::deferred),
                                                        deadline.async_wait(asio::deferred));
    const auto [order, fault, cancelled] =
        co_await race.async_wait(asio::experimental::wait_for_one{}, asio::use_awaitable);
    const auto round_trip = std::chrono::duration_cast<microseconds>(Clock::now() - start);
    close(socket);
    if (order.front() == 1) co_return std::nullopt;
    if (fault && fault != asio::error::connection_refused) co_return std::nullopt;
    co_return round_trip;
}

}  // namespace

/// The sockets, owned by each asking under way and by the coroutines that wait for answers.
struct Echo::Sockets : std::enable_shared_from_this<Sockets> {
    explicit Sockets(asio::io_context& of) : context{of} {}

    /// An echo whose answer is awaited; it lives in the coroutine that asks.
    struct Waiting {
        geo::Address address;
        EchoToken token;
        Time sent;
        nanoseconds sent_wall;
        asio::steady_timer timer;
        RoundTrip round_trip;
    };
    struct Side {
        Method method = Method::Connect;
        std::optional<asio::posix::stream_descriptor> socket;
        std::optional<asio::steady_timer> rest;
        bool opened = false;
    };

    Side& side(geo::Family family) {
        auto& found = sides.at(static_cast<std::size_t>(family));
        if (!std::exchange(found.opened, true)) open(found, family);
        return found;
    }

    void open(Side& to, geo::Family family) {
        for (const auto method : {Method::PingSocket, Method::RawSocket}) {
            const int socket =
                open_socket(family, method == Method::PingSocket ? SOCK_DGRAM : SOCK_RAW);
            if (socket < 0) continue;
            to.method = method;
            to.socket.emplace(context, socket);
            to.rest.emplace(context);
            // No exception escapes: reading answers needs no heap.
            asio::co_spawn(context, listen(shared_from_this(), family),
                           [](const std::exception_ptr&) {});
            return;
        }
    }

    static asio::awaitable<void> listen(std::shared_ptr<Sockets> self, geo::Family family) {
        auto& side = self->sides.at(static_cast<std::size_t>(family));
        for (;;) {
            const auto [fault] = co_await side.socket->async_wait(
                asio::posix::stream_descriptor::wait_read, nothrow);
            if (fault) co_return;
            int received = 0;
            while (received < most_a_turn && self->receive(family)) ++received;
            if (received < most_a_turn) continue;
            side.rest->expires_after(rest_after_a_full_turn);
            const auto [cancelled] = co_await side.rest->async_wait(nothrow);
            if (cancelled) co_return;
        }
    }

    /// Reads one datagram. False when none has arrived.
    bool receive(geo::Family family) {
        auto& from_side = side(family);
        std::array<std::uint8_t, largest_packet> packet{};
        alignas(cmsghdr) std::array<std::uint8_t, CMSG_SPACE(sizeof(timespec))> control{};
        geo::SocketAddress from;
        iovec in{packet.data(), packet.size()};
        msghdr header{};
        header.msg_name = from.data();
        header.msg_namelen = geo::SocketAddress::capacity;
        header.msg_iov = &in;
        header.msg_iovlen = 1;
        header.msg_control = control.data();
        header.msg_controllen = control.size();
        const auto size = ::recvmsg(from_side.socket->native_handle(), &header, MSG_DONTWAIT);
        if (size < 0) return false;
        auto message = std::span<const std::uint8_t>{packet}.first(static_cast<std::size_t>(size));
        if (from_side.method == Method::RawSocket && family == geo::Family::V4) {
            message = behind_ip_header(message);
        }
        const auto answer = read_echo(family, message);
        if (answer) take(*answer, from.address(), stamp_of(header));
        return true;
    }

    void take(const EchoAnswer& answer, const geo::Address& from, std::optional<nanoseconds> came) {
        const auto found = waiting.find(answer.sequence);
        if (found == waiting.end()) return;
        auto& echo = *found->second;
        if (echo.round_trip || echo.address != from || echo.token != answer.token) return;
        nanoseconds took = Clock::now() - echo.sent;
        // If the wall clock was set meanwhile, the difference says nothing.
        const auto told = came.value_or(nanoseconds{0}) - echo.sent_wall;
        if (told.count() > 0 && told < took) took = told;
        echo.round_trip = std::max(microseconds{1}, std::chrono::duration_cast<microseconds>(took));
        echo.timer.cancel();
    }

    static asio::awaitable<RoundTrip> ask(std::shared_ptr<Sockets> self, geo::Address address) {
        auto& side = self->side(address.family);
        if (self->waiting.size() >= 0xFFFF) co_return std::nullopt;
        while (self->waiting.contains(++self->sequence)) {
        }
        const auto sequence = self->sequence;
        Waiting echo{.address = address,
                     .token = random_token(),
                     .sent = Clock::now(),
                     .sent_wall = wall_time(),
                     .timer = asio::steady_timer{self->context, patience},
                     .round_trip = {}};
        const auto message = write_echo(address.family, self->identifier, sequence, echo.token);
        const geo::SocketAddress to{address};
        const auto sent = ::sendto(side.socket->native_handle(), message.data(), message.size(),
                                   MSG_DONTWAIT, to.data(), to.size());
        if (sent < 0) co_return std::nullopt;
        self->waiting.emplace(sequence, &echo);
        co_await echo.timer.async_wait(nothrow);
        self->waiting.erase(sequence);
        co_return echo.round_trip;
    }

    asio::io_context& context;
    std::array<Side, 2> sides;
    std::unordered_map<std::uint16_t, Waiting*> waiting;  // by sequence
    std::uint16_t sequence = 0;
    std::uint16_t identifier = static_cast<std::uint16_t>(std::random_device{}());  // of raw echoes
};

Echo::Echo(asio::io_context& context) : sockets_{std::make_shared<Sockets>(context)} {}

Echo::~Echo() {
    for (auto& side : sockets_->sides) {
        boost::system::error_code ignored;
        if (side.socket) side.socket->cancel(ignored);
        if (side.rest) side.rest->cancel();
    }
}

Echo::Method Echo::method(geo::Family family) {
    return sockets_->side(family).method;
}

asio::awaitable<RoundTrip> Echo::ask(geo::Address address, unsigned door) {
    if (method(address.family) != Method::Connect)
        co_return co_await Sockets::ask(sockets_, address);
    co_return co_await ask_by_connect(address, web_ports[door % web_ports.size()]);
}

std::string_view to_text(Echo::Method method) noexcept {
    constexpr std::array<std::string_view, 3> texts{"ping socket", "raw socket", "TCP connect"};
    return texts[static_cast<std::size_t>(method)];
}

asio::awaitable<RoundTrip> ask_by_connect(geo::Address address, std::uint16_t port) {
    try {
        co_return co_await connect(geo::SocketAddress{address, port}.as<tcp::endpoint>());
    } catch (const std::exception&) {  // no descriptors, no memory: nobody knows
        co_return std::nullopt;
    }
}

}  // namespace probes
