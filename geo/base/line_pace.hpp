// SPDX-License-Identifier: Apache-2.0
#pragma once
// How many lines of the log somebody else may cause: some at once, then one every so often. Pure.

#include "geo/base/clock.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace probes {

class LinePace {
 public:
    static constexpr unsigned at_once = 6;
    static constexpr std::chrono::seconds every{10};

    /// Whether one more may be written now; it is taken as written then.
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
