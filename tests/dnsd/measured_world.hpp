// SPDX-License-Identifier: Apache-2.0
#pragma once
// A zone whose clients were measured: the databases put these networks into Germany, and they are
// far from there by their round trips.
//
//   clients of 20.1.2.0/24, 2a00:1:2::/48    Singapore is best
//   the resolver of 20.1.2.0/24              New York is best
//   clients of 20.1.3.0/24                   Singapore is best, but their move has to wait

//
// All others are served by the map that was made before anything was measured.

#include "tests/dnsd/world.hpp"

namespace support {

/// "example." goes by the way to the edge; "home.example." by that and the one behind it, which was
/// measured from New York, 40 ms, and from Frankfurt, 60 ms.
[[nodiscard]] World measured_world();

}  // namespace support
