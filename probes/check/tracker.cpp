// SPDX-License-Identifier: Apache-2.0
#include "probes/check/tracker.hpp"

#include <algorithm>
#include <utility>

namespace probes {

std::string_view word(State state) noexcept {
    switch (state) {
        case State::Up:
            return "up";
        case State::Down:
            return "down";
        case State::Unknown:
            break;
    }
    return "unknown";
}

void Tracker::restore(Memory memory) {
    memory_ = std::move(memory);
    against_ = 0;
}

bool Tracker::observe(Verdict verdict, Time now) {
    if (verdict == Verdict::NoWord) return false;
    const auto said = verdict == Verdict::Pass ? State::Up : State::Down;
    if (memory_.state == State::Unknown) {
        turn(said, now);
        return true;
    }
    if (said == memory_.state) {
        against_ = 0;
        return false;
    }
    const auto needed = memory_.state == State::Up ? limits_.fall : limits_.rise;
    if (against_ < needed) ++against_;
    if (against_ < needed || held_for(now) > Clock::duration::zero()) return false;
    const bool fell = memory_.state == State::Up;
    turn(said, now);
    if (fell) {
        auto& downs = memory_.downs;
        downs.push_back(now);
        std::erase_if(downs, [&](Time at) { return now - at > limits_.damping.within; });
        const auto& damping = limits_.damping;
        if (damping.downs > 0 && downs.size() >= damping.downs) {
            const auto doublings = std::min<std::size_t>(downs.size() - damping.downs, 20);
            memory_.held_until = now + std::min(damping.hold * (1 << doublings), damping.longest);
        }
    }
    return true;
}

void Tracker::turn(State state, Time now) {
    memory_.state = state;
    memory_.since = now;
    memory_.held_until.reset();
    against_ = 0;
}

Clock::duration Tracker::held_for(Time now) const noexcept {
    if (!memory_.held_until || *memory_.held_until <= now) return Clock::duration::zero();
    return *memory_.held_until - now;
}

Clock::duration Tracker::holds_for(Clock::duration interval, Clock::duration retry,
                                   Time now) const noexcept {
    switch (memory_.state) {
        case State::Unknown:
            return interval;
        case State::Up:
            return against_ == 0 ? interval + retry * (limits_.fall - 1)
                                 : retry * (limits_.fall - against_);
        case State::Down:
            break;
    }
    const auto left = limits_.rise > against_ ? limits_.rise - against_ : 1;
    return std::max(interval * left, held_for(now));
}

}  // namespace probes
