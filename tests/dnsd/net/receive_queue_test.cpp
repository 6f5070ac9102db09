// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/receive_queue.hpp"

#include "dnsd/net/coarse_clock.hpp"

#include <doctest/doctest.h>

#include <array>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace net_receive_queue_test {

using namespace std::chrono_literals;
using net::ReceiveQueue;

namespace {

/// A UDP socket on loopback, its queue, and somebody who sends to it.
class Flooded {
 public:
    Flooded() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0);
        REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
        REQUIRE(::connect(sender_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    }
    ~Flooded() {
        ::close(sender_);
        ::close(socket_);
    }
    Flooded(const Flooded&) = delete;
    Flooded& operator=(const Flooded&) = delete;

    [[nodiscard]] int socket() const { return socket_; }
    [[nodiscard]] int room() const {
        int room = 0;
        socklen_t size = sizeof room;
        REQUIRE(::getsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &room, &size) == 0);
        return room;
    }
    void send(int count) const {
        const std::array<char, 12> datagram{};
        for (int i = 0; i < count; ++i) ::send(sender_, datagram.data(), datagram.size(), 0);
    }
    /// More than any queue holds.
    void overflow() const { send(20'000); }
    /// As much as waits. The number of datagrams.
    [[nodiscard]] int drain() const {
        std::array<char, 12> datagram{};
        int count = 0;
        while (::recv(socket_, datagram.data(), datagram.size(), MSG_DONTWAIT) > 0) ++count;
        return count;
    }

 private:
    int socket_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int sender_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

constexpr auto start = 1'000'000s;

/// Overflows at so many looks in a row.
void go_on_overflowing(ReceiveQueue& queue, const Flooded& flooded,
                       unsigned looks = ReceiveQueue::looks_until_short) {
    for (unsigned i = 0; i < looks; ++i) {
        flooded.overflow();
        CHECK_FALSE(queue.is_short());
        queue.look(start + i * ReceiveQueue::look_every, 1, false);
    }
}

ReceiveQueue made_short(const Flooded& flooded) {
    ReceiveQueue queue{flooded.socket()};
    queue.begin();
    go_on_overflowing(queue, flooded);
    REQUIRE(queue.is_short());
    return queue;
}

/// Until the thread has had the processor for so long.
void work_for(std::chrono::nanoseconds time) {
    const auto used = [] { return net::read_clock(CLOCK_THREAD_CPUTIME_ID); };
    for (const auto end = used() + time; used() < end;) {
    }
}

}  // namespace

TEST_CASE("a queue that goes on overflowing is short for ten seconds, and then long again") {
    const Flooded flooded;
    ReceiveQueue queue{flooded.socket()};
    const auto room = flooded.room();
    queue.begin();
    go_on_overflowing(queue, flooded);
    CHECK(queue.is_short());
    const auto before = flooded.drain();
    flooded.overflow();
    CHECK(flooded.drain() < before);
    queue.look(start + 9s, 1, true);
    CHECK(flooded.room() < room);
    queue.look(start + 11s, 1, true);
    CHECK_FALSE(queue.is_short());
    CHECK(flooded.room() == room);
}

TEST_CASE("a queue that goes on overflowing while it is short stays short") {
    const Flooded flooded;
    auto queue = made_short(flooded);
    CHECK(flooded.drain() > 0);
    const auto later = start + 9s;
    for (unsigned i = 0; i < ReceiveQueue::looks_until_short; ++i) {
        flooded.overflow();
        queue.look(later + i * ReceiveQueue::look_every, 1, false);
    }
    queue.look(start + 11s, 1, false);
    CHECK(queue.is_short());
    queue.look(start + 20s, 1, true);
    CHECK_FALSE(queue.is_short());
}

TEST_CASE("a queue in which many go on waiting is made short, though it does not overflow") {
    struct Row {
        int waiting;  // at each look
        bool is_short;
    };
    for (const auto& row : {Row{100, false}, Row{800, true}}) {
        CAPTURE(row.waiting);
        const Flooded flooded;
        ReceiveQueue queue{flooded.socket()};
        queue.begin();
        for (unsigned i = 0; i < ReceiveQueue::looks_until_short; ++i) {
            static_cast<void>(flooded.drain());
            flooded.send(row.waiting);
            CHECK_FALSE(queue.is_short());
            queue.look(start + i * ReceiveQueue::look_every, 1, false);
        }
        CHECK(queue.is_short() == row.is_short);
        CHECK(flooded.drain() == row.waiting);
    }
}

TEST_CASE("a queue that catches up in between stays long") {
    const Flooded flooded;
    ReceiveQueue queue{flooded.socket()};
    queue.begin();
    const auto room = flooded.room();
    go_on_overflowing(queue, flooded, ReceiveQueue::looks_until_short - 1);
    CHECK(flooded.drain() > 0);
    SUBCASE("before the next look") {
        queue.look(start + 1s, 1, true);
    }
    SUBCASE("between looks") {
        queue.look(start + 41ms, 1, true);
    }
    flooded.overflow();
    queue.look(start + 2s, 1, false);
    CHECK_FALSE(queue.is_short());
    CHECK(flooded.room() == room);
}

TEST_CASE("the queue of a thread that could hardly answer more is short until it could") {
    const Flooded flooded;
    ReceiveQueue queue{flooded.socket()};
    const auto room = flooded.room();
    queue.begin();
    queue.look(start, ReceiveQueue::large_batch, true);
    work_for(ReceiveQueue::busy_time);
    queue.look(start + ReceiveQueue::busy_time, ReceiveQueue::large_batch, true);
    CHECK(queue.is_short());
    CHECK(flooded.room() < room);
    queue.look(start + ReceiveQueue::short_after_busy, ReceiveQueue::large_batch, true);
    CHECK(queue.is_short());
    queue.look(start + 2 * ReceiveQueue::short_after_busy, ReceiveQueue::large_batch, true);
    CHECK_FALSE(queue.is_short());
    CHECK(flooded.room() == room);
}

TEST_CASE("the queue of a thread that waits for the processor, or gets few queries, stays long") {
    struct Row {
        std::size_t queries;             // in each batch
        std::chrono::milliseconds time;  // from one to the next; it works for 100 ms of that
    };
    for (const auto& row :
         {Row{ReceiveQueue::large_batch, 200ms}, Row{ReceiveQueue::large_batch - 1, 100ms}}) {
        CAPTURE(row.queries);
        const Flooded flooded;
        ReceiveQueue queue{flooded.socket()};
        queue.begin();
        // What it did before its first look does not count.
        work_for(ReceiveQueue::busy_time);
        for (int i = 0; i < 5; ++i) {
            queue.look(start + i * row.time, row.queries, false);
            CHECK_FALSE(queue.is_short());
            work_for(ReceiveQueue::busy_time);
        }
        queue.look(start - 3600s, row.queries, false);
        CHECK_FALSE(queue.is_short());
    }
}

TEST_CASE("a clock that is set back leaves no queue short for longer") {
    const Flooded flooded;
    auto queue = made_short(flooded);
    queue.look(start - 3600s, 1, true);
    CHECK_FALSE(queue.is_short());
}

TEST_CASE("a queue whose process has yet to choose its privileges stays long") {
    const Flooded flooded;
    ReceiveQueue queue{flooded.socket()};
    const auto room = flooded.room();
    go_on_overflowing(queue, flooded);
    CHECK_FALSE(queue.is_short());
    CHECK(flooded.room() == room);
}

}  // namespace net_receive_queue_test
