// SPDX-License-Identifier: Apache-2.0
// What nodes vote on while their zone files differ.

#include "tests/e2e/nodes/three_nodes.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace shared_votes_test {

using namespace e2e;

namespace {

constexpr const char* name = "www.health.test";

std::string zone_with(const Relay& newyork, const Relay& singapore, const Relay& frankfurt) {
    return to_text({.edges = {tcp_edge("newyork", newyork), tcp_edge("singapore", singapore),
                              tcp_edge("frankfurt", frankfurt)},
                    .steers = {{"www", failover({"newyork", "singapore", "frankfurt"})}}});
}

}  // namespace

TEST_CASE("nodes whose zones have another address for an edge do not vote together on it") {
    const Relay singapore{"127.0.0.2"};
    const Relay frankfurt{"127.0.0.3"};
    Relay before{"127.0.0.1"};
    Relay after{"127.0.0.4"};
    const auto old_zone = zone_with(before, singapore, frankfurt);
    const auto new_zone = zone_with(after, singapore, frankfurt);
    ThreeNodes nodes;
    nodes.write_zones(old_zone);
    nodes.start_all();
    REQUIRE(nodes.hear_each_other());
    for (const auto& node : ThreeNodes::names)
        REQUIRE(comes_to(nodes.at(node), name, before.address()));

    // The new address is dead; the two that have the old one see it up.
    after.die();
    nodes.write_zone("newyork", new_zone);
    CHECK(comes_to(nodes.at("newyork"), name, singapore.address()));
    CHECK(nodes.edge_fact("newyork", "newyork", "state") == "down");
    CHECK(nodes.edge_fact("newyork", "newyork", "agreed") == "");
    CHECK(nodes.edge_fact("newyork", "newyork", "other_check_at") == "frankfurt,singapore");
    CHECK(nodes.edge_fact("newyork", "singapore", "other_check_at") == "");
    CHECK(eventually(
        [&] { return nodes.edge_fact("singapore", "newyork", "other_check_at") == "newyork"; }));
    CHECK(nodes.answer("singapore", name) == before.address());

    // The other way round: the old one is dead, and does not vote out the new one.
    after.listen();
    CHECK(comes_to(nodes.at("newyork"), name, after.address()));
    before.die();
    for (const auto* node : {"singapore", "frankfurt"}) {
        CAPTURE(node);
        CHECK(comes_to(nodes.at(node), name, singapore.address()));
    }
    CHECK(nodes.edge_fact("newyork", "newyork", "state") == "up");
    CHECK(nodes.answer("newyork", name) == after.address());

    // Once the files are the same, all three vote again.
    nodes.write_zones(new_zone);
    for (const auto& node : ThreeNodes::names) {
        CAPTURE(node);
        CHECK(comes_to(nodes.at(node), name, after.address()));
        CHECK(eventually([&] { return nodes.edge_fact(node, "newyork", "other_check_at") == ""; }));
    }
}

TEST_CASE(
    "a node that starts cut off goes on with what was agreed, and says of no edge that it went") {
    Relay newyork{"127.0.0.1"};
    Relay singapore{"127.0.0.2"};
    Relay frankfurt{"127.0.0.3"};
    ThreeNodes nodes;
    nodes.write_zones(zone_with(newyork, singapore, frankfurt));
    nodes.start_all();
    REQUIRE(nodes.hear_each_other());
    for (const auto* other : {"singapore", "frankfurt"}) nodes.kill(other);
    singapore.die();
    frankfurt.die();
    for (const auto* other : {"singapore", "frankfurt"})
        REQUIRE(eventually([&] { return nodes.edge_fact("newyork", other, "state") == "down"; }));
    const auto saved = nodes.folder.path("newyork/state/health");
    REQUIRE(eventually([&] {
        std::ifstream file{saved};
        const std::string text{std::istreambuf_iterator<char>{file}, {}};
        const auto first = text.find("target down ");
        return first != std::string::npos &&
               text.find("target down ", first + 1) != std::string::npos;
    }));
    nodes.kill("newyork");

    const auto& server = nodes.start("newyork");
    for (const auto* other : {"singapore", "frankfurt"}) {
        CHECK(nodes.edge_fact("newyork", other, "state") == "down");
        CHECK(nodes.edge_fact("newyork", other, "agreed") == "up:cut_off");
    }
    CHECK(!server.has_said("is not answered"));
    CHECK(!server.has_said("is answered again"));
}

}  // namespace shared_votes_test
