// SPDX-License-Identifier: Apache-2.0
#pragma once
// The types of records: their numbers, their names, and examples of their values. Control path.

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

/// Reads "MX" or "TYPE65280"; mnemonics are upper case. Returns nothing for an unknown mnemonic and
/// for a type that holds no data (OPT, ANY, AXFR …).
[[nodiscard]] std::optional<RrType> read_type(std::string_view text);
/// Returns the mnemonic, or TYPE and the number.
[[nodiscard]] std::string type_text(RrType type);
/// Returns an example value of a common type for use in messages, and "\# 2 ABCD" for a type
/// without a mnemonic; empty for other types.
[[nodiscard]] std::string_view example_of(RrType type);
/// Returns all mnemonics that a zone may use with any ldns from 1.8 on.
[[nodiscard]] const std::vector<std::string>& type_names();

/// Reads "90", or "1h30m" where a field is a time. Returns a number above the range of any field
/// when it is negative or too large, and nothing when the word is no number.
[[nodiscard]] std::optional<std::uint64_t> number_in(std::string_view word);

}  // namespace zones
