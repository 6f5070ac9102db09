// SPDX-License-Identifier: Apache-2.0
#pragma once
// The time of day for the query path: as the kernel's last tick left it, which is at most some
// milliseconds ago, for the price of a few loads.

#include <chrono>

#include <time.h>

namespace net {

/// Since 1970.
[[nodiscard]] inline std::chrono::nanoseconds coarse_now() noexcept {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
    return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

}  // namespace net
