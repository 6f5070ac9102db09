// SPDX-License-Identifier: Apache-2.0
#include "geo/policy/edge_board.hpp"

#include <algorithm>

namespace geo {
namespace {

constexpr std::size_t counters_in_line = 64 / sizeof(std::uint64_t);

}  // namespace

EdgeBoard::EdgeBoard(std::size_t edges, std::size_t lanes)
    : edges_{edges},
      lanes_{lanes},
      // One cache line more than needed, because the memory may begin in the middle of one.
      stride_{(edges / counters_in_line + 2) * counters_in_line},
      health_{std::make_unique<std::atomic<std::uint32_t>[]>(edges)},
      counters_{std::make_unique<std::atomic<std::uint64_t>[]>(lanes * stride_)} {
    for (std::size_t i = 0; i < edges; ++i) set(static_cast<EdgeIndex>(i), {});
}

void EdgeBoard::set(EdgeIndex edge, EdgeHealth health) noexcept {
    const auto limit = std::min(health.ttl_limit, EdgeHealth::no_limit);
    health_[edge].store(limit | (health.usable ? 0 : removed), std::memory_order_relaxed);
}

std::uint64_t EdgeBoard::answers(EdgeIndex edge) const noexcept {
    std::uint64_t sum = 0;
    for (std::size_t lane = 0; lane < lanes_; ++lane) {
        sum += counters_[lane * stride_ + edge].load(std::memory_order_relaxed);
    }
    return sum;
}

}  // namespace geo
