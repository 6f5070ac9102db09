// SPDX-License-Identifier: Apache-2.0
#pragma once
// Counts what the process allocates, and lets allocations fail: through malloc where that can be
// replaced, and through operator new under a sanitizer, which keeps malloc to itself.

#include <atomic>
#include <cstddef>

namespace support {

extern std::atomic<std::size_t> allocations;
extern std::atomic<std::size_t> allocations_of_others;  // of threads that are not spared
/// The how manieth of these is to fail; 0: none.
extern std::atomic<std::size_t> until_failure;

/// Whether only operator new fails, and no library in C, of which some do not bear it; nor what a
/// library in C++ allocates in a destructor. To be prepared.
extern std::atomic<bool> only_new;

/// The first backtrace of a process allocates.
void prepare_backtraces();

/// No allocation of this thread fails, for a scope.
class Spared {
 public:
    Spared();
    ~Spared();
    Spared(const Spared&) = delete;
    Spared& operator=(const Spared&) = delete;
};

}  // namespace support
