// SPDX-License-Identifier: Apache-2.0
#pragma once
// How often others may be asked: so many echoes a second over all, so many an hour of one network.
// Both hold for each second and each hour, not on average. Pure: time is the caller's.

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
    /// Each at least 1.
    explicit Budget(const Limits& limits) noexcept;

    /// How many echoes a measurement of a network has: the fewer are permitted, the fewer.
    [[nodiscard]] unsigned echoes() const noexcept { return echoes_; }
    /// When the next echo may go; it is taken as gone then. Never before `now`.
    [[nodiscard]] Time reserve(Time now) noexcept;
    /// Whether reserve() would say `now`.
    [[nodiscard]] bool idle(Time now) const noexcept { return now >= next_; }
    /// Whether a network may be measured now; it is taken as measured then.
    [[nodiscard]] bool allow(const geo::Prefix& network, Time now);

 private:
    Clock::duration between_;       // echoes
    Clock::duration network_rest_;  // from a measurement to the next
    unsigned echoes_;
    Time next_ = Time::min();
    NetworkTable<Time> rests_;  // of networks, until when
    Time swept_ = Time::min();
};

}  // namespace probes
