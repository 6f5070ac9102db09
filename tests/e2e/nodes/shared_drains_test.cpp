// SPDX-License-Identifier: Apache-2.0
// Edges that are drained at one node of a zone, and what the other nodes make of it.

#include "tests/e2e/nodes/three_nodes.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace shared_drains_test {

using namespace e2e;

namespace {

constexpr const char* name = "www.health.test";

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// Three nodes with one zone of relays that all are up.
class DrainedNodes : public ThreeNodes {
 public:
    DrainedNodes() { write_zones(zone()); }

    [[nodiscard]] std::string zone(const std::string& of = apex) const {
        return to_text({.apex = of,
                        .edges = {tcp_edge("newyork", newyork), tcp_edge("singapore", singapore),
                                  tcp_edge("frankfurt", frankfurt)},
                        .steers = {{"www", failover({"newyork", "singapore", "frankfurt"})}}});
    }
    void begin() {
        start_all();
        REQUIRE(hear_each_other());
        for (const auto& node : names) REQUIRE(comes_to(at(node), name, newyork.address()));
    }
    [[nodiscard]] bool is_drained(const std::string& node) const {
        return edge_fact(node, "newyork", "out") == "drained";
    }

    Relay newyork{"127.0.0.1"};
    Relay singapore{"127.0.0.2"};
    Relay frankfurt{"127.0.0.3"};
};

}  // namespace

TEST_CASE("a drain at one node holds at all of them, and so does its end") {
    DrainedNodes nodes;
    nodes.begin();
    const auto done = nodes.command("newyork", {"drain", "newyork", "--for", "2h"});
    CHECK(done.status == 0);
    CHECK(contains(done.output, "health.test/newyork is drained\n"));
    CHECK(contains(done.output, " of 3 nodes\n"));
    for (const auto& node : ThreeNodes::names) {
        CAPTURE(node);
        CHECK(comes_to(nodes.at(node), name, nodes.singapore.address()));
        CHECK(nodes.is_drained(node));
        const auto left = nodes.edge_fact(node, "newyork", "drained");
        CHECK((left == "2h" || left.starts_with("1h5")));
        CHECK(eventually([&] { return nodes.edge_fact(node, "newyork", "drained_on") == ""; }));
    }
    // At another node than that at which it was drained.
    const auto undone = nodes.command("frankfurt", {"undrain", "newyork"});
    CHECK(undone.status == 0);
    CHECK(contains(undone.output, " of 3 nodes\n"));
    for (const auto& node : ThreeNodes::names) {
        CAPTURE(node);
        CHECK(comes_to(nodes.at(node), name, nodes.newyork.address()));
        CHECK(nodes.edge_fact(node, "newyork", "drained") == "");
    }
}

TEST_CASE("a drain ends by itself at all nodes") {
    DrainedNodes nodes;
    nodes.begin();
    REQUIRE(nodes.command("singapore", {"drain", "newyork", "--for", "20s"}).status == 0);
    for (const auto& node : ThreeNodes::names) {
        CAPTURE(node);
        CHECK(eventually([&] { return nodes.is_drained(node); }));
    }
    for (const auto& node : ThreeNodes::names) {
        CAPTURE(node);
        CHECK(comes_to(nodes.at(node), name, nodes.newyork.address()));
        CHECK(nodes.edge_fact(node, "newyork", "drained") == "");
    }
}

TEST_CASE("a node that was down learns of drains, and of their end, from whoever is left") {
    DrainedNodes nodes;
    nodes.begin();
    nodes.kill("frankfurt");
    const auto done = nodes.command("newyork", {"drain", "newyork"});
    CHECK(done.status == 0);
    CHECK(contains(done.output, " of 3 nodes\n"));
    CHECK(contains(done.errors, "frankfurt"));
    CHECK(eventually(
        [&] { return nodes.edge_fact("newyork", "newyork", "drained_on") == "2_of_3"; }));
    CHECK(eventually(
        [&] { return nodes.edge_fact("singapore", "newyork", "drained_on") == "2_of_3"; }));
    const auto json = nlohmann::json::parse(nodes.command("newyork", {"status", "--json"}).output);
    const auto& edge = json["zones"][0]["edges"][0];
    CHECK(edge["drained_on"] == 2);
    CHECK(edge["drained_not_on"] == nlohmann::json::array({"frankfurt"}));
    CHECK(contains(nodes.command("newyork", {"status"}).output,
                   "/newyork is drained, but not at frankfurt"));

    // From singapore, as the node of the command is gone.
    nodes.kill("newyork");
    nodes.start("frankfurt");
    CHECK(comes_to(nodes.at("frankfurt"), name, nodes.singapore.address()));
    CHECK(nodes.is_drained("frankfurt"));

    // Newyork has it in its state file, and the end of it was said while it was down.
    REQUIRE(nodes.command("frankfurt", {"undrain", "newyork"}).status == 0);
    CHECK(comes_to(nodes.at("singapore"), name, nodes.newyork.address()));
    nodes.start("newyork");
    CHECK(comes_to(nodes.at("newyork"), name, nodes.newyork.address()));
    for (const auto& node : ThreeNodes::names) {
        CAPTURE(node);
        CHECK(eventually([&] { return nodes.edge_fact(node, "newyork", "drained_on") == ""; }));
        CHECK_FALSE(nodes.is_drained(node));
    }
}

TEST_CASE("a drain of this node alone stays here, and says so") {
    DrainedNodes nodes;
    nodes.begin();
    const auto done = nodes.command("newyork", {"drain", "newyork", "--here"});
    CHECK(done.status == 0);
    CHECK(!contains(done.output, "nodes"));
    CHECK(nodes.edge_fact("newyork", "newyork", "drained_on") == "here");
    CHECK(nodes.answer("newyork", name) == nodes.singapore.address());
    // What is told later is told behind it.
    REQUIRE(nodes.command("newyork", {"drain", "frankfurt"}).status == 0);
    CHECK(
        eventually([&] { return nodes.edge_fact("singapore", "frankfurt", "out") == "drained"; }));
    CHECK(nodes.edge_fact("singapore", "newyork", "out") == "");
    nodes.kill("newyork");
    nodes.start("newyork");
    CHECK(nodes.edge_fact("newyork", "newyork", "drained_on") == "here");
    REQUIRE(nodes.command("newyork", {"undrain", "newyork"}).status == 0);
    CHECK(nodes.answer("newyork", name) == nodes.newyork.address());
}

TEST_CASE("a drain of a zone that another node does not serve yet waits there for the zone") {
    DrainedNodes nodes;
    nodes.begin();
    nodes.write_zone("newyork", nodes.zone("other.test"), "other.json");
    REQUIRE(eventually([&] { return !nodes.lines("newyork", "other.test").empty(); }));
    const auto done = nodes.command("newyork", {"drain", "other.test/newyork"});
    CHECK(contains(done.output, "other.test/newyork is drained\n"));
    nodes.write_zone("singapore", nodes.zone("other.test"), "other.json");
    REQUIRE(eventually([&] { return !nodes.lines("singapore", "other.test").empty(); }));
    CHECK(comes_to(nodes.at("singapore"), "www.other.test", nodes.singapore.address()));
    const auto line = line_with(nodes.lines("singapore", "other.test"), "edge=newyork");
    CHECK(fact(line, "out") == "drained");
    CHECK_FALSE(nodes.is_drained("singapore"));
}

}  // namespace shared_drains_test
