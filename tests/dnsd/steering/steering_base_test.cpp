// SPDX-License-Identifier: Apache-2.0
// The maps of clients that no node has measured: what they are made of, and when they are made anew.

#include "tests/dnsd/steering/steered_zones.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <string>

namespace steering_steering_base_test {

using namespace std::chrono_literals;
using namespace support::steered;
using control::Steering;
using support::Lines;
using support::SteeredZones;

TEST_CASE("maps for clients that were not measured are made of the model, at their own pace") {
    auto rules = SteeredZones::fast();
    rules.rebase = 1h;
    rules.moves_per_minute = 0;
    rules.least_moves = 0;  // after the first model
    SteeredZones at{rules};
    at.load();
    // Germany is near to Singapore, as it turns out.
    at.tell_of_forty({200, 150, 10});
    at.steer();
    CHECK(at.steering().base_generation() == 1);
    CHECK(at.answer("20.1.99.0/24") == singapore);
    CHECK(at.answer("16.1.99.0/24") == newyork);
    const auto why = at.explained("20.1.99.0/24");
    // What is learnt before the hour is over is not what the answer and its figures come from.
    at.tell_of_forty({10, 150, 200});
    at.steer();
    CHECK(at.steering().base_generation() == 1);
    CHECK(at.answer("20.1.99.0/24") == singapore);
    CHECK(at.explained("20.1.99.0/24") == why);
}

TEST_CASE("maps for clients that were not measured do not wait for their hour when a node comes") {
    auto rules = SteeredZones::fast();
    rules.rebase = 1h;
    SteeredZones at{rules};
    at.folder.write(
        "zones/example.json",
        support::zone_text(
            "example.",
            R"("@": {"steer": {"latency": ["newyork", "frankfurt", "singapore"], "via": "home"}})",
            support::three_edges));
    at.load();
    const auto says = [&at](const char* edge, const char* owner, const std::string& text) {
        at.steering().hear(edge, {{owner, text}}, {});
    };
    // While frankfurt's way home is not known it counts as the mean of the others.
    says("newyork", "node", "relay=yes");
    says("newyork", "home", line(10));
    says("singapore", "home", line(400));
    at.steer();
    CHECK(at.answer("20.1.2.0/24") == newyork);
    CHECK(at.steering().base_generation() == 1);

    SUBCASE("and tells its way home") {
        // What is measured of others meanwhile has to wait all the same.
        at.tell_of_forty({10, 150, 200});
        says("frankfurt", "home", line(10));
        at.steer();
        CHECK(at.answer("20.1.2.0/24") == frankfurt);
        CHECK(at.steering().base_generation() == 2);
    }
    SUBCASE("and tells that it watches a relay") {
        says("frankfurt", "node", "relay=yes");
        at.steer();
        CHECK(at.steering().base_generation() == 2);
    }
    SUBCASE("but do when a node tells another figure, or goes") {
        says("newyork", "home", line(20));
        at.steer();
        at.steering().hear("newyork", {}, {"home", "node"});
        at.steer();
        CHECK(at.steering().base_generation() == 1);
    }
}

TEST_CASE("a node that comes and goes has maps made once") {
    auto rules = SteeredZones::fast();
    rules.rebase = 1h;
    SteeredZones at{rules};
    at.load();
    const std::map<std::string, std::string, std::less<>> home{{"home", line(10)}};
    auto now = Steering::Clock::now();
    for (std::size_t i = 0; i < 700; ++i, now += 5s) {  // one of two is always there
        at.steering().hear(edges[i % 2], home, {});
        at.steering().hear(edges[(i + 1) % 2], {}, {"home"});
        at.learn(now);
        if (at.steering().rebase_due(now)) at.steering().rebase(now);
    }
    CHECK(at.steering().base_generation() == 2);
}

TEST_CASE("an edge whose address changes is measured by its node as before, for strangers too") {
    auto rules = SteeredZones::fast();
    rules.rebase = 1h;
    SteeredZones at{rules};
    at.load();
    at.tell_of_forty({200, 150, 10});
    at.steer();
    REQUIRE(at.answer("20.1.99.0/24") == singapore);
    auto moved = support::three_edges;
    moved.replace(moved.find("192.0.2.3"), 9, "192.0.2.7");
    moved.replace(moved.find("2001:db8::3"), 11, "2001:db8::7");
    at.write("example.json", "example.", moved);
    at.load();
    CHECK(at.answer("20.1.99.0/24") == Lines{"192.0.2.7"});
    CHECK(at.answer("20.1.100.0/24") == Lines{"192.0.2.7"});
}

}  // namespace steering_steering_base_test
