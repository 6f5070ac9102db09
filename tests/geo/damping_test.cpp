// SPDX-License-Identifier: Apache-2.0
#include "geo/damping.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <vector>

TEST_CASE("a client moves only for a gain that is a share and some milliseconds") {
    const geo::Damping damping{.share = 0.1, .milliseconds = 3};
    struct Row {
        const char* name;
        double now_ms;
        double then_ms;
        bool expected;
    };
    const Row rows[] = {
        {"both",                            100, 80,    true },
        {"just both",                       30,  27,    true },
        {"the share alone",                 20,  17.5,  false},
        {"the milliseconds alone",          100, 95,    false},
        {"just the share of much",          100, 90,    true },
        {"just less than the share",        100, 90.01, false},
        {"just less than the milliseconds", 20,  17.01, false},
        {"nothing",                         50,  50,    false},
        {"a loss",                          50,  60,    false},
        {"below nothing, by optimism",      -2,  -6,    true },
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(geo::worth_moving(row.now_ms, row.then_ms, damping) == row.expected);
    }
}

TEST_CASE("without damping every gain is worth a move, and no gain is not") {
    const geo::Damping none{.share = 0, .milliseconds = 0};
    CHECK(geo::worth_moving(10, 9.999, none));
    CHECK_FALSE(geo::worth_moving(10, 10, none));
}

TEST_CASE("the best edge is taken, but the present one is kept while it is nearly as good") {
    const geo::Damping damping{.share = 0.1, .milliseconds = 3};
    struct Row {
        const char* name;
        std::vector<double> scores;
        std::optional<geo::EdgeIndex> now;
        geo::EdgeIndex expected;
    };
    const Row rows[] = {
        {"no edge yet",          {50, 49, 60}, std::nullopt, 1},
        {"nearly as good",       {50, 49, 60}, 0,            0},
        {"much worse",           {50, 49, 60}, 2,            1},
        {"it is the best",       {50, 49, 60}, 1,            1},
        {"of equal ones, first", {40, 40, 40}, std::nullopt, 0},
        {"of equal ones, now",   {40, 40, 40}, 2,            2},
        {"one alone",            {40},         0,            0},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(geo::preferred_edge(row.scores, row.now, damping) == row.expected);
    }
}
