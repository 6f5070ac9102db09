// SPDX-License-Identifier: Apache-2.0
#pragma once
// Limits how often others are asked: so many echoes per second in all, and so many per hour for one
// network. Both limits hold for each second and each hour, not only on average. Pure: time is the
// caller's.

#include "geo/base/clock.hpp"
#include "probes/path/network_table.hpp"

#include <chrono>
#include <cstddef>

namespace probes {

class Budget {
 public:
    struct Limits {
        unsigned per_second = 5;
        unsigned per_network_per_hour = 6;
    };
    /// Both limits must be at least 1.
    explicit Budget(const Limits& limits) noexcept;

    /// Returns how many echoes one measurement of a network sends: fewer when fewer are permitted.
    [[nodiscard]] unsigned echoes() const noexcept { return echoes_; }
    /// Returns when the next echo may be sent, never before `now`; that echo then counts as sent.
    [[nodiscard]] Time reserve(Time now) noexcept;
    /// True if reserve() would return `now`.
    [[nodiscard]] bool idle(Time now) const noexcept { return now >= next_; }
    /// True if a network may be measured now; it then counts as measured.
    [[nodiscard]] bool allow(const geo::Prefix& network, Time now);

 private:
    Clock::duration between_;       // time between two echoes
    Clock::duration network_rest_;  // time from a measurement to the next one
    unsigned echoes_;
    Time next_ = Time::min();
    NetworkTable<Time> rests_;  // by network: the time before which it may not be measured
    Time swept_ = Time::min();
};

}  // namespace probes
