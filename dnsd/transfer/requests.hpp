// SPDX-License-Identifier: Apache-2.0
#pragma once
// The queries of one node to another, without signatures.

#include "dnsd/tsig/tsig.hpp"
#include "zones/name/name.hpp"
#include "zones/name/serial.hpp"

#include <optional>

namespace transfer {

[[nodiscard]] Message axfr_query(const zones::Name& apex, std::uint16_t id);
/// RFC 1995 §3: the SOA of the version that is known stands in the authority section.
[[nodiscard]] Message ixfr_query(const zones::Name& apex, std::uint16_t id, zones::Serial known);
[[nodiscard]] std::optional<zones::Serial> read_ixfr_serial(wire::Octets query);
/// RFC 1996 §3: "the zone has changed".
[[nodiscard]] Message notify_query(const zones::Name& apex, std::uint16_t id);

/// As it goes over TCP (RFC 1035 §4.2.2).
[[nodiscard]] Message with_length(const Message& message);

}  // namespace transfer
