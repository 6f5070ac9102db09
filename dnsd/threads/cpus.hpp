// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which CPUs threads run on, and how much of them they get.

#include <cstddef>
#include <functional>

namespace control {

/// Calls `start`, whose new threads run on the CPU of this number alone, counted among those that
/// this process may use, over and over. Where the system refuses, they run on all of them.
void start_on_cpu(std::size_t number, const std::function<void()>& start);

/// Runs `work` in a thread of its own, and waits for it. From 100 ms on it leaves to others nearly
/// all of a CPU that they want too: it gets a nineteenth of it, and all that is idle. More where the
/// process is nice itself, as 19 is the end. What is short is not held up: a thread that gives way
/// waits for each wake-up, and on a busy machine a small zone would take most of a second. Throws what
/// `work` throws. Where no thread can be started, the caller's own does the work.
void run_giving_way(const std::function<void()>& work);

}  // namespace control
