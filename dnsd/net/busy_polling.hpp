// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether a UDP thread sleeps when nothing waits for it. Else it does, but not in a flood of what it
// does not answer: the next datagram is microseconds away. To fall asleep and be woken costs both
// cores more than to ask again. And where the core is a virtual one, the host may lend it to others
// while it sleeps: whoever asks then waits for milliseconds.
//
// A thread that does not sleep takes all of its core. So only as long as nobody else wants it.

#include "dnsd/net/coarse_clock.hpp"

#include <chrono>
#include <cstddef>

namespace net {

class BusyPolling {
 public:
    /// To be called with each batch, of which so many are not answered, or told no more than that it
    /// was too much. `now` is a time of day; a clock that is set back lets the next look come early.
    void look(std::chrono::nanoseconds now, std::size_t refused) noexcept {
        refused_ += refused;
        if (awake_) wake(read_clock(CLOCK_MONOTONIC));
        if (now < next_look_ && next_look_ - now <= look_every) return;
        next_look_ = now + look_every;
        adapt(read_clock(CLOCK_MONOTONIC), read_clock(CLOCK_THREAD_CPUTIME_ID));
    }
    /// What a look does when its time has come. `worked` is for how long the thread has had a core.
    void adapt(std::chrono::nanoseconds monotonic, std::chrono::nanoseconds worked) noexcept;

    [[nodiscard]] bool is_awake() const noexcept { return awake_; }
    /// Whether to ask for the next batch without waiting for it. If not, the thread is to sleep.
    [[nodiscard]] bool expects_more() noexcept {
        if (!awake_) return false;
        const auto monotonic = read_clock(CLOCK_MONOTONIC);
        if (monotonic - last_batch_ < awake_for) return true;
        asleep_since_ = monotonic;
        return false;
    }

    static constexpr std::chrono::milliseconds look_every{100};
    static constexpr std::chrono::microseconds awake_for{50};  // after the last batch
    static constexpr std::size_t flood = 50'000;               // refused a second
    /// A thread that has had less of the core while it did not sleep was not alone there.
    static constexpr int alone_percent = 80;
    static constexpr std::chrono::seconds leaves_it_for{1};

 private:
    void wake(std::chrono::nanoseconds monotonic) noexcept {
        if (asleep_since_ > last_batch_) slept_ += monotonic - asleep_since_;
        last_batch_ = monotonic;
    }

    std::chrono::nanoseconds next_look_{};
    std::chrono::nanoseconds last_batch_{};
    std::chrono::nanoseconds asleep_since_{};
    std::chrono::nanoseconds looked_{};
    std::chrono::nanoseconds worked_{};  // when it was looked at, as the two after it
    std::chrono::nanoseconds slept_{};
    std::size_t refused_ = 0;
    std::chrono::nanoseconds sleeps_until_{};
    bool awake_ = false;
};

}  // namespace net
