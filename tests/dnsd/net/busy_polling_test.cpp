// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/busy_polling.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <thread>

namespace net_busy_polling_test {

using namespace std::chrono_literals;
using net::BusyPolling;

namespace {

constexpr auto today = 1'000'000s;
constexpr auto flood = static_cast<std::size_t>(BusyPolling::flood);

/// A thread whose times are made up, but for those of its batches.
struct Flooded {
    Flooded() {
        polling.look(today, 0);
        polling.adapt(monotonic, waited);
        pass(0, 0);
    }

    /// A time in which so much a second was refused, and others had the core for so much of it.
    void pass(std::size_t refused_a_second, int others_percent,
              std::chrono::nanoseconds time = 100ms) {
        polling.look(today, refused_a_second * static_cast<std::size_t>(time / 1ms) / 1000);
        monotonic += time;
        if (waited) *waited += time * others_percent / 100;
        polling.adapt(monotonic, waited);
    }
    void batch() { polling.look(today, 0); }

    BusyPolling polling;
    std::chrono::nanoseconds monotonic = net::read_clock(CLOCK_MONOTONIC) - 1s;
    std::optional<std::chrono::nanoseconds> waited = 7s;
};

struct Awake : Flooded {
    Awake() {
        pass(2 * flood, 40);  // one that sleeps waits often
        REQUIRE(polling.is_awake());
    }
};

}  // namespace

TEST_CASE("a thread stays awake while a flood of what it does not answer goes on") {
    Flooded thread;
    CHECK(!thread.polling.is_awake());
    CHECK(!thread.polling.expects_more());
    thread.pass(flood / 2, 0);
    CHECK(!thread.polling.is_awake());
    thread.pass(flood, 0);
    CHECK(thread.polling.is_awake());
    for (int i = 0; i < 100; ++i) thread.pass(flood, 1);
    CHECK(thread.polling.is_awake());
    thread.pass(flood / 2, 0);
    CHECK(!thread.polling.is_awake());
}

TEST_CASE("a clock that is set back keeps no thread awake") {
    Awake thread;
    thread.polling.look(today - 24h, 0);
    CHECK(!thread.polling.is_awake());
}

TEST_CASE("where others want the core, a thread sleeps for a while") {
    Awake thread;
    SUBCASE("now") {
        thread.pass(2 * flood, 50);
    }
    SUBCASE("again and again") {
        for (int i = 0; i < 100; ++i) thread.pass(2 * flood, BusyPolling::others_percent);
        thread.pass(2 * flood, 15);
        CHECK(thread.polling.is_awake());
        for (int i = 0; i < 10 && thread.polling.is_awake(); ++i)
            thread.pass(2 * flood, BusyPolling::others_percent + 1);
    }
    CHECK(!thread.polling.is_awake());
    thread.pass(2 * flood, 40, BusyPolling::leaves_it_for - 1ms);
    CHECK(!thread.polling.is_awake());
    thread.pass(2 * flood, 40, 1ms);
    CHECK(thread.polling.is_awake());
}

TEST_CASE("where it is not known what others want, a thread sleeps") {
    Awake thread;
    thread.waited.reset();
    thread.pass(2 * flood, 0);
    CHECK(!thread.polling.is_awake());
}

TEST_CASE("a thread that is awake asks without waiting for a moment only") {
    Awake thread;
    bool expected = false;
    for (int i = 0; i < 1000 && !expected; ++i) {  // this test may lose its own core
        thread.batch();
        expected = thread.polling.expects_more();
    }
    CHECK(expected);
    std::this_thread::sleep_for(BusyPolling::awake_for);
    CHECK(!thread.polling.expects_more());
}

TEST_CASE("the system tells for how long a thread has waited for its core") {
    net::WaitingTime waiting;
    CHECK(!waiting.read());
    waiting.begin();
    const auto before = waiting.read();
    REQUIRE(before.has_value());
    std::this_thread::sleep_for(1ms);
    CHECK(*waiting.read() >= *before);
}

}  // namespace net_busy_polling_test
