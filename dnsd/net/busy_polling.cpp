// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/busy_polling.hpp"

namespace net {

void BusyPolling::adapt(std::chrono::nanoseconds monotonic,
                        std::chrono::nanoseconds worked) noexcept {
    const auto passed = monotonic - looked_;
    const bool flooded =
        refused_ * std::chrono::nanoseconds{std::chrono::seconds{1}} >= flood * passed;
    const bool alone = (worked - worked_) * 100 >= (passed - slept_) * alone_percent;
    if (awake_ && flooded && !alone) sleeps_until_ = monotonic + leaves_it_for;
    awake_ = flooded && monotonic >= sleeps_until_;
    looked_ = last_batch_ = monotonic;
    worked_ = worked;
    slept_ = {};
    refused_ = 0;
}

}  // namespace net
