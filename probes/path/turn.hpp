// SPDX-License-Identifier: Apache-2.0
#pragma once
// What strangers send is read in turns, so that it cannot hold up everything else on the thread.

#include <chrono>

namespace probes {

constexpr int most_a_turn = 64;  // messages
constexpr std::chrono::milliseconds rest_after_a_full_turn{10};

}  // namespace probes
