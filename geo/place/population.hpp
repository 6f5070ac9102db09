// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who stands at an address. A resolver's address speaks for the queries that come without a client
// subnet, a client's for those that come with one: what is measured of one says little of the other.

#include <cstdint>

namespace geo {

enum class Population : std::uint8_t { Clients, Resolvers };

}  // namespace geo
