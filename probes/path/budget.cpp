// SPDX-License-Identifier: Apache-2.0
#include "probes/path/budget.hpp"

#include <algorithm>

namespace probes {
namespace {

using namespace std::chrono_literals;

constexpr unsigned most_echoes = 3;
/// Echoes of one measurement wait for each other, so the hour is counted from the last one.
constexpr auto longest_measurement = 1min;
constexpr auto sweep_every = 5min;

}  // namespace

Budget::Budget(const Limits& limits) noexcept
    : between_{(Clock::duration{1s} + std::chrono::nanoseconds{limits.per_second - 1}) /
               limits.per_second},
      echoes_{std::min(most_echoes, limits.per_network_per_hour)} {
    network_rest_ =
        Clock::duration{1h} / (limits.per_network_per_hour / echoes_) + longest_measurement;
}

Time Budget::reserve(Time now) noexcept {
    const auto at = std::max(now, next_);
    next_ = at + between_;
    return at;
}

bool Budget::allow(const geo::Prefix& network, Time now) {
    if (swept_ == Time::min() || now - swept_ >= sweep_every) {
        swept_ = now;
        rests_.erase_if([now](Time until) { return until <= now; });
    }
    auto& until = rests_[network];
    if (until > now) return false;
    until = now + network_rest_;
    return true;
}

}  // namespace probes
