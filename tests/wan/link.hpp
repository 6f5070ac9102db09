// SPDX-License-Identifier: Apache-2.0
#pragma once
// One direction between two sites: a sender of limited rate with a bounded queue before it, then a
// way that takes time, loses, and varies. Packets never overtake each other. Pure: time and chance
// come in as arguments.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace wan {

using Clock = std::chrono::steady_clock;
using Moment = Clock::time_point;

struct LinkQuality {
    std::chrono::microseconds delay{0};
    std::chrono::microseconds jitter{0};       // each packet takes longer by up to this
    double loss = 0;                           // share of packets
    std::uint64_t rate = 0;                    // bit/s; 0: no limit
    std::chrono::microseconds queue{100'000};  // a packet that would wait longer is dropped
};

/// Applies one word: "delay=40ms", "jitter=500us", "loss=0.1%", "rate=50mbit", "queue=50ms".
/// Throws std::invalid_argument for any other.
void read_quality(std::string_view word, LinkQuality& quality);

/// What chance has in store for one packet, both in [0, 1).
struct Chance {
    double loss = 0.5;
    double jitter = 0;
};

class Link {
 public:
    [[nodiscard]] const LinkQuality& quality() const noexcept { return quality_; }
    /// Counts for the packets that enter from now on.
    void set(const LinkQuality& quality) noexcept { quality_ = quality; }

    /// When a packet that enters now comes out at the other end; nothing when it is lost.
    std::optional<Moment> enter(std::size_t octets, Moment now, const Chance& chance) noexcept;

 private:
    LinkQuality quality_;
    Moment sender_free_{};  // when the last octet accepted so far has been sent
    Moment last_out_{};
};

}  // namespace wan
