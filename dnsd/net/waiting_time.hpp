// SPDX-License-Identifier: Apache-2.0
#pragma once
// How long a thread was ready to run while others had the core, or while its control group had used
// up its quota, by the scheduler's own account (Linux, Documentation/scheduler/sched-stats.rst). It
// excludes interrupts and the time for which a host takes a virtual core away.

#include <chrono>
#include <optional>

namespace net {

class WaitingTime {
 public:
    WaitingTime() = default;
    ~WaitingTime();
    WaitingTime(const WaitingTime&) = delete;
    WaitingTime& operator=(const WaitingTime&) = delete;

    /// Chooses the calling thread as the one to measure. To be called once.
    void begin() noexcept;
    /// Returns the time since the thread's start; nothing where the system keeps no account or
    /// hides it.
    [[nodiscard]] std::optional<std::chrono::nanoseconds> read() const noexcept;

 private:
    int account_ = -1;
};

}  // namespace net
