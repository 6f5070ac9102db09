// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/held_replies.hpp"

#include <algorithm>

namespace net {

bool HeldReplies::hold(const msghdr& query, std::span<const std::uint8_t> response) noexcept {
    auto& reply = replies_[held_ % most];
    if (response.size() > reply.octets.size()) return false;
    reply.to = ReturnAddress{query};
    reply.size = static_cast<std::uint16_t>(response.size());
    std::ranges::copy(response, reply.octets.begin());
    ++held_;
    return true;
}

}  // namespace net
