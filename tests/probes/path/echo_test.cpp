// SPDX-License-Identifier: Apache-2.0
// Real sockets on loopback: whichever way is permitted to who runs this. That each way works, and
// that forged answers count for nothing, is shown in tests/e2e/measuring/measuring_test.cpp.
#include "probes/path/echo.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <vector>

#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace path_echo_test {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using probes::Echo;
using probes::RoundTrip;

namespace {

template <class Asking>
RoundTrip outcome(asio::io_context& context, Asking asking) {
    RoundTrip found;
    bool ended = false;
    asio::co_spawn(context, std::move(asking), [&](const std::exception_ptr&, RoundTrip result) {
        found = result;
        ended = true;
    });
    context.restart();
    while (!ended) context.run_one();
    return found;
}

/// The descriptor of this process that is a socket for ICMP.
int icmp_socket() {
    for (int descriptor = 3; descriptor < 1024; ++descriptor) {
        int protocol = 0;
        socklen_t size = sizeof protocol;
        if (::getsockopt(descriptor, SOL_SOCKET, SO_PROTOCOL, &protocol, &size) == 0 &&
            protocol == IPPROTO_ICMP)
            return descriptor;
    }
    return -1;
}

/// Octets of what waits to be read.
unsigned queued(int socket) {
    std::array<unsigned, SK_MEMINFO_VARS> figures{};
    socklen_t size = sizeof figures;
    REQUIRE(::getsockopt(socket, SOL_SOCKET, SO_MEMINFO, figures.data(), &size) == 0);
    return figures[SK_MEMINFO_RMEM_ALLOC];
}

}  // namespace

TEST_CASE("an address of this machine answers in both families") {
    asio::io_context context;
    Echo echo{context};
    for (const auto* text : {"127.0.0.1", "::1"}) {
        CAPTURE(text);
        const auto address = *geo::read_address(text);
        CAPTURE(probes::to_text(echo.method(address.family)));
        const auto round_trip = outcome(context, echo.ask(address));
        REQUIRE(round_trip.has_value());
        CHECK(*round_trip > 0us);
    }
}

TEST_CASE("many askings at a time are told apart") {
    asio::io_context context;
    Echo echo{context};
    int answered = 0;
    int ended = 0;
    for (std::uint32_t i = 0; i < 200; ++i) {
        const geo::Address address{geo::Family::V4, geo::Bits{0x7F000001U + i} << 96};
        asio::co_spawn(context, echo.ask(address),
                       [&](const std::exception_ptr&, RoundTrip result) {
                           ++ended;
                           answered += result.has_value() ? 1 : 0;
                       });
    }
    while (ended < 200) context.run_one();
    CHECK(answered == 200);
}

TEST_CASE("an asking may be left behind when its sockets and its context go") {
    asio::io_context context;
    std::optional<Echo> echo{context};
    asio::co_spawn(context, echo->ask(*geo::read_address("127.0.0.1")),
                   [](const std::exception_ptr&, const RoundTrip&) {});
    context.run_one();
    echo.reset();
    CHECK_FALSE(context.stopped());
}

TEST_CASE("a refused connection is an answer, as an accepted one is; a blocked address is none") {
    asio::io_context context;
    asio::ip::tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), 0}};
    const auto port = acceptor.local_endpoint().port();
    const auto loopback = *geo::read_address("127.0.0.1");
    CHECK(outcome(context, probes::ask_by_connect(loopback, port)).has_value());
    acceptor.close();
    CHECK(outcome(context, probes::ask_by_connect(loopback, port)).has_value());
    // A broadcast address: the kernel refuses at once.
    CHECK_FALSE(
        outcome(context, probes::ask_by_connect(*geo::read_address("255.255.255.255"), port))
            .has_value());
}

TEST_CASE("however many answers wait, a few of them are read at a time") {
    asio::io_context context;
    Echo echo{context};
    const auto address = *geo::read_address("127.0.0.1");
    if (echo.method(address.family) == Echo::Method::Connect) return;  // none can come
    const int socket = icmp_socket();
    REQUIRE(socket >= 0);
    int ended = 0;
    for (int i = 0; i < 200; ++i) {
        asio::co_spawn(context, echo.ask(address),
                       [&](const std::exception_ptr&, const RoundTrip&) { ++ended; });
    }
    unsigned one = 0;   // octets that a datagram takes in the queue
    unsigned most = 0;  // that were read at once
    while (ended < 200) {
        const auto before = queued(socket);
        context.run_one();
        const auto after = queued(socket);
        if (one == 0) one = after;
        if (after < before) most = std::max(most, before - after);
    }
    REQUIRE(one > 0);
    CHECK(most / one <= 64);
}

}  // namespace path_echo_test
