// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who is at an address. A resolver's address speaks for queries without a client subnet, a client's
// address for queries with one. What is measured of one says little about the other.

#include <cstdint>

namespace geo {

enum class Population : std::uint8_t { Clients, Resolvers };

}  // namespace geo
