// SPDX-License-Identifier: Apache-2.0
#pragma once
// Turns single results into a state that does not flap: `fall` failures in a row take a target
// down, and `rise` successes in a row bring it back. A target that goes down again and again stays
// out longer (the idea of RFC 2439, in its simplest form). Pure: time is the caller's.

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

/// What one attempt says about its target. NoWord says nothing, because the fault lies here (no
/// route, no descriptors, a file that does not exist).
enum class Verdict : std::uint8_t { Pass, Fail, NoWord };

/// Decides when, and for how long, a target that goes down again and again is kept out.
struct Damping {
    std::uint8_t downs = 3;             // after going down so many times; 0: never kept out
    std::chrono::seconds within{600};   // within this time
    std::chrono::seconds hold{60};      // the first time out; it doubles each time
    std::chrono::seconds longest{600};  // the longest time out
    bool operator==(const Damping&) const = default;
};

struct TrackerLimits {
    std::uint8_t rise = 2;  // 1 or more
    std::uint8_t fall = 3;  // 1 or more
    Damping damping;
    bool operator==(const TrackerLimits&) const = default;
};

class Tracker {
 public:
    /// All that has to survive a restart.
    struct Memory {
        State state = State::Unknown;
        Time since;                      // when this state began
        std::vector<Time> downs;         // when it went down, oldest first; only within `within`
        std::optional<Time> held_until;  // damping keeps it out until then
    };

    Tracker(const TrackerLimits& limits, Time now) : limits_{limits} { memory_.since = now; }

    /// Continues where an earlier tracker left off.
    void restore(Memory memory);
    [[nodiscard]] const Memory& memory() const noexcept { return memory_; }

    /// Takes one result. True only when it changed the state. In Unknown the first result decides,
    /// so the round before the first answer finds the dead targets.
    bool observe(Verdict verdict, Time now);

    [[nodiscard]] State state() const noexcept { return memory_.state; }
    [[nodiscard]] Time since() const noexcept { return memory_.since; }
    /// Returns how many results in a row contradict the state.
    [[nodiscard]] std::uint8_t against() const noexcept { return against_; }
    /// Returns how much longer damping keeps the target out; zero when it does not.
    [[nodiscard]] Clock::duration held_for(Time now) const noexcept;

    /// Returns the shortest time in which the state can change, counted from the latest result at
    /// `now`. Results are taken to come every `interval`, and every `retry` once an up target has
    /// failed. A TTL may promise this time.
    [[nodiscard]] Clock::duration holds_for(Clock::duration interval, Clock::duration retry,
                                            Time now) const noexcept;

 private:
    void turn(State state, Time now);

    TrackerLimits limits_;
    Memory memory_;
    std::uint8_t against_ = 0;
};

/// What is kept of one target between two processes.
struct SavedTarget {
    std::string key;  // key_of()
    Tracker::Memory memory;
};

}  // namespace probes
