// SPDX-License-Identifier: Apache-2.0
// Random results, against what the definition says of the whole of the past.

#include "probes/check/tracker.hpp"
#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace check_tracker_property_test {

using namespace std::chrono_literals;
using probes::Clock;
using probes::State;
using probes::Time;
using probes::Tracker;
using probes::TrackerLimits;
using probes::Verdict;

namespace {

constexpr Time start{1'000'000s};

/// What the tracker claims to be, worked out anew from the whole of the past.
class Model {
 public:
    explicit Model(const TrackerLimits& limits) : limits_{limits} {}

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

    TrackerLimits limits_;
    std::vector<Verdict> words_;
    std::vector<std::pair<Time, State>> turns_;
};

TrackerLimits random_limits(support::Generator& generator) {
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

}  // namespace check_tracker_property_test
