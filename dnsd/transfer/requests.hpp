// SPDX-License-Identifier: Apache-2.0
#pragma once
// Makes queries to other servers, without their signatures.

#include "dnsd/tsig/tsig.hpp"
#include "dnsd/wire/record_reader.hpp"
#include "zones/name/name.hpp"
#include "zones/name/record_type.hpp"
#include "zones/name/serial.hpp"

#include <optional>

namespace transfer {

/// Returns a query with OPT. `flags` are those of the header; `payload` is the largest answer over
/// UDP in octets (RFC 6891 §6.2.3).
[[nodiscard]] Message plain_query(const zones::Name& name, std::uint16_t id, zones::RrType type,
                                  std::size_t flags, std::size_t payload);
[[nodiscard]] Message axfr_query(const zones::Name& apex, std::uint16_t id);
/// RFC 1995 §3: the authority section holds the SOA of the version that the asking node has.
[[nodiscard]] Message ixfr_query(const zones::Name& apex, std::uint16_t id, zones::Serial known);
/// Returns the serial of an SOA record; nothing for other records, and where RDATA is too short.
[[nodiscard]] std::optional<zones::Serial> soa_serial(const wire::Record& record);
/// Returns the serial of that SOA; nothing if there is none.
[[nodiscard]] std::optional<zones::Serial> read_ixfr_serial(wire::Octets query);
/// RFC 1996 §3: "the zone has changed".
[[nodiscard]] Message notify_query(const zones::Name& apex, std::uint16_t id);

/// Puts the two octets of length before the message, as TCP needs them (RFC 1035 §4.2.2).
[[nodiscard]] Message with_length(const Message& message);

}  // namespace transfer
