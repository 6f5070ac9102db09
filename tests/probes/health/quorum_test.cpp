// SPDX-License-Identifier: Apache-2.0
#include "probes/health/quorum.hpp"

#include "tests/probes/health/voting_nodes.hpp"
#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace health_quorum_test {

using probes::Agreed;
using probes::Basis;
using probes::EdgeView;
using probes::PeerView;
using probes::Quorum;
using probes::State;
using Nodes = probes_test::VotingNodes;

TEST_CASE("an edge is down when most of those that can see say so") {
    struct Row {
        const char* name;
        std::vector<const char*> views;  // of nodes a, b, c …; an empty one: it is not heard
        const char* expected;
        const char* basis;  // of edge b
    };
    const Row rows[] = {
        {"all see all up", {"UUU", "UUU", "UUU"}, "UUU", "3_of_3"},
        {"all see one down", {"UDU", "UDU", "UDU"}, "UDU", "3_of_3"},
        {"two of three see it down", {"UDU", "UUU", "UDU"}, "UDU", "2_of_3"},
        {"only this node sees it down", {"UDU", "UUU", "UUU"}, "UUU", "2_of_3"},
        {"only this node sees it up", {"UUU", "UDU", "UDU"}, "UDU", "2_of_3"},
        {"this node has no word", {"U?U", "UDU", "UDU"}, "UDU", "2_of_2"},
        {"a node without a word has no say", {"UDU", "U?U", "UDU"}, "UDU", "2_of_2"},
        {"a tie takes nothing out", {"UDU", "UUU", "U?U"}, "UUU", "1_of_2"},
        {"a tie of four", {"UDUU", "UUUU", "UDUU", "UUUU"}, "UUUU", "2_of_4"},
        {"three of four", {"UDUU", "UUUU", "UDUU", "UDUU"}, "UDUU", "3_of_4"},
        {"only this node can tell: down", {"UDU", "U?U", "U?U"}, "UDU", "own"},
        {"only one other can tell: down", {"U?U", "UDU", "U?U"}, "U?U", "own"},
        {"nobody can tell", {"U?U", "U?U", "U?U"}, "U?U", "own"},
        {"two nodes: what this one sees, up", {"UU", "UD"}, "UU", "own"},
        {"two nodes: what this one sees, down", {"UD", "UU"}, "UD", "own"},
        {"a third one that was never heard", {"UDU", "UUU", ""}, "UDU", "own"},
        {"a third one that is cut off", {"UDU", "UUU", "!UUU"}, "UDU", "own"},
        {"a fourth one that is cut off", {"UDUU", "UDUU", "UUUU", "!UUUU"}, "UDUU", "2_of_3"},
        {"no node judges its own edge alone", {"UUU", "UDU", "UUU"}, "UUU", "2_of_3"},
        {"edges that others do not check", {"UUD", "UU", "UU"}, "UUD", "3_of_3"},
        {"an edge that nobody checks stays up", {"U.U", "UDU", "UDU"}, "UUU", "own"},
        {"home's page fails at all, and is seen", {"DDD", "DDD", "DDD"}, "DDD", "3_of_3"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        Nodes nodes{row.views.size()};
        for (std::size_t i = 1; i < row.views.size(); ++i) {
            const std::string name(1, static_cast<char>('a' + i));
            if (*row.views[i] != '\0') nodes.hear(name, row.views[i]);
        }
        CHECK(nodes.states(row.views[0]) == row.expected);
        CHECK(basis_text(nodes.judge(row.views[0]).edges.at(1)) == row.basis);
    }
}

TEST_CASE("no minority of liars takes an edge down or keeps a dead one in, and a majority does") {
    support::Generator generator{11};
    const std::string lies[] = {"D", "?", "!D", "!", "U"};
    for (int run = 0; run < 2'000; ++run) {
        const auto count = support::draw(generator, 3, 9);
        const auto liars = support::draw(generator, 0, (count - 1) / 2);
        const bool alive = support::draw(generator, 0, 1) == 0;
        CAPTURE(count);
        CAPTURE(liars);
        Nodes nodes{count};
        const std::string truth = alive ? "U" : "D";
        for (std::size_t i = 1; i < count; ++i) {
            const std::string name(1, static_cast<char>('a' + i));
            auto lie = lies[support::draw(generator, 0, std::size(lies) - 1)];
            if (support::draw(generator, 0, 1) == 0) lie = alive ? "D" : "U";
            nodes.hear(name, i <= liars ? lie : truth);
        }
        CHECK(nodes.states(truth) == truth);
    }
    for (std::size_t count = 3; count <= 9; ++count) {
        CAPTURE(count);
        Nodes nodes{count};
        for (std::size_t i = 1; i <= count / 2 + 1; ++i) {
            nodes.hear(std::string(1, static_cast<char>('a' + i)), "D");
        }
        for (std::size_t i = count / 2 + 2; i < count; ++i) {
            nodes.hear(std::string(1, static_cast<char>('a' + i)), "U");
        }
        CHECK(nodes.states("U") == "D");
    }
}

TEST_CASE("each half of a network that is split answers what it reaches") {
    Nodes nodes{5};  // a and b on one side
    for (const auto* name : {"b", "c", "d", "e"}) nodes.hear(name, "UUUUU");
    REQUIRE(nodes.states("UUUUU") == "UUUUU");
    nodes.lose("cde");
    nodes.hear("b", "UUDDD");
    nodes.now += Quorum::words_last;
    CHECK(nodes.states("UUDDD") == "UUDDD");

    Nodes others{5};  // a, b and c on the other
    for (const auto* name : {"b", "c", "d", "e"}) others.hear(name, "UUUUU");
    REQUIRE(others.states("UUUUU") == "UUUUU");
    others.lose("de");
    for (const auto* name : {"b", "c"}) others.hear(name, "UUUDD");
    CHECK(others.states("UUUDD") == "UUUDD");
}

TEST_CASE("a peer that is lost keeps its votes for a while, but not on its own edge") {
    Nodes nodes{4};
    for (const auto* name : {"b", "c", "d"}) nodes.hear(name, "UUUU");
    // Two die at once, node and edge: the two that are left are not a majority of four.
    nodes.lose("cd");
    nodes.hear("b", "UUDD");
    CHECK(nodes.states("UUDD") == "UUDD");
    const auto agreement = nodes.judge("UUDD");
    CHECK(basis_text(agreement.edges.at(2)) == "2_of_3");
    CHECK(nodes.quorum.next_change(nodes.now) == nodes.now + Quorum::words_last);
    nodes.now += Quorum::words_last;
    CHECK(basis_text(nodes.judge("UUDD").edges.at(2)) == "own");
    CHECK_FALSE(nodes.quorum.next_change(nodes.now));
    CHECK(nodes.quorum.reach("c"));  // with nothing new to say
    CHECK_FALSE(nodes.quorum.reach("c"));
    CHECK_FALSE(nodes.quorum.reach("z"));
    CHECK(basis_text(nodes.judge("UUDD").edges.at(2)) == "2_of_3");
}

TEST_CASE("peers that go take their votes along, and strangers have none") {
    Nodes nodes{3};
    for (const auto* name : {"b", "c"}) nodes.hear(name, "UDU");
    nodes.hear("z", "UDU");
    nodes.hear("a", "UUU");  // nobody speaks for this node but itself
    REQUIRE(nodes.states("UUU") == "UDU");
    const std::vector<std::string> one{"c"};
    nodes.quorum.set_peers(one);
    CHECK(nodes.states("UUU") == "UUU");
    CHECK_FALSE(nodes.quorum.has_peer("b"));
}

TEST_CASE("what is not unanimous is in doubt, and all that a cut-off node goes on with") {
    CHECK_FALSE(Agreed{.state = State::Up}.in_doubt());
    CHECK_FALSE(Agreed{.basis = Basis::Votes, .up = 3}.in_doubt());
    CHECK(Agreed{.basis = Basis::Votes, .up = 2, .down = 1}.in_doubt());
    CHECK(Agreed{.basis = Basis::LastAgreed}.in_doubt());
}

TEST_CASE("a vote counts where it is about the check of this node, and nowhere else") {
    // What each of three nodes sees of an edge, and the number of its check; 0: it does not say.
    struct Vote {
        State state;
        std::uint64_t asked;
    };
    struct Row {
        const char* name;
        Vote own;
        Vote b;
        Vote c;
        State expected;
        const char* basis;
        std::vector<std::string> others;
    };
    constexpr auto up = State::Up;
    constexpr auto down = State::Down;
    const Row rows[] = {
        {"all ask the same", {down, 1}, {up, 1}, {up, 1}, up, "2_of_3", {}},
        {"both others ask something else", {down, 1}, {up, 2}, {up, 2}, down, "own", {"b", "c"}},
        {"and the other way round", {up, 1}, {down, 2}, {down, 2}, up, "own", {"b", "c"}},
        {"one other does", {up, 1}, {down, 2}, {down, 1}, up, "1_of_2", {"b"}},
        {"two of the same see it down", {down, 1}, {up, 2}, {down, 1}, down, "2_of_2", {"b"}},
        {"early versions do not say", {up, 1}, {down, 0}, {down, 0}, down, "2_of_3", {}},
        {"nor does this node", {up, 0}, {down, 1}, {down, 2}, down, "2_of_3", {}},
    };
    const auto asked = [](std::uint64_t number) {
        return number == 0 ? probes::Asked{} : probes::Asked{number};
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        Quorum quorum{"a"};
        quorum.set_peers(std::vector<std::string>{"a", "b", "c"});
        for (const auto& [peer, vote] : {std::pair{"b", row.b}, std::pair{"c", row.c}}) {
            PeerView view;
            view.states.emplace("x", probes::EdgeWord{vote.state, asked(vote.asked)});
            quorum.hear(peer, std::move(view));
        }
        const EdgeView own{.name = "x", .state = row.own.state, .asked = asked(row.own.asked)};
        const auto agreed = quorum.judge(std::vector{own}, probes::Time{}).edges.at(0);
        CHECK(agreed.state == row.expected);
        CHECK(basis_text(agreed) == row.basis);
        CHECK(agreed.other_checks == row.others);
    }
}

}  // namespace health_quorum_test
