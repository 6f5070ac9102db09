// SPDX-License-Identifier: Apache-2.0
// From lines that nodes tell to the answers of zones in files: what a node tells changes these, and
// nothing else does.

#include "tests/dnsd/steering/steered_zones.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <string>

namespace steering_steering_test {

using namespace std::chrono_literals;
using namespace support::steered;
using control::Steering;
using support::Lines;
using support::SteeredZones;

TEST_CASE("zones are served as they are loaded until something is measured") {
    SteeredZones at;
    at.load();
    CHECK(at.steering().model() == nullptr);
    CHECK(at.world.snapshot.catalog.zones().front().latency == nullptr);
    CHECK(at.answer("20.1.2.0/24") == frankfurt);
    CHECK(!at.loader.steer(at.problems));
    at.steering().hear("newyork", {{"paris.edges", line(10)}}, {"20-1-2-0/24.clients"});
    CHECK(!at.loader.steer(at.problems));
}

TEST_CASE("what is measured of a network changes the answer of that network and population") {
    SteeredZones at;
    at.load();
    at.tell(network, {200, 150, 10});
    at.tell("20-1-2-0/24.resolvers", {5, 150, 200});
    at.steer();
    CHECK(at.answer("20.1.2.0/24") == singapore);
    CHECK(at.answer_to("20.1.2.9") == newyork);
    CHECK(at.answer("24.1.2.0/24") == singapore);
    CHECK(at.answer("16.1.2.0/24") == newyork);

    SUBCASE("and is the answer of before once nobody tells it any more") {
        at.take_back(network);
        at.take_back("20-1-2-0/24.resolvers");
        at.steer();
        CHECK(at.answer("20.1.2.0/24") == frankfurt);
        CHECK(at.answer_to("20.1.2.9") == frankfurt);
    }
    SUBCASE("after a reload too") {
        at.load();
        CHECK(at.answer("20.1.2.0/24") == singapore);
    }
    SUBCASE("for edges that are numbered otherwise too") {
        at.write("example.json", "example.", renumbered);
        at.load();
        CHECK(at.answer("20.1.2.0/24") == singapore);
        CHECK(at.answer_to("20.1.2.9") == newyork);
        CHECK(at.answer("16.1.2.0/24") == newyork);
        at.tell("20-1-7-0/24.clients", {10, 150, 200});
        at.steer();
        CHECK(at.answer("20.1.7.0/24") == newyork);
        CHECK(at.answer("20.1.2.0/24") == singapore);
    }
    SUBCASE("while databases that were good cannot be read") {
        at.folder.write("three.mmdb", std::string{"damaged"});
        at.world.snapshot.catalog = at.loader.load(at.problems);
        CHECK(!at.problems.empty());
        CHECK(at.answer("20.1.2.0/24") == singapore);
        CHECK(at.answer("16.1.2.0/24") == newyork);
    }
}

TEST_CASE("another zone follows where it has an edge of the same address") {
    SteeredZones at;
    at.write("same.json", "same.", renumbered);
    at.write("other.json", "other.", R"("edges": {
        "newyork":   {"addresses": ["198.51.100.1"], "location": [40.7, -74.0]},
        "frankfurt": {"addresses": ["198.51.100.2"], "location": [50.1, 8.7]},
        "singapore": {"addresses": ["198.51.100.3"], "location": [1.35, 103.8]}})");
    at.load();
    at.tell(network, {200, 150, 10});
    at.steer();
    CHECK(at.answer("20.1.2.0/24") == singapore);
    CHECK(at.answer("20.1.2.0/24", "same.") == singapore);
    CHECK(at.answer("20.1.2.0/24", "other.") == Lines{"198.51.100.2"});

    SUBCASE("and no longer when the measured zone is gone") {
        std::filesystem::remove(at.folder.path("zones/example.json"));
        at.load();
        CHECK(at.steering().model() == nullptr);
        CHECK(at.answer("20.1.2.0/24", "same.") == frankfurt);
        CHECK(!at.loader.steer(at.problems));
        at.write("example.json", "example.");
        at.load();
        CHECK(at.answer("20.1.2.0/24", "same.") == singapore);
    }
}

TEST_CASE("a model for which maps are made anew shows no zone that was not loaded") {
    SteeredZones at;
    at.load();
    at.write("new.json", "new.");
    at.tell(network, {200, 150, 10});
    at.steer();
    CHECK(at.steering().base_generation() == 1);
    CHECK(at.world.snapshot.catalog.zones().size() == 1);
    CHECK(!at.loader.changed());
    CHECK(at.loader.changed());  // seen to be still by the second look
    at.load();
    CHECK(at.world.snapshot.catalog.zones().size() == 2);
}

TEST_CASE("without the zone of the nodes nothing is steered, and nothing is due at once") {
    auto rules = SteeredZones::fast();
    rules.interval = 1h;
    SteeredZones at{rules, "missing."};
    at.load();
    at.tell(network, {200, 150, 10});
    CHECK(!at.loader.steer(at.problems));
    CHECK(at.answer("20.1.2.0/24") == frankfurt);
    CHECK(at.steering().model() == nullptr);
}

TEST_CASE("what an earlier process knew counts until the edge's node speaks") {
    SteeredZones before;
    before.tell(network, {200, 150, 10});
    SteeredZones at;
    REQUIRE(at.steering().restore(before.steering().saved_text(), 10min).has_value());
    at.load();
    CHECK(at.answer("20.1.2.0/24") == singapore);

    SUBCASE("and is gone with its first word") {
        for (const auto* edge : edges) at.steering().hear(edge, {{"node", "relay=no"}}, {});
        CHECK(at.steering().store().size() == 0);
        at.steer();
        CHECK(at.answer("20.1.2.0/24") == frankfurt);
    }
    SUBCASE("of which the others say nothing") {
        at.steering().hear("frankfurt", {{"20-7-7-0/24.clients", line(8)}}, {});
        CHECK(at.steering().store().size() == 3);
        at.steering().hear("frankfurt", {{"20-7-8-0/24.clients", line(8)}}, {});
        CHECK(at.steering().store().size() == 4);
    }
    SUBCASE("or for its time") {
        const auto now = Steering::Clock::now();
        CHECK(!at.steering().due(now + 9min));
        CHECK(at.steering().due(now + 11min));
        CHECK(at.steering().store().size() == 0);
    }
}

}  // namespace steering_steering_test
