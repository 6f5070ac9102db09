// SPDX-License-Identifier: Apache-2.0
#pragma once
// How much a growing counter has grown lately: a ring of its growth between samples.

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>

namespace probes {

class RecentCount {
 public:
    static constexpr std::size_t kept = 12;  // samples: one minute, at one every five seconds

    /// Takes a sample, and forgets the oldest one.
    void sample(std::uint64_t total) noexcept {
        grown_[next_] = total - std::exchange(last_, total);
        next_ = (next_ + 1) % kept;
    }
    /// Continues with another counter, which begins at zero.
    void begin_anew() noexcept { last_ = 0; }

    /// Returns the growth over all kept samples and since the last one.
    [[nodiscard]] std::uint64_t recent(std::uint64_t total) const noexcept {
        return std::accumulate(grown_.begin(), grown_.end(), total - last_);
    }

 private:
    std::array<std::uint64_t, kept> grown_{};
    std::size_t next_ = 0;
    std::uint64_t last_ = 0;
};

}  // namespace probes
