// SPDX-License-Identifier: Apache-2.0
#pragma once
// The time of day for the query path: the time of the kernel's last tick, at most some milliseconds
// ago, for the price of a few loads.

#include <chrono>

#include <time.h>

namespace net {

[[nodiscard]] inline std::chrono::nanoseconds read_clock(clockid_t clock) noexcept {
    timespec now{};
    ::clock_gettime(clock, &now);
    return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

/// Returns the time since 1970.
[[nodiscard]] inline std::chrono::nanoseconds coarse_now() noexcept {
    return read_clock(CLOCK_REALTIME_COARSE);
}

}  // namespace net
