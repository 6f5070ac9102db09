// SPDX-License-Identifier: Apache-2.0
#pragma once
// How many datagrams may wait at a UDP socket. Normally some 2,700, so that a burst waits and is not
// lost. In a flood that comes as fast as it is answered, though, a queue that has become long stays
// so: how many queries get an answer does not depend on its length, but each of these has waited for
// all that were before it. So a queue that goes on overflowing, or stays long, or whose thread could
// hardly answer more, is made short until some time after that has ended; what is too much is then
// dropped by the kernel, for nothing.

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace net {

class ReceiveQueue {
 public:
    /// Makes the queue of a socket long, as far as the system permits it: to 1 MiB with
    /// CAP_NET_ADMIN, else to net.core.rmem_max. The socket stays the caller's.
    explicit ReceiveQueue(int socket) noexcept;

    /// To be called once, when the process has the privileges that it will keep. Until then the queue
    /// stays long, and after it where the system would not make it as long again.
    void begin() noexcept;

    /// To be called with each batch of so many queries, and by whoever waits for one; `emptied` when
    /// nothing has been left. `now` is a time of day; a clock that is set back lets the next look come
    /// early.
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
    /// Looks in a row that find it overflowing or long, and never emptied in between, before it is
    /// made short: 50 ms. A server that has to wait for the processor falls behind too, but catches
    /// up in between, and is to lose nothing more.
    static constexpr unsigned looks_until_short = 5;
    static constexpr std::chrono::seconds short_for{10};
    /// A thread could hardly answer more that has had so much of the processor in a time as long as
    /// this, and as many queries to a batch: with few, each costs it twice as much, and it is quicker
    /// as soon as more wait. One that has to wait for the processor is not busy. It is never all of the
    /// time: a kernel may count interrupts apart.
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
    std::uint32_t drops_ = 0;  // of the socket since it was opened
    unsigned behind_ = 0;      // looks in a row that have found it overflowing or long
    std::chrono::nanoseconds busy_since_{};  // when the thread was last looked at
    std::chrono::nanoseconds worked_{};      // what it had had of the processor by then
    std::size_t batches_ = 0;                // since then
    std::size_t queries_ = 0;
    bool busy_ = false;
    bool may_be_short_ = false;
    bool short_ = false;
};

}  // namespace net
