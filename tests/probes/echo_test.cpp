// SPDX-License-Identifier: Apache-2.0
// Real sockets on loopback: whichever way is permitted to who runs this. That each way works, and
// that forged answers count for nothing, is shown in tests/e2e/measuring_test.cpp.
#include "probes/echo.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <doctest/doctest.h>

#include <vector>

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

}  // namespace

TEST_CASE("an address of this machine answers within milliseconds, in both families") {
    asio::io_context context;
    Echo echo{context};
    for (const auto* text : {"127.0.0.1", "::1"}) {
        CAPTURE(text);
        const auto address = *geo::read_address(text);
        CAPTURE(probes::to_text(echo.way(address.family)));
        const auto round_trip = outcome(context, echo.ask(address));
        REQUIRE(round_trip.has_value());
        CHECK(*round_trip > 0us);
        CHECK(*round_trip < 1s);
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
    asio::ip::tcp::acceptor acceptor{
        context, {asio::ip::address_v4::loopback(), 0}
    };
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
