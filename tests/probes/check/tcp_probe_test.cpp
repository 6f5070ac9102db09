// SPDX-License-Identifier: Apache-2.0
#include "tests/probes/attempt.hpp"
#include "tests/probes/server.hpp"
#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <future>
#include <system_error>

#include <sys/socket.h>

using probes::Check;
using probes::Verdict;
using probes_test::check_of;
using probes_test::run;
using Kind = Check::Kind;

TEST_CASE("a connection that is accepted passes, with the time to its SYN-ACK") {
    const probes_test::Server server{probes_test::wait_for_close};
    const auto result = run(check_of(Kind::Tcp, server.port()));
    CHECK(result.verdict == Verdict::Pass);
    CHECK(result.text == "connected");
    CHECK(result.round_trip > std::chrono::microseconds{0});
    CHECK(result.round_trip < probes_test::bound);
}

TEST_CASE("a connection is closed by a reset, so that no TIME_WAIT stays behind") {
    std::promise<int> error;
    const probes_test::Server server{[&](int socket) {
        char octet = 0;
        error.set_value(::recv(socket, &octet, 1, 0) < 0 ? errno : 0);
    }};
    CHECK(run(check_of(Kind::Tcp, server.port())).verdict == Verdict::Pass);
    CHECK(error.get_future().get() == ECONNRESET);
}

TEST_CASE("IPv6 is checked as IPv4 is") {
    try {
        const probes_test::Server server{probes_test::wait_for_close, probes_test::Loopback::V6};
        auto check = check_of(Kind::Tcp, server.port());
        check.address = support::address("::1");
        CHECK(run(check).verdict == Verdict::Pass);
    } catch (const std::system_error& thrown) {
        MESSAGE("no IPv6 on this machine: " << thrown.what());
    }
}

TEST_CASE("a port on which nobody listens fails, for every kind that connects") {
    const auto bound = probes_test::bind_loopback();
    for (const auto kind : {Kind::Tcp, Kind::Http, Kind::Https, Kind::Tls}) {
        const auto result = run(check_of(kind, probes_test::port_of(bound)));
        CHECK(result.verdict == Verdict::Fail);
        CHECK(result.text == "connection refused");
    }
}

TEST_CASE("a SYN that is never answered fails when the time is up, for every kind that connects") {
    const probes_test::FullListener listener;
    for (const auto kind : {Kind::Tcp, Kind::Http, Kind::Https, Kind::Tls}) {
        auto check = check_of(kind, listener.port());
        check.timeout = probes_test::short_timeout;
        const auto [result, taken] = probes_test::run_timed(check);
        CHECK(result.verdict == Verdict::Fail);
        CHECK(result.text == "no answer within 200 ms");
        CHECK(taken >= check.timeout);
        CHECK(taken < probes_test::bound);
    }
}
