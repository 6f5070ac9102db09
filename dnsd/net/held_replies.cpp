// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/held_replies.hpp"

#include <algorithm>

namespace net {

bool HeldReplies::hold(const ReturnAddress& from, std::span<const std::uint8_t> response,
                       std::chrono::nanoseconds now) noexcept {
    auto& reply = replies_[held_ % most];
    if (room() == 0 || response.size() > reply.octets.size()) return false;
    reply.to = from;
    reply.held_at = now;
    reply.size = static_cast<std::uint16_t>(response.size());
    std::ranges::copy(response, reply.octets.begin());
    ++held_;
    return true;
}

}  // namespace net
