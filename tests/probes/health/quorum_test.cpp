// SPDX-License-Identifier: Apache-2.0
#include "probes/health/quorum.hpp"

#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace health_quorum_test {

using namespace std::chrono_literals;
using probes::Agreed;
using probes::Agreement;
using probes::Basis;
using probes::EdgeView;
using probes::PeerView;
using probes::Quorum;
using probes::State;
using probes::Time;

namespace {

constexpr Time start{1'000'000s};

State state(char letter) {
    return letter == 'U' ? State::Up : letter == 'D' ? State::Down : State::Unknown;
}

char letter(State state) {
    return state == State::Up ? 'U' : state == State::Down ? 'D' : '?';
}

/// Nodes stand at edges a, b, c …; this one at a. Views are a letter an edge: U, D, '?', and '.'
/// for an edge without checks.
class Nodes {
 public:
    explicit Nodes(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            names_.emplace_back(1, static_cast<char>('a' + i));
        }
        quorum.set_peers(names_);
    }

    /// What node `name` says; a view that begins with '!' is that of a node that is cut off.
    void hear(const std::string& name, std::string_view view) {
        PeerView told;
        if (view.starts_with('!')) {
            told.cut_off = true;
            view.remove_prefix(1);
        }
        for (std::size_t i = 0; i < view.size(); ++i) {
            if (state(view[i]) != State::Unknown) told.states.emplace(names_[i], state(view[i]));
        }
        quorum.hear(name, std::move(told));
    }
    void lose(const std::string& names) {
        for (const auto name : names) quorum.lose({name}, now);
    }

    Agreement judge(std::string_view own) {
        std::vector<EdgeView> views;
        for (std::size_t i = 0; i < own.size(); ++i) {
            const bool checked = own[i] != '.';
            views.push_back({.name = names_.at(i),
                             .state = checked ? state(own[i]) : State::Up,
                             .checked = checked,
                             .lost_home = lost_home == names_.at(i)});
        }
        return quorum.judge(views, now);
    }
    /// As letters, behind '!' when this node is cut off.
    std::string states(std::string_view own) {
        const auto agreement = judge(own);
        std::string text{agreement.cut_off ? "!" : ""};
        for (const auto& edge : agreement.edges) text += letter(edge.state);
        return text;
    }

    Time now = start;
    std::string lost_home;
    Quorum quorum{"a"};

 private:
    std::vector<std::string> names_;
};

}  // namespace

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

TEST_CASE("what is not unanimous is in doubt, and all that a cut-off node goes on with") {
    CHECK_FALSE(Agreed{.state = State::Up}.in_doubt());
    CHECK_FALSE(Agreed{.basis = Basis::Votes, .up = 3}.in_doubt());
    CHECK(Agreed{.basis = Basis::Votes, .up = 2, .down = 1}.in_doubt());
    CHECK(Agreed{.basis = Basis::LastAgreed}.in_doubt());
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
        const auto agreed = quorum.judge(std::vector{own}, start).edges.at(0);
        CHECK(agreed.state == row.expected);
        CHECK(basis_text(agreed) == row.basis);
        CHECK(agreed.other_checks == row.others);
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

}  // namespace health_quorum_test
