// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a process holds of its machine.

#include <cstddef>

#include <sys/types.h>

namespace soak {

struct Footprint {
    std::size_t resident = 0;     // octets of memory
    std::size_t descriptors = 0;  // open files and sockets
    std::size_t threads = 0;
};

/// Of a process that runs (proc(5)). Throws when it does not.
[[nodiscard]] Footprint footprint_of(pid_t process);

}  // namespace soak
