// SPDX-License-Identifier: Apache-2.0
#pragma once
// Decides whether an idle UDP thread blocks or polls. It polls only in a flood of datagrams that
// get no answer, where the next datagram is microseconds away. To fall asleep and be woken then
// costs both cores more than to ask again. A host may also lend a sleeping virtual core to others,
// and clients then wait for milliseconds.
//
// A thread that polls takes all of its core, so it polls only while nobody else wants that core.

#include "dnsd/net/coarse_clock.hpp"
#include "dnsd/net/waiting_time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace net {

class BusyPolling {
 public:
    /// To be called once, by the thread. A thread always blocks if it does not call this, or if the
    /// system does not tell how long it waits for its core.
    void begin() noexcept { waiting_.begin(); }
    /// To be called with each batch. `refused` is the number of its queries that got no answer, or
    /// only one that says that they are over the limit. `now` is a time of day; a clock that is set
    /// back makes the next look come early.
    void look(std::chrono::nanoseconds now, std::size_t refused) noexcept {
        refused_ += static_cast<std::int64_t>(refused);
        if (now >= next_look_ || next_look_ - now > look_every) {
            next_look_ = now + look_every;
            adapt(read_clock(CLOCK_MONOTONIC), waiting_.read());
        }
        if (awake_) last_batch_ = read_clock(CLOCK_MONOTONIC);
    }
    /// Makes a look when its time has come. `waited` is how long the thread was ready to run while
    /// others had its core.
    void adapt(std::chrono::nanoseconds monotonic,
               std::optional<std::chrono::nanoseconds> waited) noexcept;

    [[nodiscard]] bool is_awake() const noexcept { return awake_; }
    /// True if the thread should ask for the next batch without blocking.
    [[nodiscard]] bool expects_more() const noexcept {
        return awake_ && read_clock(CLOCK_MONOTONIC) - last_batch_ < awake_for;
    }

    static constexpr std::chrono::milliseconds look_every{100};
    static constexpr std::chrono::microseconds awake_for{50};  // after the last batch
    static constexpr std::int64_t flood = 50'000;              // refused queries a second
    /// Others, such as kernel threads, may have the core for `others_percent` of the time, and once
    /// for `bearable` more: a host may take a virtual core away while one of them has it. A thread
    /// of the lowest priority that wants the core all the time gets 5 %.
    static constexpr int others_percent = 3;
    static constexpr std::chrono::milliseconds bearable{15};
    static constexpr std::chrono::seconds leaves_it_for{5};

 private:
    WaitingTime waiting_;
    std::chrono::nanoseconds next_look_{};
    std::chrono::nanoseconds last_batch_{};
    std::chrono::nanoseconds looked_{};
    std::chrono::nanoseconds waited_{};  // at the last look
    std::chrono::nanoseconds lost_{};    // to others, above their share
    std::chrono::nanoseconds sleeps_until_{};
    std::int64_t refused_ = 0;
    bool awake_ = false;
};

}  // namespace net
