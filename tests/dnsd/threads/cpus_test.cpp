// SPDX-License-Identifier: Apache-2.0
#include "dnsd/threads/cpus.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>

#include <sys/resource.h>

namespace threads_cpus_test {

namespace {

/// Of the calling thread, which is what Linux means by 0.
int niceness() {
    return ::getpriority(PRIO_PROCESS, 0);
}

}  // namespace

TEST_CASE("work gives way to others when it takes long, and its caller does not") {
    const auto before = niceness();
    using Clock = std::chrono::steady_clock;
    const auto deadline = Clock::now() + std::chrono::seconds{before == 19 ? 0 : 60};
    bool gave_way = false;
    control::run_giving_way([&] {
        CHECK(niceness() == before);
        while (niceness() == before && Clock::now() < deadline) std::this_thread::yield();
        gave_way = niceness() == std::min(before + 13, 19);
    });
    CHECK(gave_way);
    CHECK(niceness() == before);
}

TEST_CASE("what work throws comes to whoever gave it") {
    CHECK_THROWS_AS(control::run_giving_way([] { throw std::runtime_error{"no memory"}; }),
                    std::runtime_error);
}

}  // namespace threads_cpus_test
