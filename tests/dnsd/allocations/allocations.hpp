// SPDX-License-Identifier: Apache-2.0
#pragma once
// Counts the allocations of the process, and makes some fail: in malloc if the program can replace
// it, or in operator new under a sanitizer, which keeps malloc to itself.

#include <atomic>
#include <cstddef>

namespace support {

extern std::atomic<std::size_t> allocations;
extern std::atomic<std::size_t> allocations_of_others;  // of threads that are not spared
/// Counts down which of these allocations fails: 1 means the next one; 0: none.
extern std::atomic<std::size_t> until_failure;

/// If true, only operator new fails, but not in a destructor of a C++ library, and not libraries in
/// C, some of which do not bear it. Call prepare_backtraces() first.
extern std::atomic<bool> only_new;

/// Takes a backtrace now, as the first one of a process allocates.
void prepare_backtraces();

/// While it lives, no allocation of this thread fails.
class Spared {
 public:
    Spared();
    ~Spared();
    Spared(const Spared&) = delete;
    Spared& operator=(const Spared&) = delete;
};

}  // namespace support
