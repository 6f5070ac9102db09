// SPDX-License-Identifier: Apache-2.0
#pragma once
// A zone with measured clients. The databases put these networks into Germany, but their round
// trips say that they are far from there.
//
//   clients of 20.1.2.0/24, 2a00:1:2::/48    Singapore is best
//   the resolver of 20.1.2.0/24              New York is best
//   clients of 20.1.3.0/24                   Singapore is best, but their move has to wait
//
// The map from before any measurement serves all others.

#include "tests/dnsd/world.hpp"

namespace support {

/// "example." counts the way to the edge. "home.example." also counts the way on to home, measured
/// from New York, 40 ms, and from Frankfurt, 60 ms.
[[nodiscard]] World measured_world();

}  // namespace support
