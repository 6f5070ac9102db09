// SPDX-License-Identifier: Apache-2.0
#pragma once
// Sets how many datagrams may wait at a UDP socket: normally some 2,700, so that a burst waits and
// is not lost. In a flood as fast as the answers, a long queue stays long. It yields no more
// answers, but each answered query has waited for all queries before it. A queue is therefore made
// short when it goes on overflowing, stays long, or has a thread that could hardly answer more. It
// is made long again some time after that has ended. The kernel drops what a short queue cannot
// hold, at no cost.

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace net {

class ReceiveQueue {
 public:
    /// Makes the queue of a socket as long as the system permits: 1 MiB with CAP_NET_ADMIN,
    /// otherwise up to net.core.rmem_max. The caller keeps the socket.
    explicit ReceiveQueue(int socket) noexcept;

    /// To be called once, when the process has the privileges that it will keep. Before this call
    /// the queue stays long. It also stays long if the system would not make it as long again.
    void begin() noexcept;

    /// To be called with each batch, whose size is `queries`, and by a thread that waits for one.
    /// `emptied` is true when the batch left nothing in the queue. `now` is a time of day; a clock
    /// that is set back makes the next look come early.
    void look(std::chrono::nanoseconds now, std::size_t queries, bool emptied) noexcept {
        ++batches_;
        queries_ += queries;
        if (emptied) behind_ = 0;
        if (now < next_look_ && next_look_ - now <= look_every) return;
        next_look_ = now + look_every;
        adapt(now);
    }
    [[nodiscard]] bool is_short() const noexcept { return short_; }

    static constexpr std::chrono::milliseconds look_every{10};
    /// The queue is made short after so many looks in a row (50 ms) that found it overflowing or
    /// long, while it was never emptied. A server that waits for the processor falls behind too,
    /// but it catches up in between and must not lose more.
    static constexpr unsigned looks_until_short = 5;
    static constexpr std::chrono::seconds short_for{10};
    /// A thread could hardly answer more if it had `busy_percent` of the processor during
    /// `busy_time`, and an average batch of `large_batch` queries. In small batches each query
    /// costs twice as much, and the thread gets faster when more queries wait. A thread that waits
    /// for the processor is not busy. The share is below 100 because a kernel may count interrupts
    /// apart.
    static constexpr std::chrono::milliseconds busy_time{100};
    static constexpr int busy_percent = 75;
    static constexpr std::size_t large_batch = 8;
    static constexpr std::chrono::seconds short_after_busy{1};

 private:
    void adapt(std::chrono::nanoseconds now) noexcept;
    void look_at_thread(std::chrono::nanoseconds now) noexcept;

    int socket_;
    std::chrono::nanoseconds next_look_{};
    std::chrono::nanoseconds lengthen_at_{};
    std::uint32_t drops_ = 0;                // of the socket since it was opened
    unsigned behind_ = 0;                    // looks in a row that found it overflowing or long
    std::chrono::nanoseconds busy_since_{};  // when the thread was last looked at
    std::chrono::nanoseconds worked_{};      // its time on the processor by then
    std::size_t batches_ = 0;                // since then
    std::size_t queries_ = 0;
    bool busy_ = false;
    bool may_be_short_ = false;
    bool short_ = false;
};

}  // namespace net
