// SPDX-License-Identifier: Apache-2.0
#include "probes/health/drain_words.hpp"

#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace health_drain_words_test {

using namespace std::chrono_literals;
using probes::DrainRecord;
using probes::DrainWord;
using probes::DrainWords;
using Edge = DrainWords::Edge;
using Taken = DrainWords::Taken;

namespace {

constexpr DrainWords::Wall now = 1'795'540'000'000ms;
const DrainWords::Key newyork{"plex.example.com", "newyork"};

DrainRecord record(DrainWord word, const std::string& edge = "newyork") {
    return {"plex.example.com", edge, word};
}

}  // namespace

TEST_CASE("the latest word on an edge holds, in whatever order words come") {
    const std::vector<DrainRecord> all{
        record({.said = now - 3s}), record({.said = now - 2s, .over = true}),
        record({.said = now - 1s, .until = std::chrono::seconds{1'795'550'000}}),
        record({.said = now - 1s}, "sydney"), record({.said = now - 2s, .over = true}, "sydney")};
    support::Generator generator{1};
    for (int run = 0; run < 50; ++run) {
        auto order = all;
        std::ranges::shuffle(order, generator);
        DrainWords words;
        for (const auto& one : order) {
            (void)words.take(one, now, Edge::Served);
            CHECK(words.take(one, now, Edge::Served) == Taken::Known);
        }
        CHECK(*words.find(newyork) == all[2].word);
        CHECK(*words.find({"plex.example.com", "sydney"}) == all[3].word);
        CHECK(words.all().size() == 2);
    }
}

TEST_CASE("a command is later than what is known, also where the other node's clock is ahead") {
    DrainWords words;
    REQUIRE(words.take(record({.said = now + 5min}), now, Edge::Served) == Taken::News);
    CHECK(words.say(newyork, now, {}, true).said == now + 5min + 1ms);
    CHECK_FALSE(words.find(newyork)->holds(now));
    CHECK(words.say(newyork, now + 10min, {}, false).said == now + 10min);
    // A clock that was set back by a day: what it said before was refused by all others.
    DrainWords ahead;
    ahead.restore(record({.said = now + 24h}));
    CHECK(ahead.say(newyork, now, {}, false).said == now);
}

TEST_CASE("words of the future and of long ago are refused, and drains that last are not") {
    struct Row {
        const char* name;
        DrainWord word;
        Taken expected;
    };
    const auto seconds = [](auto time) { return std::chrono::floor<std::chrono::seconds>(time); };
    const Row rows[] = {
        {"of tomorrow", {.said = now + 24h}, Taken::Refused},
        {"a little ahead", {.said = now + 9min}, Taken::News},
        {"ended a year ago", {.said = now - 24h * 365, .over = true}, Taken::Refused},
        {"ended by itself a year ago",
         {.said = now - 24h * 365, .until = seconds(now - 24h * 364)},
         Taken::Refused},
        {"ended yesterday", {.said = now - 24h, .over = true}, Taken::News},
        {"without an end, a year old", {.said = now - 24h * 365}, Taken::News},
        {"of a year ago, for two years",
         {.said = now - 24h * 365, .until = seconds(now + 24h * 365)},
         Taken::News},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        DrainWords words;
        CHECK(words.take(record(row.word), now, Edge::Served) == row.expected);
    }
}

TEST_CASE(
    "a drain that is over is remembered for 90 days, so that an earlier word does not come back") {
    DrainWords words;
    words.say(newyork, now, {}, false);
    words.say(newyork, now + 1h, {}, true);
    CHECK(words.forget(now + 24h * 89).empty());
    CHECK(words.take(record({.said = now}), now + 24h * 89, Edge::Served) == Taken::Known);
    CHECK(words.forget(now + 24h * 91) == std::vector{newyork});
    CHECK(words.find(newyork) == nullptr);

    words.say(newyork, now, {}, false);
    CHECK(words.forget(now + 24h * 3650).empty());
}

TEST_CASE(
    "a hostile node fills a bounded table, in which all edges that are served have their place") {
    DrainWords words;
    std::size_t taken = 0;
    for (int i = 0; i < 20'000; ++i) {
        const auto one = record({.said = now}, "e" + std::to_string(i));
        taken += words.take(one, now, Edge::Unknown) == Taken::News ? 1U : 0U;
    }
    CHECK(taken == DrainWords::most_of_others);
    CHECK(words.take(record({.said = now}), now, Edge::Served) == Taken::News);
}

}  // namespace health_drain_words_test
