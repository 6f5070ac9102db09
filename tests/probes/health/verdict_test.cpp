// SPDX-License-Identifier: Apache-2.0
#include "probes/health/verdict.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace health_verdict_test {

using probes::EdgeFacts;
using probes::Removed;
using probes::State;

namespace {

State state(char sign) {
    return sign == 'U' ? State::Up : sign == 'D' ? State::Down : State::Unknown;
}

/// Edges in words such as "UD": own state, and origin's ('.': it has no such check, 'N': Down, as
/// nothing can be connected to). A third letter means drained.
std::vector<EdgeFacts> edges(const std::vector<std::string>& words) {
    std::vector<EdgeFacts> facts;
    for (const auto& word : words) {
        const bool has_origin = word[1] != '.';
        const bool unreached = word[1] == 'N';
        const auto origin = unreached ? State::Down : state(word[1]);
        facts.push_back({.own = state(word[0]),
                         .origin = has_origin ? origin : State::Up,
                         .has_origin = has_origin,
                         .unreached = unreached,
                         .drained = word.size() > 2});
    }
    return facts;
}

std::string letters(const std::vector<Removed>& removed) {
    std::string text;
    for (const auto reason : removed) {
        switch (reason) {
            case Removed::No:
                text += '-';
                break;
            case Removed::Drained:
                text += 'd';
                break;
            case Removed::Down:
                text += 'x';
                break;
            case Removed::Origin:
                text += 'o';
                break;
        }
    }
    return text;
}

}  // namespace

TEST_CASE("the worst of states is down before unknown before up") {
    struct Row {
        std::vector<State> states;
        State expected;
    };
    constexpr auto up = State::Up;
    constexpr auto unknown = State::Unknown;
    constexpr auto down = State::Down;
    const Row rows[] = {
        {{}, up},
        {{up}, up},
        {{unknown}, unknown},
        {{down}, down},
        {{up, up}, up},
        {{up, unknown}, unknown},
        {{unknown, up}, unknown},
        {{down, unknown, up}, down},
        {{unknown, down}, down},
        {{up, up, down}, down},
    };
    for (const auto& row : rows) {
        CAPTURE(row.states.size());
        CHECK(probes::worst_of(row.states) == row.expected);
    }
}

TEST_CASE("edges are out when drained, down, or cut off from a home that others reach") {
    struct Row {
        std::string name;
        std::vector<std::string> edges;  // own state, origin's ('.': no such check), d: drained
        std::string removed;             // drained, x down, origin
        bool home_down;
    };
    const Row rows[] = {
        {"no edges", {}, "", false},
        {"all is well", {"UU", "UU"}, "--", false},
        {"no origin checks", {"U.", "U."}, "--", false},
        {"one is down", {"U.", "D."}, "-x", false},
        {"unknown is not down", {"?.", "D."}, "-x", false},
        {"all are down", {"D.", "D."}, "xx", false},
        {"one is drained", {"U.", "U.d"}, "-d", false},
        {"drained wins over down", {"U.", "D.d"}, "-d", false},
        {"drained wins over origin", {"UU", "UDd"}, "-d", false},
        {"down wins over origin", {"UU", "DD"}, "-x", false},
        {"all are drained", {"U.d", "UDd"}, "dd", false},
        {"home is lost behind one", {"UU", "UD"}, "-o", false},
        {"home is lost behind one of unknown state", {"UU", "?D"}, "-o", false},
        {"home is lost behind two of three", {"UD", "UU", "UD"}, "o-o", false},
        {"home is lost behind all", {"UD", "UD"}, "--", true},
        {"home is lost behind all, one of them unknown", {"?D", "UD"}, "--", true},
        {"home is lost behind the only one", {"UD"}, "-", true},
        {"home is lost behind the only one not down", {"DD", "UD"}, "x-", true},
        {"home is lost behind the only one not drained", {"UDd", "UD"}, "d-", true},
        {"a drained edge that reaches home cannot help", {"UUd", "UD"}, "d-", true},
        {"a down edge that reached home cannot help", {"DU", "UD"}, "x-", true},
        {"an edge without origin check may reach home", {"U.", "UD"}, "-o", false},
        {"so may one of unknown state without it", {"?.", "UD"}, "-o", false},
        {"an edge of unknown origin may reach home", {"U?", "UD"}, "-o", false},
        {"but not when it is down", {"D?", "UD"}, "x-", true},
        {"origins unknown everywhere", {"U?", "U?"}, "--", false},
        {"only a drained edge has an origin check", {"U.", "UDd"}, "-d", false},
        {"only a down edge has an origin check", {"U.", "DD"}, "-x", false},
        {"nothing can be connected to", {"UN", "UN"}, "--", false},
        {"the only one is unreached", {"UN"}, "-", false},
        {"unreached, while home is lost behind another", {"UN", "UD"}, "--", true},
        {"unreached, while another reaches home", {"UN", "UU"}, "--", false},
        {"unreached, home lost behind one of two", {"UN", "UD", "UU"}, "-o-", false},
        {"unreached and down", {"DN", "UU"}, "x-", false},
        {"every reason at once", {"UDd", "DD", "UD", "UU"}, "dxo-", false},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto verdicts = probes::judge(edges(row.edges));
        CHECK(letters(verdicts.removed) == row.removed);
        CHECK(verdicts.home_down == row.home_down);
    }
}

