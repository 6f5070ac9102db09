// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/rate_limit.hpp"

#include <algorithm>
#include <new>

#include <sys/mman.h>

namespace engine {
namespace {

constexpr std::int64_t second = 1'000'000'000;  // nanoseconds
constexpr std::int64_t least_burst = 10;        // answers

RateLimit limit_of(unsigned per_second, std::size_t threads) {
    if (per_second == 0) return {};
    const auto every =
        std::max<std::int64_t>(1, second * static_cast<std::int64_t>(threads) / per_second);
    return {.every = std::chrono::nanoseconds{every},
            .depth = std::chrono::nanoseconds{std::max(second, least_burst * every)}};
}

}  // namespace

RateLimits rate_limits(const RateSettings& settings, std::size_t threads) {
    if (settings.per_second == 0) return {};
    return {.answers = limit_of(settings.per_second, threads),
            .errors = limit_of(settings.errors_per_second, threads),
            .all_errors = limit_of(settings.all_errors_per_second, threads),
            .slip = settings.slip,
            .exempt = settings.exempt};
}

RateLimiter::RateLimiter() : RateLimiter{geo::random_sip_key()} {}

/// Pages of zeros, each of which becomes real when it is first written.
RateLimiter::RateLimiter(const geo::SipKey& secret) : secret_{secret} {
    auto* memory = ::mmap(nullptr, sets * sizeof(Set), PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc{};
    table_.reset(static_cast<Set*>(memory));
}

void RateLimiter::Unmap::operator()(Set* table) const noexcept {
    ::munmap(table, sets * sizeof(Set));
}

}  // namespace engine
