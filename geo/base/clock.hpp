// SPDX-License-Identifier: Apache-2.0
#pragma once
// The clock that measures intervals and deadlines: monotonic, and never set by anybody.

#include <chrono>

namespace probes {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

}  // namespace probes
