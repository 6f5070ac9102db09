// SPDX-License-Identifier: Apache-2.0
#include "geo/latency/damping.hpp"

#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace latency_damping_test {

TEST_CASE("a client moves only for a gain that is a share and some milliseconds") {
    const geo::LeastGain damping{.share = 0.1, .milliseconds = 3};
    struct Row {
        const char* name;
        double now_ms;
        double then_ms;
        bool expected;
    };
    const Row rows[] = {
        {"both", 100, 80, true},
        {"just both", 30, 27, true},
        {"the share alone", 20, 17.5, false},
        {"the milliseconds alone", 100, 95, false},
        {"just the share of much", 100, 90, true},
        {"just less than the share", 100, 90.01, false},
        {"just less than the milliseconds", 20, 17.01, false},
        {"nothing", 50, 50, false},
        {"a loss", 50, 60, false},
        {"below nothing, by optimism", -2, -6, true},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(geo::worth_moving(row.now_ms, row.then_ms, damping) == row.expected);
    }
}

TEST_CASE("without damping every gain is worth a move, and no gain is not") {
    const geo::LeastGain none{.share = 0, .milliseconds = 0};
    CHECK(geo::worth_moving(10, 9.999, none));
    CHECK_FALSE(geo::worth_moving(10, 10, none));
}

TEST_CASE("the best edge is taken, but the present one is kept while it is nearly as good") {
    const geo::LeastGain damping{.share = 0.1, .milliseconds = 3};
    struct Row {
        const char* name;
        std::vector<double> scores;
        std::optional<geo::EdgeIndex> now;
        geo::EdgeIndex expected;
    };
    const Row rows[] = {
        {"no edge yet", {50, 49, 60}, std::nullopt, 1},
        {"nearly as good", {50, 49, 60}, 0, 0},
        {"much worse", {50, 49, 60}, 2, 1},
        {"it is the best", {50, 49, 60}, 1, 1},
        {"of equal ones, first", {40, 40, 40}, std::nullopt, 0},
        {"of equal ones, now", {40, 40, 40}, 2, 2},
        {"one alone", {40}, 0, 0},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(geo::preferred_edge(row.scores, row.now, damping) == row.expected);
    }
}

namespace {

using Scores = std::vector<double>;

/// The edges by score; of equal ones the first.
std::vector<std::size_t> order_of(const Scores& scores) {
    std::vector<std::size_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t edge) { return scores[edge]; });
    return order;
}

/// Few values, so that many are equal and many gains are just too small.
Scores random_scores(support::Generator& generator, std::size_t count) {
    Scores scores;
    for (std::size_t i = 0; i < count; ++i)
        scores.push_back(double(support::draw(generator, 0, 60)) / 4 - 2);
    return scores;
}

/// Why `edge` may come before all that are left in the order of before.
bool may_come(std::size_t edge, const std::vector<std::size_t>& left, const Scores& scores,
              const geo::LeastGain& damping) {
    const auto best = *std::ranges::min_element(left, {}, [&](auto i) { return scores[i]; });
    const bool moves = geo::worth_moving(scores[left.front()], scores[best], damping);
    return moves ? scores[edge] == scores[best] : edge == left.front();
}

}  // namespace

TEST_CASE("damped scores stand in the damped order, place by place") {
    support::Generator generator{1};
    for (unsigned round = 0; round < 5000; ++round) {
        const geo::LeastGain damping{.share = double(round % 3) * 0.1,
                                     .milliseconds = double(round % 4)};
        const auto count = support::draw(generator, 1, 7);
        const auto before = random_scores(generator, count);
        const auto scores = random_scores(generator, count);
        const auto damped = geo::damped_scores(before, scores, damping);
        REQUIRE(damped.size() == count);
        auto left = order_of(before);
        double last = -std::numeric_limits<double>::infinity();
        for (const auto edge : order_of(damped)) {
            REQUIRE(damped[edge] > last);
            REQUIRE(damped[edge] >= scores[edge]);
            REQUIRE(may_come(edge, left, scores, damping));
            last = damped[edge];
            std::erase(left, edge);
        }
    }
}

TEST_CASE("damping passes its own result on, and scores that have not changed") {
    support::Generator generator{2};
    const geo::LeastGain damping{.share = 0.1, .milliseconds = 2};
    for (unsigned round = 0; round < 5000; ++round) {
        const auto count = support::draw(generator, 1, 7);
        const auto before = random_scores(generator, count);
        const auto scores = random_scores(generator, count);
        const auto damped = geo::damped_scores(before, scores, damping);
        REQUIRE(geo::damped_scores(damped, scores, damping) == damped);
        REQUIRE(order_of(geo::damped_scores(scores, scores, damping)) == order_of(scores));
    }
    const Scores apart{30, 10, 20};
    CHECK(geo::damped_scores(apart, apart, damping) == apart);
}

TEST_CASE("an edge is raised just above the one that it is not worth moving from") {
    const geo::LeastGain damping{.share = 0.1, .milliseconds = 3};
    struct Row {
        const char* name;
        Scores before;
        Scores scores;
        std::vector<std::size_t> expected;
    };
    const Row rows[] = {
        {"nothing gained", {10, 20, 30}, {10, 20, 30}, {0, 1, 2}},
        {"too little gained", {10, 20, 30}, {22, 20, 40}, {0, 1, 2}},
        {"the first moves", {10, 20, 30}, {25, 20, 40}, {1, 0, 2}},
        {"the rest moves", {10, 20, 30}, {10, 20, 15}, {0, 2, 1}},
        {"held, then the rest", {10, 20, 30}, {17, 25, 15}, {0, 2, 1}},
        {"of equal ones, the first", {5, 5, 5}, {9, 9, 9}, {0, 1, 2}},
        {"huge", {1, 2, 3}, {2e9, 2e9, 2e9}, {0, 1, 2}},
        {"one alone", {7}, {9}, {0}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(order_of(geo::damped_scores(row.before, row.scores, damping)) == row.expected);
    }
    const auto held = geo::damped_scores(Scores{10, 20}, Scores{22, 20}, damping);
    CHECK(held[0] == 22);
    CHECK(held[1] == std::nextafter(22, 23));
    const auto huge = geo::damped_scores(Scores{1, 2}, Scores{2e9, 2e9}, damping);
    CHECK(huge[1] > huge[0]);
}

}  // namespace latency_damping_test
