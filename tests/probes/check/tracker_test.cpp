// SPDX-License-Identifier: Apache-2.0
#include "probes/check/tracker.hpp"

#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace check_tracker_test {

using namespace std::chrono_literals;
using probes::Clock;
using probes::Damping;
using probes::Limits;
using probes::State;
using probes::Time;
using probes::Tracker;
using probes::Verdict;

namespace {

constexpr Time start{1'000'000s};
constexpr Limits two_up_three_down{.rise = 2, .fall = 3, .damping = {.downs = 0}};

/// '+' passes, '-' fails, '.' is no word.
Verdict verdict(char sign) {
    return sign == '+' ? Verdict::Pass : sign == '-' ? Verdict::Fail : Verdict::NoWord;
}

char sign(State state) {
    return state == State::Up ? 'U' : state == State::Down ? 'D' : '?';
}

/// The states after each of these results, a second apart.
std::string states_after(const Limits& limits, std::string_view results) {
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
    constexpr Limits at_once{.rise = 1, .fall = 1, .damping = {.downs = 0}};
    struct Row {
        std::string name;
        Limits limits;
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
    const Limits limits{.rise = 2, .fall = 1, .damping = {.downs = 2, .hold = 60s}};
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

namespace {

/// What the tracker claims to be, worked out anew from the whole of the past.
class Model {
 public:
    explicit Model(const Limits& limits) : limits_{limits} {}

    State state() const { return turns_.empty() ? State::Unknown : turns_.back().second; }
    Time since() const { return turns_.empty() ? start : turns_.back().first; }

    void observe(Verdict verdict, Time now) {
        if (verdict == Verdict::NoWord) return;
        words_.push_back(verdict);
        const auto said = verdict == Verdict::Pass ? State::Up : State::Down;
        const auto needed = said == State::Up ? limits_.rise : limits_.fall;
        const bool enough = state() == State::Unknown || (said != state() && run() >= needed);
        if (!enough || now < held_until()) return;
        turns_.emplace_back(now, said);
        words_.clear();
    }

    /// The start, when nothing holds the target.
    Time held_until() const {
        const auto& damping = limits_.damping;
        const auto downs = recent_downs().size();
        if (state() != State::Down || turns_.size() < 2 || damping.downs == 0) return start;
        if (downs < damping.downs) return start;
        auto hold = damping.hold;
        for (auto i = downs; i > damping.downs; --i) hold *= 2;
        return since() + std::min(hold, damping.longest);
    }

 private:
    /// Equal results at the end of what was said since the last turn.
    std::size_t run() const {
        std::size_t length = 0;
        for (auto i = words_.rbegin(); i != words_.rend() && *i == words_.back(); ++i) ++length;
        return length;
    }
    /// As seen when the state last turned. The first turn is out of Unknown.
    std::vector<Time> recent_downs() const {
        std::vector<Time> downs;
        for (std::size_t i = 1; i < turns_.size(); ++i) {
            const auto& [at, turned_to] = turns_[i];
            if (turned_to != State::Down || since() - at > limits_.damping.within) continue;
            downs.push_back(at);
        }
        return downs;
    }

    Limits limits_;
    std::vector<Verdict> words_;
    std::vector<std::pair<Time, State>> turns_;
};

Limits random_limits(support::Generator& generator) {
    const auto small = [&](std::uint64_t low, std::uint64_t high) {
        return static_cast<std::uint8_t>(support::draw(generator, low, high));
    };
    const auto seconds = [&](std::uint64_t low, std::uint64_t high) {
        return std::chrono::seconds{support::draw(generator, low, high)};
    };
    return {.rise = small(1, 4),
            .fall = small(1, 4),
            .damping = {.downs = small(0, 4),
                        .within = seconds(1, 400),
                        .hold = seconds(1, 60),
                        .longest = seconds(1, 200)}};
}

/// In runs, as real targets behave: else long rises are hardly ever seen.
Verdict random_verdict(support::Generator& generator, Verdict before) {
    if (support::draw(generator, 0, 9) == 0) return Verdict::NoWord;
    if (support::draw(generator, 0, 2) != 0) return before;
    return support::draw(generator, 0, 1) == 0 ? Verdict::Pass : Verdict::Fail;
}

}  // namespace

TEST_CASE("random results leave a tracker where the definition says") {
    support::Generator generator{20'301};
    std::size_t turned = 0;
    std::size_t held = 0;
    for (int run = 0; run < 300; ++run) {
        const auto limits = random_limits(generator);
        Tracker tracker{limits, start};
        Model model{limits};
        auto last = Verdict::Pass;
        auto now = start;
        for (int i = 0; i < 200; ++i) {
            const auto result = random_verdict(generator, last);
            if (result != Verdict::NoWord) last = result;
            turned += tracker.observe(result, now) ? 1U : 0U;
            model.observe(result, now);
            REQUIRE(tracker.state() == model.state());
            REQUIRE(tracker.since() == model.since());
            const auto left = std::max<Clock::duration>(model.held_until() - now, 0s);
            REQUIRE(tracker.held_for(now) == left);
            held += left > 0s ? 1U : 0U;
            now += std::chrono::seconds{support::draw(generator, 1, 10)};
        }
    }
    CHECK(turned > 5'000);
    CHECK(held > 2'000);
}

TEST_CASE("no state turns sooner than a tracker promises, and each can turn just then") {
    constexpr auto interval = 10s;
    constexpr auto retry = 1s;
    support::Generator generator{7};
    std::size_t kept_exactly = 0;
    for (int run = 0; run < 300; ++run) {
        const auto limits = random_limits(generator);
        Tracker tracker{limits, start};
        auto last = Verdict::Pass;
        auto now = start;
        auto promised = start;
        for (int i = 0; i < 200; ++i) {
            const auto result = random_verdict(generator, last);
            if (result != Verdict::NoWord) last = result;
            if (tracker.observe(result, now)) {
                REQUIRE(now >= promised);
                kept_exactly += now == promised ? 1U : 0U;
                promised = now;
            }
            promised = std::max(promised, now + tracker.holds_for(interval, retry, now));
            now += tracker.state() == State::Up && tracker.against() > 0 ? retry : interval;
        }
    }
    CHECK(kept_exactly > 1'000);
}

}  // namespace check_tracker_test
