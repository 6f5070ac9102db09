// SPDX-License-Identifier: Apache-2.0
#pragma once
// A world in which every outcome of a query can be had, and queries that have each of them.

#include "tests/dnsd/world.hpp"

namespace support {

[[nodiscard]] World everything();
[[nodiscard]] std::vector<Query> queries_for_everything();

}  // namespace support
