// SPDX-License-Identifier: Apache-2.0
#pragma once
// The clock that intervals and deadlines are measured by: monotonic, nobody sets it.

#include <chrono>

namespace probes {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

}  // namespace probes
