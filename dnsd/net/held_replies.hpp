// SPDX-License-Identifier: Apache-2.0
#pragma once
// Holds replies back while queries wait for an answer: those replies that only tell a client that
// it is over the limit. In a flood from one network they are half of all datagrams sent. After the
// thread has waited for the processor, sending them first would delay the clients that get an
// answer. They are not held for long: where more comes all the time than can be answered, they must
// go out too.
//
// Fixed size, allocated once; the oldest reply goes first. Only a flood touches this memory.

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
    struct Held {
        ReturnAddress to;
        std::chrono::nanoseconds held_at;
        std::uint16_t size;
        /// Room for the longest question with an OPT, a cookie (RFC 7873) and some more.
        std::array<std::uint8_t, 320> octets;

        [[nodiscard]] std::span<const std::uint8_t> response() const noexcept {
            return std::span{octets}.first(size);
        }
    };

    [[nodiscard]] bool empty() const noexcept { return taken_ == held_; }
    /// Returns how many more replies can be held.
    [[nodiscard]] std::size_t room() const noexcept { return most - (held_ - taken_); }
    /// True if the oldest reply has waited long enough, whoever else waits. `now` is a time of day;
    /// a clock that is set back lets it go early.
    [[nodiscard]] bool due(std::chrono::nanoseconds now) const noexcept {
        if (empty()) return false;
        const auto held_at = replies_[taken_ % most].held_at;
        return now < held_at || now - held_at >= hold_for;
    }
    /// Copies the response to a query. Returns false when it is too long or there is no room.
    [[nodiscard]] bool hold(const ReturnAddress& from, std::span<const std::uint8_t> response,
                            std::chrono::nanoseconds now) noexcept;
    /// Takes the oldest reply; there must be one. It is valid until the next hold().
    [[nodiscard]] Held& take() noexcept { return replies_[taken_++ % most]; }

    static constexpr std::chrono::milliseconds hold_for{10};
    static constexpr std::size_t most = 1024;  // a wait of 6 ms at 300,000 queries a second

 private:
    std::unique_ptr<Held[]> replies_ = std::make_unique_for_overwrite<Held[]>(most);
    std::size_t held_ = 0;  // since the start
    std::size_t taken_ = 0;
};

}  // namespace net
