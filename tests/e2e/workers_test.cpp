// SPDX-License-Identifier: Apache-2.0
// On which cores the threads of a server run.

#include "tests/e2e/example_zones.hpp"
#include "tests/e2e/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include <sched.h>

using namespace e2e;

namespace {

std::vector<id_t> threads_of(pid_t process) {
    std::vector<id_t> threads;
    const auto tasks = "/proc/" + std::to_string(process) + "/task";
    for (const auto& task : std::filesystem::directory_iterator{tasks})
        threads.push_back(static_cast<id_t>(std::stoul(task.path().filename().string())));
    return threads;
}

/// How many CPUs each thread of a process may use.
std::vector<int> cpu_counts(pid_t process) {
    std::vector<int> counts;
    for (const auto thread : threads_of(process)) {
        cpu_set_t cpus;
        if (::sched_getaffinity(static_cast<pid_t>(thread), sizeof cpus, &cpus) == 0)
            counts.push_back(CPU_COUNT(&cpus));
    }
    return counts;
}

int own_cpu_count() {
    return cpu_counts(::getpid()).front();
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
        const ServerProcess server{
            {"--workers", "3", "--pin-workers", zone}
        };
        const auto counts = cpu_counts(server.pid());
        CHECK(std::ranges::count(counts, 1) == 6);
        CHECK(std::ranges::count(counts, own_cpu_count()) ==
              static_cast<std::ptrdiff_t>(counts.size()) - 6);
    }
    SUBCASE("by default") {
        const ServerProcess server{
            {"--workers", "3", zone}
        };
        CHECK(std::ranges::count(cpu_counts(server.pid()), 1) == 0);
    }
}
