// SPDX-License-Identifier: Apache-2.0
#pragma once
// The types of records: their numbers, their names, and what their values look like. Control path.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zones {

using RrType = std::uint16_t;

/// Types that the server itself must know by number (IANA "Resource Record (RR) TYPEs").
namespace rr {
constexpr RrType A = 1, NS = 2, CNAME = 5, SOA = 6, PTR = 12, HINFO = 13, MX = 15, TXT = 16,
                 AAAA = 28, SRV = 33, DNAME = 39, OPT = 41, DS = 43, RRSIG = 46, NSEC = 47,
                 DNSKEY = 48, TSIG = 250, IXFR = 251, AXFR = 252, ANY = 255;
}

/// "MX" or "TYPE65280"; nothing for what is no type of data (OPT, ANY, AXFR …) and for unknown
/// mnemonics. Mnemonics are upper case.
[[nodiscard]] std::optional<RrType> read_type(std::string_view text);
/// The mnemonic, or TYPE and the number.
[[nodiscard]] std::string type_text(RrType type);
/// A value that a message can show for a common type; empty for the others.
[[nodiscard]] std::string_view example_of(RrType type);
/// All mnemonics that a zone may use, with any ldns from 1.8 on.
[[nodiscard]] const std::vector<std::string>& type_names();

/// "90", or "1h30m" where a field is a time; more than any field holds when it is too large for
/// this, or negative. Nothing for what is no number.
[[nodiscard]] std::optional<std::uint64_t> number_in(std::string_view word);

}  // namespace zones
