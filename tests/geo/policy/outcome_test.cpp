// SPDX-License-Identifier: Apache-2.0
#include "geo/policy/outcome.hpp"

#include "geo/policy/edge_board.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

namespace policy_outcome_test {

using geo::EdgeBoard;
using geo::EdgeHealth;
using geo::EdgeIndex;
using geo::OutcomeId;
using geo::Outcomes;
using Edges = std::vector<EdgeIndex>;

namespace {

constexpr std::size_t most_edges = 130;

/// One word of bits: those of the edges named are set.
std::uint64_t up(const Edges& edges) {
    std::uint64_t word = 0;
    for (const auto edge : edges) word |= std::uint64_t{1} << edge;
    return word;
}

EdgeBoard board_of(const Edges& living) {
    EdgeBoard board{most_edges, 0};
    for (EdgeIndex edge = 0; edge < most_edges; ++edge) {
        board.set(edge, {.usable = std::ranges::find(living, edge) != living.end()});
    }
    return board;
}

Edges choose(const Outcomes& outcomes, OutcomeId outcome, const Edges& living,
             geo::Random& random) {
    const auto board = board_of(living);
    const auto chosen = outcomes.choose(outcome, {.board = &board, .eligible = {}}, random).edges;
    return {chosen.begin(), chosen.end()};
}

Edges choose(const Outcomes& outcomes, OutcomeId outcome, const Edges& living) {
    geo::Random random{1};
    return choose(outcomes, outcome, living, random);
}

Edges choose(const Outcomes& outcomes, OutcomeId outcome) {
    geo::Random random{1};
    const auto chosen = outcomes.choose(outcome, {}, random).edges;
    return {chosen.begin(), chosen.end()};
}

/// How often each of eight edges comes first in so many draws.
std::array<double, 8> firsts(const Outcomes& outcomes, OutcomeId outcome, const Edges& living,
                             unsigned draws) {
    std::array<double, 8> counts{};
    geo::Random random{42};
    for (unsigned i = 0; i < draws; ++i) {
        ++counts[choose(outcomes, outcome, living, random).at(0)];
    }
    return counts;
}

/// Pearson's test. With at most 7 degrees of freedom chance goes beyond 24.3 once in a thousand.
bool fits(const std::array<double, 8>& counts, const std::array<double, 8>& weights) {
    double draws = 0;
    double total = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        draws += counts[i];
        total += weights[i];
    }
    double sum = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const double expected = draws * weights[i] / total;
        if (expected == 0 && counts[i] != 0) return false;
        if (expected > 0) sum += (counts[i] - expected) * (counts[i] - expected) / expected;
    }
    return sum < 24.3;
}

/// Edges 0 to n-1.
std::vector<OutcomeId> edges_of(Outcomes& outcomes, EdgeIndex count) {
    std::vector<OutcomeId> edges;
    for (EdgeIndex i = 0; i < count; ++i) edges.push_back(outcomes.edge(i));
    return edges;
}

OutcomeId weighted(Outcomes& outcomes, const std::vector<std::uint32_t>& weights,
                   std::uint16_t take) {
    std::vector<Outcomes::Branch> branches;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        branches.push_back({outcomes.edge(static_cast<EdgeIndex>(i)), weights[i]});
    }
    return outcomes.weighted(branches, take);
}

}  // namespace

TEST_CASE("nothing chooses nothing") {
    const Outcomes outcomes;
    CHECK(outcomes.size() == 1);
    CHECK(choose(outcomes, Outcomes::nothing()).empty());
    CHECK(outcomes.to_text(Outcomes::nothing(), {}) == "nothing");
}

TEST_CASE("an edge is answered unless it is down") {
    Outcomes outcomes;
    const auto edge = outcomes.edge(3);
    CHECK(choose(outcomes, edge) == Edges{3});
    CHECK(choose(outcomes, edge, {3}) == Edges{3});
    CHECK(choose(outcomes, edge, {1}).empty());
}

TEST_CASE("every edge of a board has health and a count of its own") {
    EdgeBoard board{most_edges, 3};
    CHECK(board.health(129) == EdgeHealth{});
    board.set(64, {.usable = false, .ttl_limit = 7});
    board.set(65, {.usable = true, .ttl_limit = 0xFFFFFFFF});
    CHECK(board.health(63) == EdgeHealth{});
    CHECK(board.health(64) == EdgeHealth{.usable = false, .ttl_limit = 7});
    CHECK(board.health(65) == EdgeHealth{});
    for (const auto lane : std::vector<std::size_t>{0, 1, 2, 2, 3, 99}) board.count(lane, 129);
    CHECK(board.answers(129) == 4);
    CHECK(board.answers(128) == 0);
}

TEST_CASE("an edge that is not eligible is never answered, whatever its health") {
    Outcomes outcomes;
    const auto any = outcomes.ordered(edges_of(outcomes, 3), 3);
    geo::Random random{1};
    const auto board = board_of({0, 1});
    const std::array<std::uint64_t, 1> eligible{up({1, 2})};
    const std::array<std::uint64_t, 1> none{0};
    const auto choice = outcomes.choose(any, {.board = &board, .eligible = eligible}, random);
    CHECK(Edges{choice.edges.begin(), choice.edges.end()} == Edges{1});
    CHECK(outcomes.choose(any, {.board = nullptr, .eligible = none}, random).edges.empty());
}

