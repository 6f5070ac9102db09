// SPDX-License-Identifier: Apache-2.0
// When a model is made, and how many networks it may move.

#include "tests/dnsd/steering/steered_zones.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

namespace steering_steering_pace_test {

using namespace std::chrono_literals;
using namespace support::steered;
using control::Steering;
using support::SteeredZones;

TEST_CASE("all networks move at the first model, and only so many a minute later") {
    auto rules = SteeredZones::fast();
    rules.least_moves = 2;
    rules.moves_per_minute = 0;
    SteeredZones at{rules};
    at.load();
    auto now = Steering::Clock::now();
    const auto tell = [&](int from, int to) {
        for (int i = from; i < to; ++i)
            at.tell("20-" + std::to_string(i) + "-2-0/24.clients", {200, 150, 10});
    };
    tell(0, 6);
    at.learn(now);
    CHECK(at.steering().model()->moved() == 6);
    CHECK(at.steering().model()->waiting() == 0);
    tell(20, 25);
    at.learn(now += 1s);
    CHECK(at.steering().model()->moved() == 0);
    CHECK(at.steering().model()->waiting() == 5);
    at.learn(now += 60s);
    CHECK(at.steering().model()->moved() == 2);
    at.learn(now += 24h);  // what was not used is not kept
    CHECK(at.steering().model()->moved() == 2);
    CHECK(at.steering().due(now + 1h));
    at.learn(now += 31s);
    CHECK(at.steering().model()->moved() == 1);
    CHECK(at.steering().model()->waiting() == 0);
    CHECK(!at.steering().due(now + 1h));
}

TEST_CASE("a model is due when there is news, its time has come, and it has rested") {
    for (const auto interval : {0ms, 60'000ms}) {
        CAPTURE(interval.count());
        auto rules = SteeredZones::fast();
        rules.interval = interval;
        SteeredZones at{rules};
        at.load();
        const auto now = Steering::Clock::now() + 1h;
        CHECK(!at.steering().due(now));
        at.tell(network, {200, 150, 10});
        CHECK(at.steering().due(now));
        at.learn(now);
        at.tell(network, {200, 150, 20});
        CHECK(!at.steering().due(now));
        CHECK(!at.steering().due(now + interval - 1ms));
        CHECK(at.steering().due(now + interval + 20min));
    }
}

}  // namespace steering_steering_pace_test
