// SPDX-License-Identifier: Apache-2.0
// On which cores the threads of a server run.

#include "tests/e2e/support/example_zones.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include <sched.h>

namespace workers_test {

using namespace e2e;

namespace {

/// How many CPUs a thread may use; 0: the calling one. Nothing of one that has ended.
int cpu_count(id_t thread) {
    cpu_set_t cpus;
    const bool there = ::sched_getaffinity(static_cast<pid_t>(thread), sizeof cpus, &cpus) == 0;
    return there ? CPU_COUNT(&cpus) : 0;
}

std::vector<int> cpu_counts(const ServerProcess& server) {
    std::vector<int> counts;
    for (const auto thread : server.threads()) counts.push_back(cpu_count(thread));
    return counts;
}

int own_cpu_count() {
    return cpu_count(0);
}

}  // namespace

TEST_CASE("workers keep to one core each when they are told to, and nothing else does") {
    const support::TemporaryFolder folder;
    const auto zone = folder.write("a.json", plain_zone("one.test"));
    if (own_cpu_count() < 2) {
        MESSAGE("skipped: this machine has one core");
        return;
    }
    // A worker with one address has a thread for UDP and one for TCP.
    SUBCASE("by a flag") {
        const ServerProcess server{{"--workers", "3", "--pin-workers", zone}};
        const auto counts = cpu_counts(server);
        CHECK(std::ranges::count(counts, 1) == 6);
        CHECK(std::ranges::count(counts, own_cpu_count()) ==
              static_cast<std::ptrdiff_t>(counts.size()) - 6);
    }
    SUBCASE("by default") {
        const ServerProcess server{{"--workers", "3", zone}};
        CHECK(std::ranges::count(cpu_counts(server), 1) == 0);
    }
}

}  // namespace workers_test
