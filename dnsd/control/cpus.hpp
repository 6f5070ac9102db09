// SPDX-License-Identifier: Apache-2.0
#pragma once
// Threads that keep to one CPU.

#include <cstddef>
#include <functional>

namespace control {

/// Calls `start`, whose new threads run on the CPU of this number alone, counted among those that
/// this process may use, over and over. Where the system refuses, they run on all of them.
void start_on_cpu(std::size_t number, const std::function<void()>& start);

}  // namespace control
