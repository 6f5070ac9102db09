// SPDX-License-Identifier: Apache-2.0
#include "geo/latency/home_ways.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace std::chrono_literals;
using geo::HomeWays;

TEST_CASE(
    "a way home counts at once when it gets better, and when it has rested if it gets worse") {
    struct Word {
        std::chrono::seconds at;
        const char* node;
        std::optional<double> told;
        std::optional<double> counts;
        bool due_in_time;  // once it has rested, without another word
    };
    struct Row {
        const char* name;
        std::vector<Word> words;
    };
    const std::optional<double> none;
    const std::vector<Row> rows{
        {"the first counts", {{0s, "a", 90, 90, false}}},
        {"better", {{0s, "a", 90, 90, false}, {5s, "a", 20, 20, false}}},
        {"worse has to wait",
         {{0s, "a", 20, 20, false}, {299s, "a", 90, 20, true}, {300s, "a", 90, 90, false}}},
        {"as long as since the last change",
         {{0s, "a", 90, 90, false}, {200s, "a", 20, 20, false}, {499s, "a", 90, 20, true}}},
        {"to and fro",
         {{0s, "a", 20, 20, false},
          {5s, "a", 900, 20, true},
          {10s, "a", 20, 20, false},
          {15s, "a", 900, 20, true},
          {20s, "a", 20, 20, false}}},
        {"told no more",
         {{0s, "a", 20, 20, false},
          {5s, "a", none, 20, true},
          {10s, "a", 900, 20, true},
          {299s, "a", none, 20, true},
          {301s, "a", none, none, false},
          {302s, "a", 900, 900, false}}},
        {"another process is believed", {{0s, "a", 20, 20, false}, {5s, "b", 900, 900, false}}},
        {"with no way home at first",
         {{0s, "a", 20, 20, false}, {5s, "b", none, none, false}, {9s, "b", 900, 900, false}}},
        {"but not one after the other",
         {{0s, "a", 20, 20, false},
          {5s, "b", 900, 900, false},
          {10s, "c", 20, 20, false},
          {15s, "d", 900, 20, true},
          {305s, "e", 900, 900, false}}},
        {"a node that is silent is no other one",
         {{0s, "a", 20, 20, false}, {5s, "", none, 20, true}, {10s, "a", 900, 20, true}}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        HomeWays ways{5min};
        const geo::Time start{100h};
        for (const auto& word : row.words) {
            CAPTURE(word.at.count());
            CHECK(ways.counted("newyork", word.node, word.told, start + word.at) == word.counts);
            CHECK(ways.due(start + word.at + 5min) == word.due_in_time);
        }
    }
}

TEST_CASE("ways home of edges do not wait for each other, and all count at once when forgotten") {
    HomeWays ways{5min};
    const geo::Time now{100h};
    CHECK(ways.counted("newyork", "", 20, now) == 20);
    CHECK(ways.counted("frankfurt", "", 30, now) == 30);
    CHECK(ways.counted("newyork", "", 90, now) == 20);
    ways.forget();
    CHECK_FALSE(ways.due(now + 1h));
    CHECK(ways.counted("newyork", "", 90, now) == 90);
    CHECK(ways.counted("frankfurt", "", std::nullopt, now) == std::nullopt);
}
