// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/busy_polling.hpp"

#include <doctest/doctest.h>

#include <thread>

using namespace std::chrono_literals;
using net::BusyPolling;

namespace {

constexpr auto today = 1'000'000s;

/// A thread whose times are made up, but for those of its batches.
struct Flooded {
    Flooded() {
        polling.look(today, 0);
        polling.adapt(monotonic, worked);
    }

    /// A time in which so much a second was refused, and the thread had so much of its core.
    void pass(std::size_t refused_a_second, int percent, std::chrono::nanoseconds time = 100ms) {
        polling.look(today, refused_a_second * static_cast<std::size_t>(time / 1ms) / 1000);
        monotonic += time;
        worked += time * percent / 100;
        polling.adapt(monotonic, worked);
    }
    /// Batches go on to come, of which nothing is refused.
    void batch() { polling.look(today, 0); }

    BusyPolling polling;
    std::chrono::nanoseconds monotonic = net::read_clock(CLOCK_MONOTONIC) - 1h;
    std::chrono::nanoseconds worked = net::read_clock(CLOCK_THREAD_CPUTIME_ID);
};

constexpr std::size_t flood = BusyPolling::flood;

Flooded awake() {
    Flooded thread;
    thread.pass(2 * flood, 40);
    REQUIRE(thread.polling.is_awake());
    return thread;
}

}  // namespace

TEST_CASE("a thread stays awake while a flood of what it does not answer goes on") {
    Flooded thread;
    CHECK(!thread.polling.is_awake());
    CHECK(!thread.polling.expects_more());
    thread.pass(flood / 2, 40);
    CHECK(!thread.polling.is_awake());
    thread.pass(flood, 40);
    CHECK(thread.polling.is_awake());
    for (int i = 0; i < 100; ++i) thread.pass(flood, 99);
    CHECK(thread.polling.is_awake());
    thread.pass(flood / 2, 99);
    CHECK(!thread.polling.is_awake());
}

TEST_CASE("whatever time of day it is") {
    auto thread = awake();
    thread.polling.look(today - 24h, 0);  // a look, by which nothing is refused any more
    CHECK(!thread.polling.is_awake());
}

TEST_CASE("where others want the core, it sleeps for a while") {
    auto thread = awake();
    thread.pass(2 * flood, BusyPolling::alone_percent);
    CHECK(thread.polling.is_awake());
    thread.pass(2 * flood, BusyPolling::alone_percent - 1);
    CHECK(!thread.polling.is_awake());
    thread.pass(2 * flood, 40, BusyPolling::leaves_it_for - 1ms);
    CHECK(!thread.polling.is_awake());
    thread.pass(2 * flood, 40, 1ms);
    CHECK(thread.polling.is_awake());
}

TEST_CASE("a time in which nothing came was none in which others wanted the core") {
    auto thread = awake();
    thread.batch();
    while (thread.polling.expects_more()) {
    }
    std::this_thread::sleep_for(60ms);
    thread.batch();
    thread.pass(2 * flood, 40);
    CHECK(thread.polling.is_awake());
}

TEST_CASE("a thread that is awake asks without waiting for a moment only") {
    auto thread = awake();
    bool expected = false;
    for (int i = 0; i < 1000 && !expected; ++i) {  // this test may lose its own core
        thread.batch();
        expected = thread.polling.expects_more();
    }
    CHECK(expected);
    std::this_thread::sleep_for(BusyPolling::awake_for);
    CHECK(!thread.polling.expects_more());
}
