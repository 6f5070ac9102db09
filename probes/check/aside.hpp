// SPDX-License-Identifier: Apache-2.0
#pragma once
// Calls that may hang in a disk, made beside the control thread. Each call has a thread of its own,
// so a disk that hangs does not keep others from being read. A thread that hangs cannot be ended:
// it is left alone, and nothing waits for it.

#include "probes/check/probe.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <string>

namespace probes {

/// The most calls under way at once in this process, those that nobody waits for any more included.
constexpr std::size_t most_calls_aside = 16;

/// Runs `call` in a thread of its own and returns its result. `call` must own all that it uses.
/// Returns "no word" when an earlier call of this name is still under way, and when the call takes
/// longer than `timeout`; this includes the time that it waits because too many others are under
/// way. Throws std::system_error for lack of descriptors or threads.
[[nodiscard]] boost::asio::awaitable<ProbeResult> call_aside(std::string name,
                                                             std::function<ProbeResult()> call,
                                                             std::chrono::milliseconds timeout);

}  // namespace probes
