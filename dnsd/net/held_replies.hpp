// SPDX-License-Identifier: Apache-2.0
#pragma once
// Replies that wait for queries to be answered first: those that only tell a client that it has had
// too much. In a flood from one network they are half of all datagrams that are sent. When the thread
// has had to wait for the processor, each of them would keep those waiting who are to be answered. Not
// for long: where more comes all the time than can be answered, they have to go too.
//
// Of a fixed size, allocated once; the oldest are the first to go. Memory that is touched only in a
// flood.

#include "dnsd/net/return_address.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace net {

class HeldReplies {
 public:
    struct Reply {
        ReturnAddress to;
        std::chrono::nanoseconds held_at;
        std::uint16_t size;
        /// The longest question with an OPT, a cookie (RFC 7873) and some more.
        std::array<std::uint8_t, 320> octets;

        [[nodiscard]] std::span<std::uint8_t> response() noexcept {
            return std::span{octets}.first(size);
        }
    };

    [[nodiscard]] bool empty() const noexcept { return taken_ == held_; }
    /// How many more can be held.
    [[nodiscard]] std::size_t room() const noexcept { return most - (held_ - taken_); }
    /// Whether the oldest has waited long enough, whoever else waits. `now` is a time of day; a clock
    /// that is set back lets it go early.
    [[nodiscard]] bool due(std::chrono::nanoseconds now) const noexcept {
        if (empty()) return false;
        const auto held_at = replies_[taken_ % most].held_at;
        return now < held_at || now - held_at >= hold_for;
    }
    /// Copies the response to a query. False if it is too long, or there is no room.
    [[nodiscard]] bool hold(const msghdr& query, std::span<const std::uint8_t> response,
                            std::chrono::nanoseconds now) noexcept;
    /// The oldest; one must be there. What it returns is good until the next is held.
    [[nodiscard]] Reply& take() noexcept { return replies_[taken_++ % most]; }

    static constexpr std::chrono::milliseconds hold_for{10};
    static constexpr std::size_t most = 1024;  // a wait of 6 ms at 300,000 queries a second

 private:
    std::unique_ptr<Reply[]> replies_ = std::make_unique_for_overwrite<Reply[]>(most);
    std::size_t held_ = 0;  // since the start
    std::size_t taken_ = 0;
};

}  // namespace net
