// SPDX-License-Identifier: Apache-2.0
#pragma once
// The path to one address that is asked again and again: the smallest round trip of the last
// minutes, its variation, and the share of askings without an answer. Pure: time is the caller's.

#include "geo/base/clock.hpp"
#include "probes/path/echo.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace probes {

/// What is known about a path after the first answer.
struct Path {
    std::chrono::microseconds round_trip{0};  // the smallest of this window and the one before
    std::chrono::microseconds variation{0};   // mean deviation, an average
    std::uint32_t samples = 0;                // answers
    double lost = 0;                          // share of the last askings
    Time last;                                // answer
};

class PathRecord {
 public:
    explicit PathRecord(Clock::duration window = std::chrono::minutes{5}) : window_{window} {}

    /// Adds an asking that has ended, with an answer or without.
    void add(RoundTrip round_trip, Time now);
    /// Adds the smallest round trip that somebody else measured on the same path. It does not count
    /// as an asking.
    void add_least(std::chrono::microseconds round_trip, Time now);
    /// Returns the path; nothing before the first answer.
    [[nodiscard]] std::optional<Path> path() const;

 private:
    static constexpr unsigned remembered = 32;  // askings
    void keep_least(std::chrono::microseconds round_trip, Time now);

    Clock::duration window_;
    Time window_began_ = Time::min();
    std::optional<std::chrono::microseconds> least_;
    std::optional<std::chrono::microseconds> least_before_;
    Path path_;
    std::optional<double> average_;  // microseconds
    std::uint32_t answered_ = 0;     // the last askings as bits, the latest first
    unsigned asked_ = 0;             // of those bits
};

}  // namespace probes
