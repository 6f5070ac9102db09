// SPDX-License-Identifier: Apache-2.0
#include "dnsd/health/health.hpp"

#include "tests/dnsd/watched_zones.hpp"
#include "tests/dnsd/world.hpp"
#include "tests/probes/server.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include <sys/socket.h>

namespace health_health_test {

using control::Health;
using probes::Removed;
using probes::State;
using support::WatchedZones;
using namespace std::chrono_literals;

namespace {

std::vector<std::string> texts(const std::vector<control::EdgeName>& edges) {
    std::vector<std::string> names;
    for (const auto& [zone, edge] : edges) names.push_back(zone + "/" + edge);
    return names;
}
using Texts = std::vector<std::string>;

/// A zone of edges a and b that are up, with an origin check each at a port of loopback.
std::string zone_with_origins(const WatchedZones& world, std::uint16_t a, std::uint16_t b) {
    const auto edge = [&](const char* name, const char* address, std::uint16_t port) {
        world.say(name, "up");
        return "\"" + std::string{name} + R"(": {"addresses": ")" + address + "\", " +
               world.file_check(name) + R"(, "origin": {"tcp": )" + std::to_string(port) +
               R"(, "address": "127.0.0.1", "interval": "200ms", "rise": 1, "fall": 1}})";
    };
    return support::zone_text(
        "example.", R"("@": {"steer": {"all": ["a", "b"]}})",
        R"("edges": {)" + edge("a", "192.0.2.1", a) + ", " + edge("b", "192.0.2.2", b) + "}");
}

}  // namespace

TEST_CASE("an edge whose check fails is out of the answers until it passes again") {
    WatchedZones world;
    world.say("a", "up");
    world.say("b", "down");
    world.attach({world.zone("example.", {"a", "b"})});
    CHECK(world.usable(1));  // nothing is known yet, and unknown is not down
    world.run_first_round();
    CHECK(world.usable(0));
    CHECK_FALSE(world.usable(1));
    CHECK(world.status(1).removed == Removed::Down);
    CHECK(world.status(1).state == State::Down);
    world.say("b", "up");
    world.run_until([&] { return world.usable(1); });
    CHECK(world.status(1).removed == Removed::No);
    world.say("a", "down");
    world.run_until([&] { return !world.usable(0); });
    CHECK(world.usable(1));
}

TEST_CASE("a check without a word says nothing against its edge") {
    WatchedZones world;  // whose files are not there
    world.attach({world.zone("example.", {"a"})});
    world.run_first_round();
    CHECK(world.usable(0));
    CHECK(world.status(0).state == State::Unknown);
}

TEST_CASE("a TTL limit is the time in which the state cannot turn") {
    struct Row {
        const char* name;
        const char* word;
        const char* check;
        std::uint32_t expected;
    };
    const Row rows[] = {
        {"up: an interval, and the quick repetitions", "up", R"(, "interval": "10s", "fall": 3)",
         12},
        {"up, taken out by one failure", "up", R"(, "interval": "10s")", 10},
        {"down: until it can have risen", "down", R"(, "interval": "10s", "rise": 2)", 20},
        {"unknown: an interval", "?", R"(, "interval": "30s")", 30},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        WatchedZones world;
        world.say("a", row.word);
        world.attach({support::zone_text("example.", R"("@": {"steer": {"all": ["a", "free"]}})",
                                         R"("edges": {"a": {"addresses": "192.0.2.1", )" +
                                             world.file_check("a", row.check) +
                                             R"(}, "free": {"addresses": "192.0.2.2"}})")});
        world.run_first_round();
        CHECK(world.board().health(0).ttl_limit == row.expected);
        CHECK(world.board().health(1).ttl_limit == geo::EdgeHealth::no_limit);
    }
}

TEST_CASE("a new catalog finds on its boards what was known, before anything is asked again") {
    WatchedZones world;
    world.say("a", "up");
    world.say("b", "down");
    world.attach({world.zone("example.", {"a", "b"})});
    world.run_first_round();
    const auto known = world.status(1).targets.at(0).attempts.size();
    // Another zone before it, another order, and a new edge.
    world.attach({world.zone("a.example.", {"a"}), world.zone("example.", {"c", "b", "a"})});
    CHECK(world.usable(0, 1));
    CHECK_FALSE(world.usable(1, 1));
    CHECK(world.usable(2, 1));
    CHECK(world.usable(0, 0));
    CHECK(world.status(1, 1).removed == Removed::Down);
    CHECK(world.status(1, 1).targets.at(0).attempts.size() == known);
    CHECK(world.health->target_count() == 3);
}

TEST_CASE("one check of many zones is asked once, and takes its edge out of all of them") {
    WatchedZones world;
    world.say("a", "up");
    world.say("b", "up");
    world.attach({world.zone("one.example.", {"a", "b"}), world.zone("two.example.", {"b", "a"})});
    world.run_first_round();
    CHECK(world.health->target_count() == 2);
    world.say("a", "down");
    world.run_until([&] { return !world.usable(0, 0); });
    CHECK_FALSE(world.usable(1, 1));
    CHECK(world.usable(1, 0));
}

TEST_CASE("a zone that goes takes its checks along") {
    WatchedZones world;
    world.attach({world.zone("one.example.", {"a"}), world.zone("two.example.", {"b"})});
    CHECK(world.health->target_count() == 2);
    world.attach({world.zone("two.example.", {"b"})});
    CHECK(world.health->target_count() == 1);
    CHECK(world.health->status().size() == 1);
    const auto gone = *zones::Name::from_text("one.example.", zones::Name{});
    CHECK_FALSE(world.health->status(gone));
    world.run_first_round();
}

TEST_CASE("a drained edge is out at once, and back at once") {
    WatchedZones world;
    for (const auto* edge : {"a", "b"}) world.say(edge, "up");
    world.attach({world.zone("one.example.", {"a", "b"}), world.zone("two.example.", {"a"})});
    world.run_first_round();
    CHECK(texts(world.health->drain({"one.example/a"}, {})) == Texts{"one.example/a"});
    CHECK_FALSE(world.usable(0, 0));
    CHECK(world.usable(0, 1));
    CHECK(world.status(0).removed == Removed::Drained);
    CHECK(world.status(0).drained_since);
    CHECK_FALSE(world.status(0).drained_until);
    CHECK(world.board().health(0).ttl_limit == geo::EdgeHealth::no_limit);
    CHECK(texts(world.health->drain({"*"}, {})) ==
          Texts{"one.example/a", "one.example/b", "two.example/a"});
    CHECK(texts(world.health->undrain({"a"})) == Texts{"one.example/a", "two.example/a"});
    CHECK(world.usable(0, 0));
    CHECK_FALSE(world.usable(1, 0));
    CHECK(world.usable(0, 1));
}

TEST_CASE("patterns that match nothing change nothing") {
    WatchedZones world;
    world.attach({world.zone("example.", {"a"})});
    CHECK(world.health->drain({"b", "other/a"}, {}).empty());
    CHECK(world.health->undrain({"a"}).empty());
    CHECK(world.usable(0));
    CHECK(world.health->edge_names() == std::set<std::string>{"a"});
}

TEST_CASE("a drain with an end ends by itself") {
    WatchedZones world;
    world.say("a", "up");
    world.attach({world.zone("example.", {"a", "b"})});
    const auto begin = probes::Clock::now();
    world.health->drain({"a"}, 300ms);
    world.health->drain({"b"}, 1h);
    CHECK_FALSE(world.usable(0));
    CHECK(world.status(0).drained_until);
    world.run_until([&] { return world.usable(0); });
    CHECK(probes::Clock::now() - begin >= 300ms);
    CHECK_FALSE(world.status(0).drained_since);
    CHECK_FALSE(world.usable(1));
}

TEST_CASE("a second drain replaces the time of the first") {
    WatchedZones world;
    world.attach({world.zone("example.", {"a"})});
    world.health->drain({"a"}, 1h);
    world.health->drain({"a"}, {});
    CHECK_FALSE(world.status(0).drained_until);
    CHECK(texts(world.health->undrain({"a"})) == Texts{"example/a"});
}

TEST_CASE("what a drain lets a TTL promise shrinks as its end comes near") {
    WatchedZones world;
    world.say("a", "up");
    world.attach({world.zone("example.", {"a"})});
    world.health->drain({"a"}, 30s);
    const auto limit = world.board().health(0).ttl_limit;
    CHECK(limit > 0);
    world.run_until([&] { return world.board().health(0).ttl_limit < limit || world.usable(0); });
    CHECK_FALSE(world.usable(0));
}

TEST_CASE("a process that follows knows states and drains before it has asked anything") {
    WatchedZones before;
    before.say("a", "down");
    before.say("b", "up");
    before.say("c", "up");
    before.attach({before.zone("example.", {"a", "b", "c", "d"})});
    before.run_first_round();
    before.health->drain({"b"}, 1h);
    before.health->drain({"d"}, 1ms);
    std::string fault;
    const auto later = [] {
        auto moment = probes::now();
        moment.steady += 2s;
        moment.since_boot += 2s;
        moment.wall += 2s;
        return moment;
    }();
    auto state = probes::read_state(before.health->saved_text(), later, 10min, fault);
    CHECK(fault == "");
    CHECK(state.drains.size() == 1);

    Health after{before.context, [](const std::string&) {}};
    after.restore(std::move(state), 10min);
    for (geo::EdgeIndex edge = 0; edge < 4; ++edge) before.board().set(edge, {});
    after.attach(before.catalog);
    CHECK_FALSE(before.usable(0));
    CHECK_FALSE(before.usable(1));
    CHECK(before.usable(2));
    CHECK(before.usable(3));
    const auto edges = after.status().at(0).edges;
    CHECK(edges[0].state == State::Down);
    CHECK(edges[1].removed == Removed::Drained);
    CHECK(edges[1].drained_until);
    CHECK(edges[2].state == State::Up);
}

TEST_CASE("a drain of a zone that is away for a while waits for it, and can be ended meanwhile") {
    WatchedZones world;
    world.attach({world.zone("one.example.", {"a"}), world.zone("two.example.", {"a"})});
    world.health->drain({"*"}, {});
    world.attach({});
    CHECK(texts(world.health->undrain({"two.example/a"})) == Texts{"two.example/a"});
    world.attach({world.zone("one.example.", {"a"}), world.zone("two.example.", {"a"})});
    CHECK_FALSE(world.usable(0, 0));
    CHECK(world.usable(0, 1));
}

TEST_CASE("home that is dead behind every edge is an alarm, and takes no edge out") {
    WatchedZones world;
    const auto home = probes_test::bind_loopback();
    const auto port = probes_test::port_of(home);
    world.attach({zone_with_origins(world, port, port)});
    world.run_first_round();
    CHECK(world.health->status().at(0).home_down);
    CHECK(world.usable(0));
    CHECK(world.usable(1));
    REQUIRE(::listen(home.number(), SOMAXCONN) == 0);
    world.run_until([&] { return !world.health->status().at(0).home_down; });
    CHECK(world.usable(0));
}

TEST_CASE("an edge behind which alone home is dead is taken out") {
    WatchedZones world;
    const auto home = probes_test::bind_loopback();
    REQUIRE(::listen(home.number(), SOMAXCONN) == 0);
    const auto dead = probes_test::bind_loopback();
    world.attach(
        {zone_with_origins(world, probes_test::port_of(home), probes_test::port_of(dead))});
    world.run_first_round();
    CHECK_FALSE(world.health->status().at(0).home_down);
    CHECK(world.usable(0));
    CHECK_FALSE(world.usable(1));
    CHECK(world.status(1).removed == Removed::Origin);
}

TEST_CASE("shares are parts of the answers of all lanes; without answers there are none") {
    WatchedZones world;
    world.attach({world.zone("example.", {"a", "b", "c"})});
    CHECK_FALSE(world.status(0).share);
    for (const auto& [lane, edge] : {std::pair{0, 0}, {1, 0}, {1, 0}, {0, 1}}) {
        world.board().count(static_cast<std::size_t>(lane), static_cast<geo::EdgeIndex>(edge));
    }
    CHECK(world.status(0).share == 0.75);
    CHECK(world.status(1).share == 0.25);
    CHECK(world.status(2).share == 0.0);
    world.health->attach(world.catalog);  // some other zone has changed
    CHECK(world.status(0).share == 0.75);
}

TEST_CASE("what has changed is saved soon, once for all changes of a moment") {
    WatchedZones world;
    world.say("a", "down");
    world.say("b", "up");
    world.attach({world.zone("example.", {"a", "b"})});
    world.run_first_round();
    CHECK(world.saved.empty());
    world.run_until([&] { return !world.saved.empty(); });
    CHECK(world.saved.size() == 1);
    CHECK(world.saved[0].find("target down") != std::string::npos);
}

TEST_CASE("a drain is on its way to the disk when it is told to be done") {
    WatchedZones world;
    world.attach({world.zone("example.", {"a", "b"})});
    world.run_first_round();
    const auto before = world.saved.size();
    world.health->drain({"b"}, {});
    REQUIRE(world.saved.size() == before + 1);
    CHECK(world.saved.back().find("drain example b ") != std::string::npos);
    world.health->undrain({"b"});
    REQUIRE(world.saved.size() == before + 2);
    CHECK(world.saved.back().find("drain example b ") == std::string::npos);
}

TEST_CASE("a drain of thousands of edges leaves the control thread free") {
    WatchedZones world;
    constexpr int count = 4096;  // as many as a zone may have
    std::string edges;
    std::string names;
    for (int i = 0; i < count; ++i) {
        const std::string separator = i == 0 ? "" : ", ";
        const auto name = "\"edge" + std::to_string(i) + "\"";
        edges += separator + name + R"(: {"addresses": "192.0.)" + std::to_string(i / 256) + "." +
                 std::to_string(i % 256) + "\"}";
        names += separator + name;
    }
    world.attach({support::zone_text("example.", R"("@": {"steer": {"failover": [)" + names + "]}}",
                                     R"("edges": {)" + edges + "}")});
    const auto time_of_ten = [&] {
        const auto begin = probes::Clock::now();
        for (int i = 0; i < 10; ++i) world.health->attach(world.catalog);
        return probes::Clock::now() - begin;
    };
    const auto without_drains = time_of_ten();
    REQUIRE(world.health->drain({"*"}, {}).size() == count);
    CHECK_FALSE(world.usable(count - 1));
    // Each edge against each drain would take a hundred times as long.
    CHECK(time_of_ten() < 25 * without_drains);
    CHECK(world.health->undrain({"edge4095"}).size() == 1);
    CHECK(world.usable(count - 1));
}

}  // namespace health_health_test
