// SPDX-License-Identifier: Apache-2.0
#pragma once
// The clock that measures intervals and deadlines: monotonic, and never set by anybody.

#include <chrono>

namespace geo {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

}  // namespace geo

namespace probes {

using geo::Clock;
using geo::Time;

}  // namespace probes
