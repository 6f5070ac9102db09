// SPDX-License-Identifier: Apache-2.0
#pragma once
// A world in which queries can have every outcome, and queries for each outcome.

#include "tests/dnsd/world.hpp"

namespace support {

[[nodiscard]] World everything();
/// Returns this world without a board, with all edges up and their TTL limited, with some edges
/// down, and with all edges down.
[[nodiscard]] std::vector<World> everything_in_all_health();
[[nodiscard]] std::vector<Query> queries_for_everything();

}  // namespace support
