// SPDX-License-Identifier: Apache-2.0
// What a node makes of a vote when its own network is gone, and what it keeps of earlier ones.
#include "probes/health/quorum.hpp"
#include "tests/probes/health/voting_nodes.hpp"
#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace health_cut_off_test {

using namespace std::chrono_literals;
using probes::Agreed;
using probes::Basis;
using probes::EdgeView;
using probes::Quorum;
using probes::State;
using Nodes = probes_test::VotingNodes;

TEST_CASE("a node that sees all others down and hears nobody goes on with what was last agreed") {
    Nodes nodes{4};
    for (const auto* name : {"b", "c", "d"}) nodes.hear(name, "UUUD");
    REQUIRE(nodes.states("UUUD") == "UUUD");
    nodes.now += 5s;
    // Its network is gone. Checks find it one by one, and so do transfers.
    CHECK(nodes.states("UDUD") == "UUUD");
    nodes.lose("b");
    CHECK(nodes.states("UDUD") == "UUUD");
    CHECK(nodes.states("UDDD") == "UUUD");
    nodes.lose("cd");
    CHECK(nodes.states("UDDD") == "!UUUD");
    CHECK(basis_text(nodes.judge("UDDD").edges.at(1)) == "cut_off");
    // Whatever it sees now changes nothing, its own edge too.
    nodes.now += 5min;
    CHECK(nodes.states("DDDD") == "!UUUD");
}

TEST_CASE("what was last agreed does not hold for ever") {
    Nodes nodes{3};
    for (const auto* name : {"b", "c"}) nodes.hear(name, "UUU");
    REQUIRE(nodes.states("UUU") == "UUU");
    nodes.lose("bc");
    REQUIRE(nodes.states("UDD") == "!UUU");
    nodes.now += Quorum::agreement_lasts - 1s;
    CHECK(nodes.states("UDD") == "!UUU");
    CHECK(nodes.quorum.next_change(nodes.now) == nodes.now + 1s);
    nodes.now += 1s;
    CHECK(nodes.states("UDD") == "!UDD");
    CHECK_FALSE(nodes.quorum.next_change(nodes.now));
}

