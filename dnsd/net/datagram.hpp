// SPDX-License-Identifier: Apache-2.0
#pragma once
// What passes between those who receive and send datagrams and those who answer them.

#include "dnsd/net/return_address.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

namespace net {

constexpr std::size_t batch_size = 64;  // queries, at most

/// A batch of queries that has come: who sent each, and when all of them were read, since 1970.
struct Arrivals {
    std::span<const ReturnAddress> from;
    std::chrono::nanoseconds at;
};

/// An answer, and whoever asked.
struct Departure {
    std::span<const std::uint8_t> octets;
    const ReturnAddress* to = nullptr;
};

/// Sends answers that come later than those of their batch.
class LateSender {
 public:
    /// Any thread may call it. What cannot be sent is lost.
    virtual void send_late(std::span<const std::uint8_t> answer,
                           const ReturnAddress& to) noexcept = 0;

 protected:
    ~LateSender() = default;
};

}  // namespace net
