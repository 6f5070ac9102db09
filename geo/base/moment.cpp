// SPDX-License-Identifier: Apache-2.0
#include "geo/base/moment.hpp"

#include "geo/base/file.hpp"

#include <time.h>

namespace probes {
namespace {

constexpr std::chrono::seconds ten_years{std::chrono::hours{24 * 3653}};

std::chrono::seconds read_clock(clockid_t clock) noexcept {
    timespec at{};
    ::clock_gettime(clock, &at);
    return std::chrono::seconds{at.tv_sec};
}

std::string read_boot_id() {
    auto read = read_file("/proc/sys/kernel/random/boot_id", 256);
    if (!read || !*read) return {};
    auto& text = **read;
    return text.substr(0, text.find('\n'));
}

}  // namespace

Moment now() {
    return {.steady = Clock::now(),
            .since_boot = read_clock(CLOCK_BOOTTIME),
            .boot_id = read_boot_id(),
            .wall = read_clock(CLOCK_REALTIME)};
}

std::optional<std::chrono::seconds> elapsed(const Moment& earlier, const Moment& later) noexcept {
    const bool same_boot = !earlier.boot_id.empty() && earlier.boot_id == later.boot_id;
    const auto from = same_boot ? earlier.since_boot : earlier.wall;
    const auto to = same_boot ? later.since_boot : later.wall;
    if (to < from || to - from > ten_years) return std::nullopt;
    return to - from;
}

}  // namespace probes
