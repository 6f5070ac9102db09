// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/receive_queue.hpp"

#include "dnsd/net/coarse_clock.hpp"

#include <array>

#include <linux/sock_diag.h>
#include <sys/socket.h>
#include <unistd.h>

namespace net {
namespace {

// Octets. The kernel doubles them, and counts 768 of its own for a query.
constexpr int long_room = 1 << 20;
constexpr int short_room = 80 << 10;               // some 210 queries
constexpr std::uint32_t long_backlog = 256 << 10;  // as the kernel counts: some 340 queries

void set_room(int socket, int room) noexcept {
    ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    ::setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
}

int room_of(int socket) noexcept {
    int room = 0;
    socklen_t size = sizeof room;
    ::getsockopt(socket, SOL_SOCKET, SO_RCVBUF, &room, &size);
    return room;
}

std::array<std::uint32_t, SK_MEMINFO_VARS> memory_of(int socket) noexcept {
    std::array<std::uint32_t, SK_MEMINFO_VARS> memory{};
    socklen_t size = sizeof memory;
    ::getsockopt(socket, SOL_SOCKET, SO_MEMINFO, memory.data(), &size);
    return memory;
}

/// True if the socket could be made as long again. A process that has given up root since could
/// not.
bool can_be_long_again(int socket) noexcept {
    const int another = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (another < 0) return false;
    set_room(another, long_room);
    const bool can = room_of(another) >= room_of(socket);
    ::close(another);
    return can;
}

}  // namespace

ReceiveQueue::ReceiveQueue(int socket) noexcept : socket_{socket} {
    set_room(socket_, long_room);
}

void ReceiveQueue::begin() noexcept {
    may_be_short_ = can_be_long_again(socket_);
}

void ReceiveQueue::look_at_thread(std::chrono::nanoseconds now) noexcept {
    const auto passed = now - busy_since_;
    const bool goes_on = busy_since_.count() != 0 && passed.count() >= 0;
    if (goes_on && passed < busy_time) return;
    const auto worked = read_clock(CLOCK_THREAD_CPUTIME_ID);
    busy_ = goes_on && (worked - worked_) * 100 > passed * busy_percent &&
            queries_ >= batches_ * large_batch;
    busy_since_ = now;
    worked_ = worked;
    batches_ = 0;
    queries_ = 0;
}

void ReceiveQueue::adapt(std::chrono::nanoseconds now) noexcept {
    const auto memory = memory_of(socket_);
    const auto drops = memory[SK_MEMINFO_DROPS];
    const bool behind = drops != drops_ || memory[SK_MEMINFO_RMEM_ALLOC] > long_backlog;
    behind_ = behind ? behind_ + 1 : 0;
    look_at_thread(now);
    const bool fell_behind = behind_ >= looks_until_short;
    if (may_be_short_ && (busy_ || fell_behind)) {
        if (!short_) set_room(socket_, short_room);
        short_ = true;
        lengthen_at_ = now + (fell_behind ? short_for : short_after_busy);
    } else if (short_ && (now >= lengthen_at_ || lengthen_at_ - now > short_for)) {
        set_room(socket_, long_room);
        short_ = false;
    }
    drops_ = drops;
}

}  // namespace net
