// SPDX-License-Identifier: Apache-2.0
#include "dnsd/control/background_priority.hpp"

#include <linux/sched.h>
#include <linux/sched/types.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace control {

void step_back() noexcept {
    sched_attr attributes{};
    attributes.size = sizeof attributes;
    attributes.sched_policy = SCHED_NORMAL;
    attributes.sched_nice = 5;           // a weight of 335 against 1,024 (sched(7))
    attributes.sched_runtime = 100'000;  // nanoseconds, the shortest slice that Linux takes
    // A kernel that refuses leaves the thread as it was. The C library has no function for this.
    ::syscall(SYS_sched_setattr, 0, &attributes, 0);
}

}  // namespace control
