// SPDX-License-Identifier: Apache-2.0
#pragma once
// What may hang in a disk, done beside the control thread: a thread for each call, as one disk that
// hangs must not keep others from being read. A thread that hangs cannot be ended; it is left to
// itself, and nothing of ours waits for it.

#include "probes/check/probe.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <string>

namespace probes {

/// The calls under way in this process, those that nobody waits for any more among them.
constexpr std::size_t most_calls_aside = 16;

/// What `call` says, in a thread of its own; "no word" when it takes longer than `timeout`, with the
/// time that it waits while too many are under way, or when an earlier one of this name is. `call` owns all that it uses.
/// Throws std::system_error for want of descriptors or threads.
[[nodiscard]] boost::asio::awaitable<Result> call_aside(std::string name,
                                                        std::function<Result()> call,
                                                        std::chrono::milliseconds timeout);

}  // namespace probes
