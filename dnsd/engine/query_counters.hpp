// SPDX-License-Identifier: Apache-2.0
#pragma once
// How many queries came with which cookie. One for each answering thread, which alone writes it;
// any thread may read it.

#include "dnsd/engine/cookie.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace engine {

/// What counters came to, or several of them together.
struct QueryCounts {
    std::array<std::uint64_t, 4> cookies{};  // by CookieState

    [[nodiscard]] std::uint64_t with(CookieState state) const noexcept {
        return cookies[static_cast<std::size_t>(state)];
    }
};

class alignas(64) QueryCounters {
 public:
    void count(CookieState state) noexcept { add(cookies_[static_cast<std::size_t>(state)]); }

    void add_to(QueryCounts& sum) const noexcept {
        for (std::size_t i = 0; i < cookies_.size(); ++i)
            sum.cookies[i] += cookies_[i].load(std::memory_order_relaxed);
    }

 private:
    using Counter = std::atomic<std::uint64_t>;
    /// One writer: no read-modify-write is needed.
    static void add(Counter& counter) noexcept {
        counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }

    std::array<Counter, 4> cookies_{};
};

}  // namespace engine