TEST_CASE("a choice holds as long as the shortest of what was looked at, dead edges included") {
    Outcomes outcomes;
    const auto edges = edges_of(outcomes, 4);
    EdgeBoard board{4, 0};
    board.set(0, {.usable = false, .ttl_limit = 40});
    board.set(1, {.usable = true, .ttl_limit = 30});
    board.set(2, {.usable = true, .ttl_limit = 5});
    geo::Random random{1};
    const auto limit = [&](OutcomeId outcome) {
        return outcomes.choose(outcome, {.board = &board, .eligible = {}}, random).ttl_limit;
    };
    struct Row {
        const char* name;
        OutcomeId outcome;
        std::uint32_t expected;
    };
    const Row rows[] = {
        {"an edge without a limit", edges[3], EdgeHealth::no_limit},
        {"one edge", edges[1], 30},
        {"a dead one before it lives longer", outcomes.ordered(std::array{edges[0], edges[1]}, 1),
         30},
        {"a dead one before it may return", outcomes.ordered(std::array{edges[0], edges[3]}, 1),
         40},
        {"what is not looked at is no matter", outcomes.ordered(std::array{edges[1], edges[2]}, 1),
         30},
        {"all that are answered count", outcomes.ordered(std::array{edges[1], edges[2]}, 2), 5},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(limit(row.outcome) == row.expected);
    }
}

TEST_CASE("equal outcomes are one, different ones are not") {
    Outcomes outcomes;
    const auto a = outcomes.edge(0);
    const auto b = outcomes.edge(1);
    const std::array ab{a, b};
    const std::array ba{b, a};
    const std::array<Outcomes::Branch, 2> even{{{a, 1}, {b, 1}}};
    const std::array<Outcomes::Branch, 2> uneven{{{a, 1}, {b, 2}}};
    const std::set all{a,
                       b,
                       Outcomes::nothing(),
                       outcomes.ordered(ab, 1),
                       outcomes.ordered(ba, 1),
                       outcomes.ordered(ab, 2),
                       outcomes.weighted(even, 1),
                       outcomes.weighted(uneven, 1),
                       outcomes.weighted(even, 2)};
    CHECK(all.size() == 9);
    CHECK(outcomes.edge(0) == a);
    CHECK(outcomes.ordered(ab, 1) == outcomes.ordered(std::vector{a, b}, 1));
    CHECK(outcomes.weighted(even, 1) == outcomes.weighted(std::vector{even[0], even[1]}, 1));
    CHECK(outcomes.ordered(std::array{a}, 1) == a);
    CHECK(outcomes.weighted(std::array{even[0]}, 1) == a);
    CHECK(outcomes.size() == 9);
}