TEST_CASE("who is not cut off") {
    struct Row {
        const char* name;
        std::size_t nodes;
        const char* own;
        std::string lost;
        std::chrono::seconds ago;
        const char* expected;
    };
    const Row rows[] = {
        {"all others down, nobody heard", 3, "UDD", "bc", 0s, "!UUU"},
        {"one other is not down", 3, "UUD", "bc", 60s, "UUD"},
        {"one other is unknown", 3, "U?D", "bc", 60s, "U?D"},
        {"one other is heard: votes decide", 3, "UDD", "b", 59s, "UUU"},
        {"one other is heard, and votes are few", 3, "UDD", "b", 60s, "UDD"},
        {"all are heard: votes decide", 3, "UDD", "", 60s, "UUU"},
        {"one other edge is too few", 2, "UD", "b", 60s, "UD"},
        {"one other edge with a check is too few", 3, "U.D", "bc", 60s, "UUD"},
        {"an edge without a check is no other edge", 4, "UDD.", "bcd", 60s, "!UUUU"},
        {"its own edge is no matter", 3, "DDD", "bc", 60s, "!UUU"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        Nodes nodes{row.nodes};
        std::string all_up(row.nodes, 'U');
        for (std::size_t i = 1; i < row.nodes; ++i) {
            nodes.hear(std::string(1, static_cast<char>('a' + i)), all_up);
        }
        REQUIRE(nodes.states(all_up) == all_up);
        nodes.lose(row.lost);
        nodes.now += row.ago;
        CHECK(nodes.states(row.own) == row.expected);
    }
}

TEST_CASE("with nothing agreed, a node that is cut off has only what it sees") {
    Nodes nodes{3};
    CHECK(nodes.states("UDD") == "!UDD");
}

TEST_CASE("a network that comes back does not mislead the node that was cut off") {
    Nodes nodes{3};
    for (const auto* name : {"b", "c"}) nodes.hear(name, "UUU");
    REQUIRE(nodes.states("UUU") == "UUU");
    nodes.lose("bc");
    nodes.now += 2min;
    REQUIRE(nodes.states("UDD") == "!UUU");
    nodes.hear("b", "DUU");  // checks need some passes yet, here and there
    CHECK(nodes.states("UDD") == "!UUU");
    nodes.hear("c", "DUU");
    CHECK(nodes.states("UDD") == "DUU");  // as the others see it, rightly or not
    nodes.hear("b", "UUU");
    CHECK(nodes.states("UDD") == "UUU");
    CHECK(nodes.states("UUU") == "UUU");
}

TEST_CASE("nodes that all were cut off find together again") {
    Nodes nodes{3};
    nodes.hear("b", "!DUD");
    nodes.hear("c", "!DDU");
    CHECK(nodes.states("UDD") == "!UDD");
    CHECK(nodes.states("UUD") == "UUD");
    nodes.hear("b", "UUU");
    nodes.hear("c", "UUU");
    CHECK(nodes.states("UUD") == "UUU");
}

TEST_CASE("what was last agreed survives a restart, with its age") {
    Nodes before{3};
    before.lost_home = "c";
    for (const auto* name : {"b", "c"}) before.hear(name, "UDU");
    REQUIRE(before.states("UDU") == "UDU");
    before.now += 1h;  // it holds all the time, though nobody asks
    const auto saved = before.quorum.last_agreed(before.now);
    REQUIRE(saved.size() == 3);
    CHECK(saved[0].held == before.now);

    Nodes after{3};
    after.now = before.now + 9min;
    after.quorum.restore(saved);
    const auto agreement = after.judge("UDD");
    CHECK(agreement.cut_off);
    CHECK(agreement.edges[1].state == State::Down);
    CHECK(agreement.edges[2] ==
          Agreed{.state = State::Up, .basis = Basis::LastAgreed, .lost_home = true});
    CHECK(after.quorum.last_agreed(after.now).size() == 3);
    after.now += 1min;
    CHECK(after.states("UDD") == "!UDD");
    CHECK(after.quorum.last_agreed(after.now).empty());
}

TEST_CASE("what was agreed of an edge that is gone is forgotten") {
    Nodes nodes{3};
    for (const auto* name : {"b", "c"}) nodes.hear(name, "UDU");
    REQUIRE(nodes.states("UDU") == "UDU");
    REQUIRE(nodes.states("UD") == "UD");
    CHECK(nodes.quorum.last_agreed(nodes.now).size() == 2);
}

TEST_CASE("a node that is cut off changes nothing, whatever its checks say") {
    support::Generator generator{23};
    for (int run = 0; run < 500; ++run) {
        const auto count = support::draw(generator, 3, 7);
        const auto random_view = [&] {
            std::string view;
            for (std::size_t i = 0; i < count; ++i) view += "UUUD"[support::draw(generator, 0, 3)];
            return view;
        };
        Nodes nodes{count};
        for (std::size_t i = 1; i < count; ++i) {
            nodes.hear(std::string(1, static_cast<char>('a' + i)), random_view());
        }
        // Before its network went, it saw what most saw.
        const auto agreed = nodes.states("U" + std::string(count - 1, 'U'));
        for (std::size_t i = 1; i < count; ++i) {
            nodes.lose(std::string(1, static_cast<char>('a' + i)));
        }
        nodes.now += std::chrono::seconds{support::draw(generator, 0, 599)};
        const auto own = std::string(support::draw(generator, 0, 1) == 0 ? "U" : "D") +
                         std::string(count - 1, 'D');
        CHECK(nodes.states(own) == "!" + agreed);
    }
}

TEST_CASE("a node that is cut off goes on with nothing that was agreed of another check") {
    Nodes nodes{3};
    nodes.hear("b", "UUU");
    nodes.hear("c", "UUU");
    const auto judge = [&](std::uint64_t asked) {
        const std::vector<EdgeView> views{{.name = "a", .state = State::Up},
                                          {.name = "b", .state = State::Down, .asked = asked},
                                          {.name = "c", .state = State::Down, .asked = 7}};
        return nodes.quorum.judge(views, nodes.now);
    };
    REQUIRE(judge(1).edges.at(1).basis == Basis::Votes);
    nodes.lose("bc");
    nodes.now += 2min;
    CHECK(judge(1).edges.at(1).state == State::Up);
    const auto agreement = judge(2);
    CHECK(agreement.cut_off);
    CHECK(agreement.edges.at(1).state == State::Down);
    CHECK(agreement.edges.at(2).state == State::Up);

    Quorum after{"a"};
    after.restore(nodes.quorum.last_agreed(nodes.now));
    after.set_peers(std::vector<std::string>{"b", "c"});
    const std::vector<EdgeView> views{{.name = "b", .state = State::Down, .asked = 2},
                                      {.name = "c", .state = State::Down, .asked = 7}};
    const auto again = after.judge(views, nodes.now);
    CHECK(again.edges.at(0).state == State::Down);
    CHECK(again.edges.at(1).state == State::Up);
}

}  // namespace health_cut_off_test