TEST_CASE("an edge is cut off from home only by proof that is newer than its loss") {
    using namespace std::chrono_literals;
    const probes::Time start{1000s};
    const auto edge = [&](State origin, std::chrono::seconds since, std::chrono::seconds passed,
                          std::chrono::seconds failed) {
        return EdgeFacts{.own = State::Up,
                         .origin = origin,
                         .has_origin = true,
                         .origin_since = start + since,
                         .origin_passed = start + passed,
                         .origin_failed = start + failed};
    };
    struct Row {
        const char* name;
        EdgeFacts other;
        EdgeFacts lost;
        std::string removed;  // of both
    };
    const Row rows[] = {
        {"home dies: the other was asked before", edge(State::Up, 0s, 55s, 0s),
         edge(State::Down, 60s, 40s, 60s), "--"},
        {"one way is lost: the other was asked since", edge(State::Up, 0s, 61s, 0s),
         edge(State::Down, 60s, 40s, 60s), "-o"},
        {"home is back: this one was asked before", edge(State::Up, 90s, 90s, 80s),
         edge(State::Down, 60s, 40s, 85s), "--"},
        {"home is back, but not here", edge(State::Up, 90s, 90s, 80s),
         edge(State::Down, 60s, 40s, 91s), "-o"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const std::vector facts{row.other, row.lost};
        const auto verdicts = probes::judge(facts);
        CHECK(letters(verdicts.removed) == row.removed);
        CHECK_FALSE(verdicts.home_down);
    }
}

TEST_CASE("the state of an origin without a check means nothing") {
    const std::vector<EdgeFacts> facts{
        {.own = State::Up, .origin = State::Down, .has_origin = false},
        {.own = State::Up, .origin = State::Up, .has_origin = true}};
    const auto verdicts = probes::judge(facts);
    CHECK(letters(verdicts.removed) == "--");
    CHECK_FALSE(verdicts.home_down);
}

TEST_CASE("origins never take the last usable edge, and change nothing else") {
    const std::string owns = "U?D";
    const std::string origins = ".U?D";
    std::vector<std::string> kinds;
    for (const char own : owns) {
        for (const char origin : origins) {
            kinds.push_back({own, origin});
            kinds.push_back({own, origin, 'd'});
        }
    }
    for (std::size_t code = 0; code < kinds.size() * kinds.size() * kinds.size(); ++code) {
        const auto size = kinds.size();
        const std::vector<std::string> words{kinds[code % size], kinds[code / size % size],
                                             kinds[code / size / size]};
        CAPTURE(words[0] + " " + words[1] + " " + words[2]);
        auto without = edges(words);
        for (auto& edge : without) edge.has_origin = false;
        const auto with_origins = letters(probes::judge(edges(words)).removed);
        const auto plain = letters(probes::judge(without).removed);
        const auto home_down = probes::judge(edges(words)).home_down;
        const auto has = [](const std::string& text, char c) {
            return text.find(c) != std::string::npos;
        };
        REQUIRE(has(with_origins, '-') == has(plain, '-'));
        REQUIRE_FALSE((home_down && has(with_origins, 'o')));
        for (std::size_t i = 0; i < plain.size(); ++i) {
            REQUIRE((with_origins[i] == plain[i] || with_origins[i] == 'o'));
        }
    }
}

}  // namespace health_verdict_test
