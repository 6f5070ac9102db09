// SPDX-License-Identifier: Apache-2.0
#include "dnsd/health/drain_registry.hpp"

#include "dnsd/health/health.hpp"
#include "geo/base/moment.hpp"
#include "tests/dnsd/watched_zones.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace health_drain_registry_test {

using namespace std::chrono_literals;
using control::Health;
using support::WatchedZones;

namespace {

/// Nodes at edges a, b and c of one zone, which hear each other as long as they are not apart.
class ThreeNodes {
 public:
    ThreeNodes() {
        for (const auto* name : {"a", "b", "c"}) begin(name);
        for (const auto* name : {"a", "b", "c"}) meet(name);
    }

    void begin(const std::string& name) {
        auto& node = nodes[name];
        node = std::make_unique<WatchedZones>();
        for (const auto* edge : {"a", "b", "c"}) node->say(edge, "up");
        node->health->on_told_drains(
            [this, name](const transfer::Changes& changes) { tell(name, changes); });
        std::vector<std::string> peers;
        for (const auto* peer : {"a", "b", "c"}) {
            if (peer != name) peers.emplace_back(peer);
        }
        node->health->set_node({.zone = "example", .edge = name, .peers = peers});
        node->attach({node->zone("example.", {"a", "b", "c"})});
        node->run_first_round();
    }
    /// Each fetches all that the other tells.
    void meet(const std::string& name) {
        for (auto& [other, node] : nodes) {
            if (other == name) continue;
            hear(other, name, {.set = nodes.at(name)->health->told_drains(), .removed = {}});
            hear(name, other, {.set = node->health->told_drains(), .removed = {}});
        }
    }
    void tell(const std::string& from, const transfer::Changes& changes) {
        for (const auto& [name, node] : nodes) {
            if (name != from) hear(name, from, changes);
        }
    }
    void hear(const std::string& at, const std::string& from, const transfer::Changes& changes) {
        if (apart == at || apart == from) return;
        nodes.at(at)->health->hear_drains(from, changes);
    }
    /// "UDU": which edges are answered there.
    [[nodiscard]] std::string usable(const std::string& at) const {
        std::string text;
        for (geo::EdgeIndex edge = 0; edge < 3; ++edge)
            text += nodes.at(at)->usable(edge) ? 'U' : 'D';
        return text;
    }
    [[nodiscard]] std::string spread(const std::string& at, std::size_t edge) const {
        const auto on = nodes.at(at)->status(edge).drained_on;
        return on ? std::to_string(on->on) + "_of_" + std::to_string(on->nodes) : "";
    }
    [[nodiscard]] Health& at(const std::string& name) { return *nodes.at(name)->health; }

    std::string apart;
    std::map<std::string, std::unique_ptr<WatchedZones>> nodes;
};

}  // namespace

TEST_CASE("what one node says of a drain, all do, and the later word holds") {
    ThreeNodes nodes;
    (void)nodes.at("a").drain({"b"}, 2h);
    for (const auto* node : {"a", "b", "c"}) {
        CAPTURE(node);
        CHECK(nodes.usable(node) == "UDU");
        CHECK(nodes.spread(node, 1) == "3_of_3");
        const auto until = nodes.nodes.at(node)->status(1).drained_until;
        REQUIRE(until.has_value());
        CHECK(*until - probes::Clock::now() > 1h);
        CHECK(*until - probes::Clock::now() < 3h);
    }
    (void)nodes.at("c").drain({"b"}, std::nullopt);
    CHECK_FALSE(nodes.nodes.at("a")->status(1).drained_until.has_value());
    CHECK(nodes.at("b").undrain({"*"}).size() == 1);
    for (const auto* node : {"a", "b", "c"}) CHECK(nodes.usable(node) == "UUU");
    CHECK(nodes.spread("a", 1) == "");
}

