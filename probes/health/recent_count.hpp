// SPDX-License-Identifier: Apache-2.0
#pragma once
// How much a counter that only grows has grown lately: a ring of what it grew between samples.

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>

namespace probes {

class RecentCount {
 public:
    static constexpr std::size_t kept = 12;  // samples: a minute of one every five seconds

    /// Takes a sample; the oldest of them is forgotten.
    void sample(std::uint64_t total) noexcept {
        grown_[next_] = total - std::exchange(last_, total);
        next_ = (next_ + 1) % kept;
    }
    /// Goes on with another counter, which begins with nothing.
    void begin_anew() noexcept { last_ = 0; }

    /// What was counted in the time of all samples that are kept, and since the last one.
    [[nodiscard]] std::uint64_t recent(std::uint64_t total) const noexcept {
        return std::accumulate(grown_.begin(), grown_.end(), total - last_);
    }

 private:
    std::array<std::uint64_t, kept> grown_{};
    std::size_t next_ = 0;
    std::uint64_t last_ = 0;
};

}  // namespace probes
