// SPDX-License-Identifier: Apache-2.0
#pragma once
// The addresses of this machine. A query from one of them comes from one of its own programs, as a
// query from loopback does: over IPv4 Linux drops such a datagram from outside, and in both
// families the answer goes to this machine.

#include "geo/place/address.hpp"

#include <vector>

namespace net {

/// Returns each address as a prefix of its own, in ascending order, without those of loopback; at
/// most 256. Empty when the kernel does not list them.
[[nodiscard]] std::vector<geo::Prefix> own_addresses();

}  // namespace net
