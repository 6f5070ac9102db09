// SPDX-License-Identifier: Apache-2.0
#pragma once
// A world in which every outcome of a query can be had, and queries that have each of them.

#include "tests/dnsd/world.hpp"

namespace support {

[[nodiscard]] World everything();
/// The same without a board, with all edges up and their TTL limited, with some down, and with all.
[[nodiscard]] std::vector<World> everything_in_all_health();
[[nodiscard]] std::vector<Query> queries_for_everything();

}  // namespace support
