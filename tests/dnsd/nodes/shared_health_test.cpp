// SPDX-License-Identifier: Apache-2.0
#include "dnsd/nodes/shared_health.hpp"

#include "dnsd/health/health.hpp"
#include "tests/dnsd/watched_zones.hpp"
#include "tests/dnsd/world.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

namespace nodes_shared_health_test {

using control::Health;
using probes::Basis;
using probes::HealthLines;
using probes::Removed;
using probes::State;
using support::WatchedZones;
using namespace std::chrono_literals;

namespace {

/// Records of a node that sees edges a, b, c as the letters say.
HealthLines records(const std::string& letters, const char* node = "cut_off=no") {
    HealthLines told{{"health", node}};
    const std::string edges[] = {"a", "b", "c"};
    for (std::size_t i = 0; i < letters.size(); ++i) {
        const std::string word = letters[i] == 'U' ? "up" : "down";
        told.emplace(edges[i] + ".health", "state=" + word + " since=1795540000 sees=yes");
    }
    return told;
}

/// A zone of edges a, b and c, with this node at a and others at b and c.
class ThreeNodes {
 public:
    ThreeNodes() {
        for (const auto* edge : {"a", "b", "c"}) world.say(edge, "up");
        world.health->set_node({.zone = "example", .edge = "a", .peers = {"b", "c"}});
        world.attach({world.zone("example.", {"a", "b", "c"})});
        world.run_first_round();
    }

    void hear_both(const std::string& letters) {
        for (const auto* peer : {"b", "c"}) world.health->hear(peer, records(letters));
    }
    void lose_both() {
        for (const auto* peer : {"b", "c"}) world.health->peer_lost(peer);
    }
    /// Its checks find all other edges down.
    void lose_network() {
        lose_both();
        for (const auto* edge : {"b", "c"}) world.say(edge, "down");
        world.run_until([&] { return world.health->status().at(0).cut_off; });
    }
    [[nodiscard]] std::string usable() const {
        std::string text;
        for (geo::EdgeIndex edge = 0; edge < 3; ++edge) text += world.usable(edge) ? 'U' : 'D';
        return text;
    }

