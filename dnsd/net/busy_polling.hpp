// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether a UDP thread sleeps when nothing waits for it. Else it does, but not in a flood of what it
// does not answer: the next datagram is microseconds away. To fall asleep and be woken costs both
// cores more than to ask again. And where the core is a virtual one, the host may lend it to others
// while it sleeps: whoever asks then waits for milliseconds.
//
// A thread that does not sleep takes all of its core. So only as long as nobody else wants it.

#include "dnsd/net/coarse_clock.hpp"
#include "dnsd/net/waiting_time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace net {

class BusyPolling {
 public:
    /// To be called once, by the thread. One that does not, or whose waiting for its core is not
    /// known, always sleeps.
    void begin() noexcept { waiting_.begin(); }
    /// To be called with each batch, of which so many are not answered, or told no more than that it
    /// was too much. `now` is a time of day; a clock that is set back lets the next look come early.
    void look(std::chrono::nanoseconds now, std::size_t refused) noexcept {
        refused_ += static_cast<std::int64_t>(refused);
        if (now >= next_look_ || next_look_ - now > look_every) {
            next_look_ = now + look_every;
            adapt(read_clock(CLOCK_MONOTONIC), waiting_.read());
        }
        if (awake_) last_batch_ = read_clock(CLOCK_MONOTONIC);
    }
    /// What a look does when its time has come. `waited` is for how long the thread was ready to run
    /// while others had its core.
    void adapt(std::chrono::nanoseconds monotonic,
               std::optional<std::chrono::nanoseconds> waited) noexcept;

    [[nodiscard]] bool is_awake() const noexcept { return awake_; }
    /// Whether to ask for the next batch without waiting for it.
    [[nodiscard]] bool expects_more() const noexcept {
        return awake_ && read_clock(CLOCK_MONOTONIC) - last_batch_ < awake_for;
    }

    static constexpr std::chrono::milliseconds look_every{100};
    static constexpr std::chrono::microseconds awake_for{50};  // after the last batch
    static constexpr std::int64_t flood = 50'000;              // refused a second
    /// Others may have the core for so much of the time, as kernel threads do, and once for so much
    /// more: a host may take a virtual core away while one of them has it. With the lowest of
    /// priorities somebody who wants it all the time gets 5 %.
    static constexpr int others_percent = 3;
    static constexpr std::chrono::milliseconds bearable{15};
    static constexpr std::chrono::seconds leaves_it_for{5};

 private:
    WaitingTime waiting_;
    std::chrono::nanoseconds next_look_{};
    std::chrono::nanoseconds last_batch_{};
    std::chrono::nanoseconds looked_{};
    std::chrono::nanoseconds waited_{};  // when it was looked at
    std::chrono::nanoseconds lost_{};    // to others, more than their share
    std::chrono::nanoseconds sleeps_until_{};
    std::int64_t refused_ = 0;
    bool awake_ = false;
};

}  // namespace net
