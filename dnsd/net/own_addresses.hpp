// SPDX-License-Identifier: Apache-2.0
#pragma once
// The addresses of this machine. A query that comes from one of them is one of its own programs', as
// one from loopback is: Linux takes none from outside that says so over IPv4, and whatever the
// family, the answer goes to this machine.

#include "geo/place/address.hpp"

#include <vector>

namespace net {

/// Each as a prefix of its own, in ascending order, without those of loopback; 256 at most. Empty when
/// the kernel does not tell them.
[[nodiscard]] std::vector<geo::Prefix> own_addresses();

/// 127.0.0.0/8 and ::1.
[[nodiscard]] bool is_loopback(const geo::Address& address) noexcept;

}  // namespace net
