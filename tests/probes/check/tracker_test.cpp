// SPDX-License-Identifier: Apache-2.0
#include "probes/check/tracker.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

namespace check_tracker_test {

using namespace std::chrono_literals;
using probes::Damping;
using probes::State;
using probes::Time;
using probes::Tracker;
using probes::TrackerLimits;
using probes::Verdict;

namespace {

constexpr Time start{1'000'000s};
constexpr TrackerLimits two_up_three_down{.rise = 2, .fall = 3, .damping = {.downs = 0}};

/// '+' passes, '-' fails, '.' is no word.
Verdict verdict(char sign) {
    return sign == '+' ? Verdict::Pass : sign == '-' ? Verdict::Fail : Verdict::NoWord;
}

char sign(State state) {
    return state == State::Up ? 'U' : state == State::Down ? 'D' : '?';
}

/// The states after each of these results, a second apart.
std::string states_after(const TrackerLimits& limits, std::string_view results) {
    Tracker tracker{limits, start};
    std::string states;
    auto now = start;
    for (const char result : results) {
        const auto before = tracker.state();
        const bool turned = tracker.observe(verdict(result), now);
        CHECK(turned == (tracker.state() != before));
        states += sign(tracker.state());
        now += 1s;
    }
    return states;
}

/// Fails or passes at `now` until the state is the wanted one.
void drive(Tracker& tracker, State wanted, Time now) {
    const auto result = wanted == State::Up ? Verdict::Pass : Verdict::Fail;
    for (int i = 0; i < 256 && tracker.state() != wanted; ++i) tracker.observe(result, now);
    REQUIRE(tracker.state() == wanted);
}

}  // namespace

TEST_CASE("results in a row turn the state, and one that agrees with it begins the count anew") {
    constexpr TrackerLimits at_once{.rise = 1, .fall = 1, .damping = {.downs = 0}};
    struct Row {
        std::string name;
        TrackerLimits limits;
        std::string results;
        std::string expected;
    };
    const Row rows[] = {
        {"the first success decides", two_up_three_down, "+", "U"},
        {"the first failure decides", two_up_three_down, "-", "D"},
        {"no word decides nothing", two_up_three_down, "..+", "??U"},
        {"three failures take it down", two_up_three_down, "+---", "UUUD"},
        {"two failures do not", two_up_three_down, "+--+--", "UUUUUU"},
        {"two successes bring it back", two_up_three_down, "-++", "DDU"},
        {"one success does not", two_up_three_down, "-+-+-", "DDDDD"},
        {"no word between failures is passed", two_up_three_down, "+-.-.-", "UUUUUD"},
        {"no word between successes is passed", two_up_three_down, "-+.+", "DDDU"},
        {"a count begins anew after a turn", two_up_three_down, "+---+---++", "UUUDDDDDDU"},
        {"limits of one follow each result", at_once, "+-+.-", "UDUUD"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(states_after(row.limits, row.results) == row.expected);
    }
}

TEST_CASE("a state's age counts from the result that turned it") {
    Tracker tracker{two_up_three_down, start};
    CHECK(tracker.since() == start);
    tracker.observe(Verdict::NoWord, start + 1s);
    CHECK(tracker.since() == start);
    tracker.observe(Verdict::Pass, start + 2s);
    CHECK(tracker.since() == start + 2s);
    tracker.observe(Verdict::Pass, start + 3s);
    for (const auto after : {4s, 5s}) tracker.observe(Verdict::Fail, start + after);
    CHECK(tracker.since() == start + 2s);
    CHECK(tracker.against() == 2);
    tracker.observe(Verdict::Fail, start + 6s);
    CHECK(tracker.since() == start + 6s);
    CHECK(tracker.against() == 0);
}

TEST_CASE("a target that goes down again and again stays out for longer and longer") {
    struct Row {
        std::string name;
        Damping damping;
        std::vector<std::chrono::seconds> downs;  // when it goes down, from the start
        std::chrono::seconds expected;            // how long the last of them keeps it out
    };
    const Damping usual{};
    const Row rows[] = {
        {"once", usual, {0s}, 0s},
        {"twice", usual, {0s, 100s}, 0s},
        {"three times", usual, {0s, 100s, 200s}, 60s},
        {"four times", usual, {0s, 10s, 20s, 100s}, 120s},
        {"five times", usual, {0s, 10s, 20s, 100s, 300s}, 240s},
        {"capped", {3, 600s, 60s, 150s}, {0s, 10s, 20s, 100s, 300s}, 150s},
        {"the first is capped too", {1, 600s, 60s, 10s}, {0s}, 10s},
        {"the first still counts", usual, {0s, 300s, 600s}, 60s},
        {"the first is forgotten", usual, {0s, 300s, 601s}, 0s},
        {"all but the last two", usual, {0s, 1s, 100s, 700s, 701s}, 0s},
        {"from the first time on", {1, 600s, 60s, 600s}, {0s}, 60s},
        {"never", {0, 600s, 60s, 600s}, {0s, 1s, 2s, 3s, 4s, 5s}, 0s},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        Tracker tracker{{.rise = 1, .fall = 1, .damping = row.damping}, start};
        for (const auto after : row.downs) {
            auto now = start + after;
            drive(tracker, State::Up, now + tracker.held_for(now));
            drive(tracker, State::Down, now);
        }
        CHECK(tracker.held_for(start + row.downs.back()) == row.expected);
    }
}

TEST_CASE("forty turns within damping's time keep a target out no longer than the longest") {
    const Damping damping{.downs = 1, .within = 86'400s * 365, .hold = 3600s, .longest = 86'400s};
    Tracker tracker{{.rise = 1, .fall = 1, .damping = damping}, start};
    auto now = start;
    for (int i = 0; i < 40; ++i) {
        now += tracker.held_for(now);
        drive(tracker, State::Up, now);
        drive(tracker, State::Down, now);
        CHECK(tracker.held_for(now) <= 86'400s);
    }
    CHECK(tracker.held_for(now) == 86'400s);
}

TEST_CASE("damping holds a target that has recovered, until its time is over and not longer") {
    Tracker tracker{{.rise = 2, .fall = 1, .damping = {.downs = 1, .hold = 60s}}, start};
    drive(tracker, State::Up, start);
    drive(tracker, State::Down, start);
    CHECK(tracker.held_for(start + 15s) == 45s);
    for (const auto after : {10s, 20s, 59s}) {
        CHECK_FALSE(tracker.observe(Verdict::Pass, start + after));
    }
    CHECK(tracker.state() == State::Down);
    SUBCASE("the next success after it is enough") {
        CHECK(tracker.observe(Verdict::Pass, start + 60s));
        CHECK(tracker.state() == State::Up);
        CHECK(tracker.held_for(start + 60s) == 0s);
    }
    SUBCASE("a failure meanwhile asks for all successes again") {
        tracker.observe(Verdict::Fail, start + 60s);
        CHECK_FALSE(tracker.observe(Verdict::Pass, start + 61s));
        CHECK(tracker.observe(Verdict::Pass, start + 62s));
    }
}

TEST_CASE("a target that is found down at the start has not gone down") {
    Tracker tracker{{.rise = 1, .fall = 1, .damping = {.downs = 1}}, start};
    tracker.observe(Verdict::Fail, start);
    CHECK(tracker.held_for(start) == 0s);
    CHECK(tracker.memory().downs.empty());
}

TEST_CASE("a tracker that is restored goes on where the earlier one has left off") {
    const TrackerLimits limits{.rise = 2, .fall = 1, .damping = {.downs = 2, .hold = 60s}};
    Tracker first{limits, start};
    drive(first, State::Up, start);
    drive(first, State::Down, start);
    drive(first, State::Up, start + 10s);
    drive(first, State::Down, start + 20s);
    REQUIRE(first.held_for(start + 20s) == 60s);

    Tracker second{limits, start + 30s};
    second.restore(first.memory());
    CHECK(second.state() == State::Down);
    CHECK(second.since() == start + 20s);
    CHECK(second.held_for(start + 30s) == 50s);
    CHECK_FALSE(second.observe(Verdict::Pass, start + 30s));
    CHECK_FALSE(second.observe(Verdict::Pass, start + 40s));
    CHECK(second.observe(Verdict::Pass, start + 80s));
    CHECK(second.observe(Verdict::Fail, start + 90s));
    CHECK(second.held_for(start + 90s) == 120s);
}

TEST_CASE("results from before a restore do not count") {
    Tracker tracker{two_up_three_down, start};
    for (const char result : {'+', '-', '-'}) tracker.observe(verdict(result), start);
    tracker.restore({.state = State::Up, .since = start - 1h, .downs = {}, .held_until = {}});
    CHECK(tracker.against() == 0);
    CHECK_FALSE(tracker.observe(Verdict::Fail, start));
    CHECK(tracker.since() == start - 1h);
}

TEST_CASE("a state holds for the least time in which results could turn it") {
    struct Row {
        std::string name;
        std::string results;  // the last of them now
        std::chrono::seconds held;
        std::chrono::seconds expected;
    };
    // An interval of 10 s, 1 s after a failure; rise 2, fall 3
    const Row rows[] = {
        {"unknown turns by the next result", "", 0s, 10s},
        {"no word leaves it so", ".", 0s, 10s},
        {"up: an interval, then two quick repetitions", "+", 0s, 12s},
        {"one failure: two quick repetitions", "+-", 0s, 2s},
        {"two failures: one", "+--", 0s, 1s},
        {"a success in between", "+--+", 0s, 12s},
        {"down: two intervals", "-", 0s, 20s},
        {"one success: one interval", "-+", 0s, 10s},
        {"down, and held for less", "-", 15s, 20s},
        {"down, and held for more", "-", 45s, 45s},
        {"held, but recovered", "-++", 45s, 45s},
        {"held for a moment more, but recovered", "-++", 5s, 10s},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        Tracker tracker{two_up_three_down, start};
        std::string results = row.results;
        if (row.held > 0s) {
            tracker.restore({State::Down, start, {}, start + row.held});
            results.erase(0, 1);
        }
        for (const char result : results) tracker.observe(verdict(result), start);
        CHECK(tracker.holds_for(10s, 1s, start) == row.expected);
    }
}

}  // namespace check_tracker_test
