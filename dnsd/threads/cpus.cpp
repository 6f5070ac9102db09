// SPDX-License-Identifier: Apache-2.0
#include "dnsd/threads/cpus.hpp"

#include <chrono>
#include <exception>
#include <future>

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

namespace control {
namespace {

/// Returns the `number`th CPU, counted round, of a set that is not empty.
cpu_set_t one_of(const cpu_set_t& all, std::size_t number) noexcept {
    cpu_set_t one;
    CPU_ZERO(&one);
    auto left = number % static_cast<std::size_t>(CPU_COUNT(&all));
    for (std::size_t cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (!CPU_ISSET(cpu, &all) || left-- > 0) continue;
        CPU_SET(cpu, &one);
        break;
    }
    return one;
}

}  // namespace

void start_on_cpu(std::size_t number, const std::function<void()>& start) {
    // A thread inherits the CPUs of the thread that starts it.
    cpu_set_t all;
    if (::sched_getaffinity(0, sizeof all, &all) != 0) return start();
    const auto one = one_of(all, number);
    ::sched_setaffinity(0, sizeof one, &one);
    start();
    ::sched_setaffinity(0, sizeof all, &all);
}

void run_giving_way(const std::function<void()>& work) {
    constexpr std::chrono::milliseconds patience{100};
    // A thread that waits for a CPU waits for a tick of 4 ms, whatever the weights: they decide how
    // often. At 10 one query in a hundred of a busy worker still waits. Linux counts by thread, not
    // by process as POSIX does.
    constexpr int nicer_by = 13;
    std::promise<pid_t> started;
    std::future<void> running;
    try {
        running = std::async(std::launch::async, [&] {
            started.set_value(::gettid());
            work();
        });
    } catch (const std::exception&) {  // no thread to be had
        return work();
    }
    const auto thread = static_cast<id_t>(started.get_future().get());
    if (running.wait_for(patience) == std::future_status::timeout)
        ::setpriority(PRIO_PROCESS, thread, ::getpriority(PRIO_PROCESS, 0) + nicer_by);
    running.get();
}

}  // namespace control