    WatchedZones world;
};

}  // namespace

TEST_CASE("what most nodes say decides in place of what this one sees") {
    ThreeNodes nodes;
    auto& world = nodes.world;
    CHECK(nodes.usable() == "UUU");
    nodes.hear_both("UDU");
    CHECK(nodes.usable() == "UDU");
    CHECK(world.status(1).removed == Removed::Down);
    CHECK(world.status(1).state == State::Up);
    CHECK(basis_text(*world.status(1).agreed) == "2_of_3");
    world.health->hear("c", records("UUU"));
    CHECK(nodes.usable() == "UUU");

    world.say("c", "down");
    world.run_until([&] { return world.status(2).state == State::Down; });
    CHECK(nodes.usable() == "UUU");  // nobody else says so
    world.health->hear("b", records("UUD"));
    CHECK(nodes.usable() == "UUD");
}

TEST_CASE("a TTL promises nothing while nodes say different things of an edge") {
    WatchedZones world;
    std::string edges;
    for (const auto* edge : {"a", "b", "c"}) {
        world.say(edge, "up");
        edges += (edges.empty() ? "\"" : ", \"") + std::string{edge} +
                 R"(": {"addresses": "192.0.2.1", )" +
                 world.file_check(edge, R"(, "interval": "30s")") + "}";
    }
    world.attach({support::zone_text("example.", R"("@": {"steer": {"all": ["a", "b", "c"]}})",
                                     R"("edges": {)" + edges + "}")});
    world.health->set_node({.zone = "example", .edge = "a", .peers = {"b", "c"}});
    world.run_first_round();
    for (const auto* peer : {"b", "c"}) world.health->hear(peer, records("UUU"));
    CHECK(world.board().health(1).ttl_limit == 30);
    world.health->hear("b", records("UDU"));
    CHECK(world.usable(1));
    CHECK(world.board().health(1).ttl_limit == 0);
    CHECK(world.board().health(0).ttl_limit == 30);
    world.health->hear("b", records("UUU"));
    CHECK(world.board().health(1).ttl_limit == 30);
}

TEST_CASE("a drain takes an edge out whatever the others see, and is no word of its health") {
    ThreeNodes nodes;
    nodes.hear_both("UUU");
    nodes.world.health->drain({"b"}, {});
    CHECK(nodes.usable() == "UDU");
    CHECK(nodes.world.status(1).removed == Removed::Drained);
    CHECK(nodes.world.health->told().at("b.health").starts_with("state=up "));
}

TEST_CASE("a node that is cut off changes nothing, says so, and finds back") {
    ThreeNodes nodes;
    auto& world = nodes.world;
    nodes.hear_both("UUU");
    nodes.lose_network();
    CHECK(nodes.usable() == "UUU");
    CHECK(world.status(1).agreed->basis == Basis::LastAgreed);
    CHECK(world.board().health(1).ttl_limit == 0);
    CHECK(world.health->told().at("health") == "cut_off=yes");
    CHECK(world.health->told().at("b.health").find(" sees=no ") != std::string::npos);
    world.say("a", "down");
    world.run_until([&] { return world.status(0).state == State::Down; });
    CHECK(nodes.usable() == "UUU");
    world.say("a", "up");
    nodes.hear_both("UUU");
    CHECK_FALSE(world.health->status().at(0).cut_off);
    CHECK(world.health->told().at("health") == "cut_off=no");
    world.run_until([&] { return world.status(0).state == State::Up; });
    CHECK(nodes.usable() == "UUU");
}

TEST_CASE("a node that is restarted while it is cut off goes on with what was last agreed") {
    ThreeNodes nodes;
    auto& world = nodes.world;
    nodes.hear_both("UUD");
    world.say("c", "down");
    world.run_until([&] { return world.status(2).state == State::Down; });
    REQUIRE(nodes.usable() == "UUD");
    nodes.lose_network();
    std::string fault;
    auto state = probes::read_state(world.health->saved_text(), probes::now(), 10min, fault);
    REQUIRE(fault == "");

    Health after{world.context, [](const std::string&) {}};
    after.restore(std::move(state), 10min);
    after.set_node({.zone = "example", .edge = "a", .peers = {"b", "c"}});
    for (geo::EdgeIndex edge = 0; edge < 3; ++edge) world.board().set(edge, {});
    after.attach(world.catalog);
    CHECK(nodes.usable() == "UUD");
    CHECK(after.status().at(0).cut_off);
}

TEST_CASE("without anything agreed, a node that sees all others down has only its own word") {
    ThreeNodes nodes;
    nodes.lose_network();
    CHECK(nodes.usable() == "UDD");
}

TEST_CASE("an edge of another zone with the same check follows, and one with another does not") {
    const WatchedZones other;  // its files are elsewhere, so its checks are others
    other.say("b", "up");
    ThreeNodes nodes;
    auto& world = nodes.world;
    world.attach({world.zone("twin.", {"b", "c"}), world.zone("example.", {"a", "b", "c"}),
                  other.zone("other.", {"b"})});
    world.run_first_round();
    nodes.hear_both("UDU");
    std::size_t zones = 0;
    for (const auto& zone : world.health->status()) {
        CAPTURE(zone.zone);
        const auto& edge = zone.edges.at(zone.zone == "example" ? 1 : 0);
        CHECK(edge.removed == (zone.zone == "other" ? Removed::No : Removed::Down));
        ++zones;
    }
    CHECK(zones == 3);
}

TEST_CASE("what a node tells changes when a state turns, and whoever wants to know is told") {
    WatchedZones world;
    for (const auto* edge : {"a", "b"}) world.say(edge, "up");
    int changes = 0;
    world.health->on_told([&] { ++changes; });
    world.attach({world.zone("example.", {"a", "b"})});
    CHECK(world.health->told().empty());  // there is no node yet
    world.health->set_node({.zone = "example", .edge = "a", .peers = {"b"}});
    CHECK(changes == 1);
    CHECK(world.health->told().at("b.health").starts_with("state=unknown "));
    world.run_first_round();
    CHECK(world.health->told().at("b.health").starts_with("state=up "));
    CHECK(world.health->told().at("b.health").find(" sees=yes check=") != std::string::npos);
    const auto before = changes;
    world.health->hear("b", records("UU"));
    world.health->peer_reached("b");
    world.health->attach(world.catalog);
    CHECK(changes == before);
    world.say("b", "down");
    world.run_until([&] { return changes > before; });
    CHECK(changes == before + 1);
    CHECK(world.health->told().at("b.health").starts_with("state=down "));
}

TEST_CASE("what a hostile peer tells costs nothing but its vote") {
    ThreeNodes nodes;
    auto& world = nodes.world;
    nodes.hear_both("UUU");
    auto malformed = records("UDU");
    malformed["b.health"] = "state=down since=1 sees=yes sees=yes";
    malformed["z.health"] = "state=down since=1 sees=yes";
    malformed["203-0-113-0/24.clients"] = "rtt=12.3";
    malformed[""] = "";
    world.health->hear("b", malformed);
    CHECK(world.status(1).agreed->up == 2);
    CHECK(world.status(0).agreed->up == 3);
    CHECK(nodes.usable() == "UUU");
    world.health->hear("b", records("UDU", "cut_off=perhaps"));
    CHECK(world.status(0).agreed->basis == Basis::Own);  // two nodes are left
    world.health->hear("stranger", records("DDD"));
    world.health->peer_lost("stranger");
    CHECK(nodes.usable() == "UUU");
}

TEST_CASE("a zone of nodes that is gone leaves nothing agreed behind") {
    ThreeNodes nodes;
    auto& world = nodes.world;
    nodes.hear_both("UDU");
    REQUIRE(nodes.usable() == "UDU");
    world.attach({world.zone("two.example.", {"b"})});
    CHECK(world.usable(0));
    nodes.hear_both("DDD");
    CHECK(world.usable(0));
    world.attach({world.zone("example.", {"a", "b", "c"})});
    CHECK(nodes.usable() == "DDD");
}

}  // namespace nodes_shared_health_test
