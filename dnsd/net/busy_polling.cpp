// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/busy_polling.hpp"

#include <algorithm>

namespace net {

void BusyPolling::adapt(std::chrono::nanoseconds monotonic,
                        std::optional<std::chrono::nanoseconds> waited) noexcept {
    const auto passed = monotonic - looked_;
    const bool flooded = refused_ * 1'000'000 >= flood * (passed / std::chrono::microseconds{1});
    const auto others = waited.value_or(waited_) - waited_;
    // A thread that sleeps waits whenever it is woken, even if nobody else is there.
    const auto more = lost_ + others - passed * others_percent / 100;
    lost_ = awake_ ? std::max(more, std::chrono::nanoseconds{0}) : std::chrono::nanoseconds{0};
    if (lost_ > bearable) sleeps_until_ = monotonic + leaves_it_for;
    awake_ = flooded && waited && monotonic >= sleeps_until_;
    looked_ = monotonic;
    waited_ = waited.value_or(waited_);
    refused_ = 0;
}

}  // namespace net
