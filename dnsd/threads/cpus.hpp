// SPDX-License-Identifier: Apache-2.0
#pragma once
// Chooses the CPUs that threads run on, and how much of them they get.

#include <cstddef>
#include <functional>

namespace control {

/// Calls `start`. The threads that it starts run only on CPU `number` of those that this process
/// may use, counted round. Where the system refuses, they run on all of these.
void start_on_cpu(std::size_t number, const std::function<void()>& start);

/// Runs `work` in a thread of its own, and waits for it. After 100 ms the thread gives way to
/// others: it gets a nineteenth of a CPU that others want too, and all idle time. It gets more if
/// the process itself is nice, because 19 is the limit. Short work does not give way: such a thread
/// waits for each wake-up, and on a busy machine a small zone would take most of a second. Throws
/// what `work` throws. Where no thread can be started, the caller's thread does the work.
void run_giving_way(const std::function<void()>& work);

}  // namespace control
