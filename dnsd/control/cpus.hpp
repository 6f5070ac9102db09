// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which CPUs threads run on, and how much of them they get.

#include <cstddef>
#include <functional>

namespace control {

/// Calls `start`, whose new threads run on the CPU of this number alone, counted among those that
/// this process may use, over and over. Where the system refuses, they run on all of them.
void start_on_cpu(std::size_t number, const std::function<void()>& start);

/// Leaves to others nearly all of a CPU that they want too: this thread gets a nineteenth of it
/// from now on, and all that is idle. More of it where the process is nice itself, as 19 is the end.
void give_way() noexcept;

}  // namespace control
