// SPDX-License-Identifier: Apache-2.0
#pragma once
// For how long a thread was ready to run while others had the core, or while its control group had
// used up what it may: the scheduler's own account of it (Linux, Documentation/scheduler/
// sched-stats.rst). What a host takes away from a virtual core is no part of that, nor are
// interrupts.

#include <chrono>
#include <optional>

namespace net {

class WaitingTime {
 public:
    WaitingTime() = default;
    ~WaitingTime();
    WaitingTime(const WaitingTime&) = delete;
    WaitingTime& operator=(const WaitingTime&) = delete;

    /// From now on it is about the thread that calls this, once.
    void begin() noexcept;
    /// Since the thread's start. Nothing where the system keeps no account, or hides it.
    [[nodiscard]] std::optional<std::chrono::nanoseconds> read() const noexcept;

 private:
    int account_ = -1;
};

}  // namespace net
