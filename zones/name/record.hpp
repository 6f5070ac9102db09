// SPDX-License-Identifier: Apache-2.0
#pragma once
// Resource records between presentation format and wire format. Numbers, names and strings are read
// here, the rest is ldns's work. Control path.

#include "zones/name/name.hpp"
#include "zones/name/record_type.hpp"
#include "zones/name/written_name.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zones {

/// RDATA in wire form, names with the case of their letters. `names` are the offsets of names in it
/// that may be compressed (those of the types of RFC 1035; RFC 3597 §4).
struct Rdata {
    std::vector<std::uint8_t> octets;
    std::vector<std::uint16_t> names;
};

struct RdataResult {
    std::optional<Rdata> rdata;
    std::string fault;    // what is wrong with the text, when there is no rdata
    std::string warning;  // what its writer may not have meant; empty most of the time
};

/// RDATA from its presentation format; relative names are relative to `origin`. TXT text that does
/// not begin with a quote is one string as it stands, cut into pieces of 255 octets.
[[nodiscard]] RdataResult read_rdata(RrType type, std::string_view text, const WrittenName& origin);

/// The same as it stands in a zone file, where TXT is one string for each word.
[[nodiscard]] RdataResult read_master_rdata(RrType type, std::string_view text,
                                            const WrittenName& origin);

/// Presentation format of RDATA in wire form.
[[nodiscard]] std::string rdata_text(RrType type, const std::vector<std::uint8_t>& octets);

/// Where names stand in RDATA of this type, compressible or not; none where ldns alone knows.
[[nodiscard]] std::vector<std::uint16_t> names_of(RrType type,
                                                  const std::vector<std::uint8_t>& octets);
/// What Rdata::names is for RDATA of this type.
[[nodiscard]] std::vector<std::uint16_t> compressible_names(
    RrType type, const std::vector<std::uint8_t>& octets);

/// Whether two values are the same record: the case of names in them does not count (RFC 4343 §3).
[[nodiscard]] bool same_value(RrType type, const std::vector<std::uint8_t>& one,
                              const std::vector<std::uint8_t>& other);

/// The name that stands in RDATA at an offset.
[[nodiscard]] std::optional<Name> name_in(const std::vector<std::uint8_t>& octets,
                                          std::size_t offset);
[[nodiscard]] inline std::optional<Name> name_in(const Rdata& rdata, std::size_t offset) {
    return name_in(rdata.octets, offset);
}

}  // namespace zones
