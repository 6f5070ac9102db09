// SPDX-License-Identifier: Apache-2.0
#pragma once
// Resource records between presentation format and wire format; the work is ldns's. Control path.

#include "zones/name.hpp"

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

/// RDATA in wire form. `names` are the offsets of names in it that may be compressed (those of the
/// types of RFC 1035; RFC 3597 §4).
struct Rdata {
    std::vector<std::uint8_t> octets;
    std::vector<std::uint16_t> names;
};

struct RdataResult {
    std::optional<Rdata> rdata;
    std::string fault;  // what is wrong with the text, when there is no rdata
};

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

/// RDATA from its presentation format; relative names are relative to `origin`. TXT text that does
/// not begin with a quote is one string as it stands, cut into pieces of 255 octets.
[[nodiscard]] RdataResult read_rdata(RrType type, std::string_view text, const Name& origin);

/// The same as it stands in a zone file, where TXT is one string for each word.
[[nodiscard]] RdataResult read_master_rdata(RrType type, std::string_view text, const Name& origin);

/// Presentation format of RDATA in wire form.
[[nodiscard]] std::string rdata_text(RrType type, const std::vector<std::uint8_t>& octets);

/// What Rdata::names is for RDATA of this type.
[[nodiscard]] std::vector<std::uint16_t> compressible_names(RrType type, const Rdata& rdata);

/// The name that stands in RDATA at an offset.
[[nodiscard]] std::optional<Name> name_in(const Rdata& rdata, std::size_t offset);

}  // namespace zones
