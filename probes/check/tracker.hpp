// SPDX-License-Identifier: Apache-2.0
#pragma once
// From single results to a state that does not flap: `fall` failures in a row take a target down,
// `rise` successes in a row bring it back, and one that goes down again and again stays out longer
// (the idea of RFC 2439, in its simplest form). Pure: time is the caller's.

#include "geo/base/clock.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace probes {

enum class State : std::uint8_t { Unknown, Up, Down };
/// "unknown", "up", "down".
[[nodiscard]] std::string_view word(State state) noexcept;

/// What one attempt says of its target. NoWord: nothing, as the fault lies here (no route, no
/// descriptors, a file that is not there).
enum class Verdict : std::uint8_t { Pass, Fail, NoWord };

/// When a target that goes down again and again is kept out.
struct Damping {
    std::uint8_t downs = 3;             // going down for this many times; 0: never kept out
    std::chrono::seconds within{600};   // in so long a time
    std::chrono::seconds hold{60};      // keeps it out so long, and twice as long the next time
    std::chrono::seconds longest{600};  // up to this
    bool operator==(const Damping&) const = default;
};

struct Limits {
    std::uint8_t rise = 2;  // 1 or more
    std::uint8_t fall = 3;  // 1 or more
    Damping damping;
    bool operator==(const Limits&) const = default;
};

class Tracker {
 public:
    /// All that has to survive a restart.
    struct Memory {
        State state = State::Unknown;
        Time since;               // when this state began
        std::vector<Time> downs;  // when it went down, oldest first; only within damping's time
        std::optional<Time> held_until;  // damping keeps it out until then
    };

    Tracker(const Limits& limits, Time now) : limits_{limits} { memory_.since = now; }

    /// Goes on where an earlier tracker has left off.
    void restore(Memory memory);
    [[nodiscard]] const Memory& memory() const noexcept { return memory_; }

    /// Takes one result. True when, and only when, it turned the state over. Out of Unknown the
    /// first result decides: the round before the first answer must find the dead.
    bool observe(Verdict verdict, Time now);

    [[nodiscard]] State state() const noexcept { return memory_.state; }
    [[nodiscard]] Time since() const noexcept { return memory_.since; }
    /// Results in a row that contradict the state.
    [[nodiscard]] std::uint8_t against() const noexcept { return against_; }
    /// How long damping still keeps a target out; zero when it does not.
    [[nodiscard]] Clock::duration held_for(Time now) const noexcept;

    /// The least time from the latest result, taken at `now`, until the state can turn, when
    /// results come every `interval`, and every `retry` once an up target has failed: what a TTL
    /// may promise.
    [[nodiscard]] Clock::duration holds_for(Clock::duration interval, Clock::duration retry,
                                            Time now) const noexcept;

 private:
    void turn(State state, Time now);

    Limits limits_;
    Memory memory_;
    std::uint8_t against_ = 0;
};

/// What is kept of one target between two processes.
struct SavedTarget {
    std::string key;  // key_of()
    Tracker::Memory memory;
};

}  // namespace probes
