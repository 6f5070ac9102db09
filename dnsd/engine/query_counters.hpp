// SPDX-License-Identifier: Apache-2.0
#pragma once
// Counts queries by the state of their cookie, and those over a limit. Each answering thread has
// its own counters and is their only writer; any thread may read them.

#include "dnsd/engine/cookie.hpp"
#include "dnsd/engine/rate_limit.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace engine {

/// The counts of one or more counters.
struct QueryCounts {
    std::array<std::uint64_t, 4> cookies{};  // by CookieState
    std::array<std::uint64_t, 3> limited{};  // by action; Pass is not counted

    [[nodiscard]] std::uint64_t with(CookieState state) const noexcept {
        return cookies[static_cast<std::size_t>(state)];
    }
    [[nodiscard]] std::uint64_t with(RateLimiter::Action action) const noexcept {
        return limited[static_cast<std::size_t>(action)];
    }
};

class alignas(64) QueryCounters {
 public:
    void count(CookieState state) noexcept { add(cookies_[static_cast<std::size_t>(state)]); }
    void count(RateLimiter::Action action) noexcept {
        add(limited_[static_cast<std::size_t>(action)]);
    }

    void add_to(QueryCounts& sum) const noexcept {
        for (std::size_t i = 0; i < cookies_.size(); ++i)
            sum.cookies[i] += cookies_[i].load(std::memory_order_relaxed);
        for (std::size_t i = 0; i < limited_.size(); ++i)
            sum.limited[i] += limited_[i].load(std::memory_order_relaxed);
    }

 private:
    using Counter = std::atomic<std::uint64_t>;
    /// With one writer, no read-modify-write is needed.
    static void add(Counter& counter) noexcept {
        counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }

    std::array<Counter, 4> cookies_{};
    std::array<Counter, 3> limited_{};
};

}  // namespace engine
