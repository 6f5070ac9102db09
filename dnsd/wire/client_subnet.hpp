// SPDX-License-Identifier: Apache-2.0
#pragma once
// The EDNS client subnet option (RFC 7871 §6). Octets after the option's code and length:
//   0..1 family (1: IPv4, 2: IPv6) · 2 source prefix · 3 scope prefix · 4.. address, no padding

#include "dnsd/wire/message.hpp"
#include "geo/place/address.hpp"

#include <optional>

namespace wire {

/// The option of a query, whole and well formed. The response echoes it octet for octet, except for
/// the scope.
struct ClientSubnet {
    Octets option;  // where it lies in the query
    geo::Prefix prefix;
};

/// Reads the option. Returns nothing when it calls for FORMERR (§6, §7.2.1): an unknown family, a
/// prefix longer than the family's addresses, a scope other than 0, a length that does not fit the
/// prefix, or bits set behind the prefix. Family 0 without an address counts as a source prefix of
/// 0, because dig's +subnet=0 sends it.
[[nodiscard]] std::optional<ClientSubnet> read_client_subnet(Octets option) noexcept;

}  // namespace wire