TEST_CASE("a node that is apart hears of it later, and says meanwhile that it is not everywhere") {
    ThreeNodes nodes;
    nodes.apart = "c";
    const auto drained = nodes.at("a").drain({"b"}, std::nullopt);
    CHECK(nodes.at("a").arrived(drained).not_on == std::vector<std::string>{"c"});
    CHECK(nodes.usable("c") == "UUU");
    CHECK(nodes.spread("a", 1) == "2_of_3");
    CHECK(nodes.spread("b", 1) == "2_of_3");
    nodes.apart = "a";
    nodes.meet("c");  // hears it from b
    CHECK(nodes.usable("c") == "UDU");
    (void)nodes.at("c").undrain({"b"});
    CHECK(nodes.usable("b") == "UUU");
    CHECK(nodes.usable("a") == "UDU");
    CHECK(nodes.spread("a", 1) == "2_of_3");  // as far as it knows
    CHECK(nodes.spread("b", 1) == "1_of_3");
    // What a node has told is forgotten once it is not heard for long; what it said of drains is not.
    nodes.apart = "";
    nodes.hear("a", "b", {.set = {}, .removed = {}, .all_removed = true});
    CHECK(nodes.usable("a") == "UDU");
    CHECK(nodes.spread("a", 1) == "1_of_3");
    nodes.meet("a");
    for (const auto* node : {"a", "b", "c"}) {
        CHECK(nodes.usable(node) == "UUU");
        CHECK(nodes.spread(node, 1) == "");
    }
}

TEST_CASE("a node that comes back with a drain that is over does not bring it back") {
    ThreeNodes nodes;
    (void)nodes.at("a").drain({"b"}, std::nullopt);
    std::string fault;
    auto state = probes::read_state(nodes.at("a").saved_text(), probes::now(), 10min, fault);
    REQUIRE(fault == "");
    nodes.apart = "a";
    (void)nodes.at("c").undrain({"b"});
    nodes.begin("a");
    nodes.at("a").restore(std::move(state), 10min);
    nodes.nodes.at("a")->health->attach(nodes.nodes.at("a")->catalog);
    CHECK(nodes.usable("a") == "UDU");
    nodes.apart = "";
    nodes.meet("a");
    for (const auto* node : {"a", "b", "c"}) CHECK(nodes.usable(node) == "UUU");
}

TEST_CASE("a drain of this node alone is told to nobody, and undrain ends it with the others") {
    ThreeNodes nodes;
    const auto drained = nodes.at("a").drain({"b"}, std::nullopt, probes::DrainReach::ThisNode);
    CHECK(drained.size() == 1);
    CHECK(nodes.usable("a") == "UDU");
    CHECK(nodes.usable("b") == "UUU");
    CHECK(nodes.at("a").told_drains().empty());
    CHECK(nodes.nodes.at("a")->status(1).drained_on->here_alone);
    (void)nodes.at("c").drain({"b"}, std::nullopt);
    CHECK(nodes.spread("a", 1) == "3_of_3");
    (void)nodes.at("c").undrain({"b"});
    CHECK(nodes.usable("a") == "UDU");
    CHECK(nodes.at("a").undrain({"b"}).size() == 1);
    CHECK(nodes.usable("a") == "UUU");
}

TEST_CASE("a drain that an early version has kept is told to the others") {
    ThreeNodes nodes;
    probes::SavedState state;
    state.drains.push_back({.zone = "example",
                            .edge = "b",
                            .since = probes::Clock::now() - 10min,
                            .until = probes::Clock::now() + 1h});
    nodes.begin("a");
    nodes.at("a").restore(std::move(state), 10min);
    nodes.meet("a");
    CHECK(nodes.usable("b") == "UDU");
    CHECK(nodes.nodes.at("b")->status(1).drained_until.has_value());
}

TEST_CASE("what a hostile node tells of drains is bounded, and malformed words are none") {
    ThreeNodes nodes;
    transfer::Changes changes;
    const auto owner = probes::drain_owner("example", "b");
    for (const auto* text : {
             "",
             "said=1 until=never",
             "said=1795540000000 until=never edge=b zone=other",
             "said=99999999999999 until=never edge=b zone=example",
             "said=1795540000000 until=99999999999 edge=b zone=example",
         }) {
        CAPTURE(text);
        changes.set = {{owner, text}};
        nodes.at("a").hear_drains("b", changes);
        CHECK(nodes.usable("a") == "UUU");
    }
    const auto wall = std::chrono::duration_cast<std::chrono::milliseconds>(
                          std::chrono::system_clock::now().time_since_epoch())
                          .count();
    changes.set.clear();
    for (int i = 0; i < 12'000; ++i) {
        const auto edge = "e" + std::to_string(i);
        changes.set.emplace(
            probes::drain_owner("z", edge),
            "said=" + std::to_string(wall) + " until=never edge=" + edge + " zone=z");
    }
    nodes.at("a").hear_drains("b", changes);
    nodes.at("a").hear_drains("stranger", changes);
    CHECK(nodes.at("a").told_drains().size() == probes::DrainWords::most_of_others);
    (void)nodes.at("c").drain({"b"}, std::nullopt);
    CHECK(nodes.usable("a") == "UDU");
}

}  // namespace health_drain_registry_test
