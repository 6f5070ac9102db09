// SPDX-License-Identifier: Apache-2.0
#pragma once
// Limits how many log lines a third party can cause: some at once, then one per interval. Pure.

#include "geo/base/clock.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace probes {

class LinePace {
 public:
    static constexpr unsigned at_once = 6;
    static constexpr std::chrono::seconds every{10};

    /// True if one more line may be written now; it is then counted as written.
    [[nodiscard]] bool allow(Time now) noexcept {
        const auto earliest = now - at_once * Clock::duration{every};
        paid_until_ = std::max(paid_until_, earliest);
        if (paid_until_ + every > now) return false;
        paid_until_ += every;
        return true;
    }

 private:
    Time paid_until_ = Time::min();
};

}  // namespace probes