TEST_CASE("an ordered outcome answers from the first branches that live") {
    Outcomes outcomes;
    const auto edges = edges_of(outcomes, 4);
    struct Row {
        const char* name;
        std::uint16_t take;
        Edges living;
        Edges expected;
    };
    const Row rows[] = {
        {"all live, one taken", 1, {0, 1, 2, 3}, {0}},
        {"all live, two taken", 2, {0, 1, 2, 3}, {0, 1}},
        {"the first is down", 1, {1, 2, 3}, {1}},
        {"gaps", 2, {1, 3}, {1, 3}},
        {"fewer live than taken", 3, {2}, {2}},
        {"more taken than named", 9, {0, 1, 2, 3}, {0, 1, 2, 3}},
        {"all down", 2, {}, {}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(choose(outcomes, outcomes.ordered(edges, row.take), row.living) == row.expected);
    }
}

TEST_CASE("weights are proportions, and stay so among the living") {
    Outcomes outcomes;
    const auto draw = weighted(outcomes, {5, 3, 1, 1, 0}, 1);
    CHECK(fits(firsts(outcomes, draw, {0, 1, 2, 3, 4}, 20'000), {5, 3, 1, 1}));
    CHECK(fits(firsts(outcomes, draw, {1, 2, 3, 4}, 20'000), {0, 3, 1, 1}));
    CHECK(fits(firsts(outcomes, draw, {0, 3}, 20'000), {5, 0, 0, 1}));
    const auto large = weighted(outcomes, {4'000'000'000U, 4'000'000'000U, 2'000'000'000U}, 1);
    CHECK(fits(firsts(outcomes, large, {0, 1, 2}, 20'000), {2, 2, 1}));
}

TEST_CASE("several are drawn by weight without putting back") {
    Outcomes outcomes;
    const auto draw = weighted(outcomes, {4, 2, 1, 1}, 3);
    geo::Random random{7};
    std::array<double, 8> seconds_after_0{};
    for (unsigned i = 0; i < 20'000; ++i) {
        const auto chosen = choose(outcomes, draw, {0, 1, 2, 3}, random);
        REQUIRE(chosen.size() == 3);
        REQUIRE(std::set(chosen.begin(), chosen.end()).size() == 3);
        if (chosen[0] == 0) ++seconds_after_0[chosen[1]];
    }
    CHECK(fits(seconds_after_0, {0, 2, 1, 1}));
    CHECK(fits(firsts(outcomes, draw, {0, 1, 2, 3}, 20'000), {4, 2, 1, 1}));
}

TEST_CASE("what has weight 0 is answered only when all else is down") {
    Outcomes outcomes;
    struct Row {
        const char* name;
        std::vector<std::uint32_t> weights;
        std::uint16_t take;
        Edges living;
        Edges expected;  // sorted
    };
    const Row rows[] = {
        {"others live", {1, 0}, 1, {0, 1}, {0}},
        {"others live, two asked for", {1, 0}, 2, {0, 1}, {0}},
        {"one of two lives, two asked for", {1, 1, 0}, 2, {1, 2}, {1}},
        {"all else is down", {1, 1, 0}, 1, {2}, {2}},
        {"all else is down, two of weight 0", {1, 0, 0}, 2, {1, 2}, {1, 2}},
        {"everything is down", {1, 0, 0}, 2, {}, {}},
        {"all weights are 0: as listed", {0, 0, 0}, 2, {0, 1, 2}, {0, 1}},
        {"all weights are 0, the first is down", {0, 0, 0}, 1, {1, 2}, {1}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto draw = weighted(outcomes, row.weights, row.take);
        geo::Random random{11};
        for (unsigned i = 0; i < 200; ++i) {
            auto chosen = choose(outcomes, draw, row.living, random);
            std::ranges::sort(chosen);
            REQUIRE(chosen == row.expected);
        }
    }
}

TEST_CASE("no edge is answered twice, and the next one takes its place") {
    Outcomes outcomes;
    const auto edges = edges_of(outcomes, 3);
    const auto first = outcomes.ordered(std::array{edges[0], edges[1]}, 1);
    const auto again = outcomes.ordered(std::array{edges[0], edges[2]}, 1);
    const auto both = outcomes.ordered(std::array{first, edges[0], again}, 3);
    CHECK(choose(outcomes, both) == Edges{0, 2});
    CHECK(choose(outcomes, both, {1, 2}) == Edges{1, 2});
    CHECK(choose(outcomes, both, {}).empty());
}

TEST_CASE("outcomes nest: a group that is down leaves the answer to the next") {
    Outcomes outcomes;
    const auto edges = edges_of(outcomes, 6);
    const std::array<Outcomes::Branch, 2> west{{{edges[0], 3}, {edges[1], 1}}};
    const std::array<Outcomes::Branch, 2> east{{{edges[2], 1}, {edges[3], 1}}};
    const auto groups = outcomes.ordered(
        std::array{outcomes.weighted(west, 1), outcomes.weighted(east, 1), edges[4]}, 1);
    CHECK(fits(firsts(outcomes, groups, {0, 1, 2, 3, 4}, 10'000), {3, 1}));
    CHECK(fits(firsts(outcomes, groups, {2, 3, 4}, 10'000), {0, 0, 1, 1}));
    CHECK(choose(outcomes, groups, {4}) == Edges{4});
    CHECK(choose(outcomes, groups, {5}).empty());
}

TEST_CASE("an answer has at most as many edges as it can hold") {
    Outcomes outcomes;
    const auto all = outcomes.ordered(edges_of(outcomes, 100), 100);
    CHECK(choose(outcomes, all).size() == geo::max_chosen_edges);
}

TEST_CASE("an outcome can be read") {
    Outcomes outcomes;
    const std::vector<std::string> names{"paris", "tokyo", "lima"};
    const auto edges = edges_of(outcomes, 3);
    const std::array<Outcomes::Branch, 2> rows{{{edges[0], 3}, {edges[1], 1}}};
    const auto draw = outcomes.weighted(rows, 1);
    CHECK(outcomes.to_text(edges[1], names) == "tokyo");
    CHECK(outcomes.to_text(outcomes.ordered(edges, 1), names) == "paris > tokyo > lima");
    CHECK(outcomes.to_text(outcomes.ordered(edges, 2), names) == "2 of paris > tokyo > lima");
    CHECK(outcomes.to_text(draw, names) == "3 paris | 1 tokyo");
    CHECK(outcomes.to_text(outcomes.ordered(std::array{edges[2], draw}, 1), names) ==
          "lima > (3 paris | 1 tokyo)");
}

TEST_CASE("random numbers are even, and the same for the same seed") {
    geo::Random random{5};
    geo::Random same{5};
    std::array<double, 8> counts{};
    for (unsigned i = 0; i < 20'000; ++i) {
        const auto drawn = random.below(8);
        REQUIRE(drawn < 8);
        CHECK(same.below(8) == drawn);
        ++counts[drawn];
    }
    CHECK(fits(counts, {1, 1, 1, 1, 1, 1, 1, 1}));
    geo::Random zero{0};
    CHECK(zero.below(1) == 0);
    CHECK(zero.below(1U << 31) != zero.below(1U << 31));
}

}  // namespace policy_outcome_test
