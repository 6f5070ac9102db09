// SPDX-License-Identifier: Apache-2.0
#pragma once
// Converts RDATA between presentation format and wire format. Our own code reads numbers, names and
// strings; ldns reads the rest. Control path.

#include "zones/name/name.hpp"
#include "zones/name/record_type.hpp"
#include "zones/name/written_name.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace zones {

/// RDATA in wire form; its names keep the case of their letters.
struct Rdata {
    std::vector<std::uint8_t> octets;
};

struct RdataResult {
    std::optional<Rdata> rdata;
    std::string fault;    // what is wrong with the text; empty when there is rdata
    std::string warning;  // what its writer may not have meant; mostly empty
};

/// Reads RDATA from its presentation format; relative names are relative to `origin`. TXT text that
/// does not begin with a quote is one string as it stands, cut into pieces of 255 octets.
[[nodiscard]] RdataResult read_rdata(RrType type, std::string_view text, const WrittenName& origin);

/// The same as a zone file in master format has it: each word of TXT is one string.
[[nodiscard]] RdataResult read_master_rdata(RrType type, std::string_view text,
                                            const WrittenName& origin);

/// Returns the presentation format of RDATA in wire form.
[[nodiscard]] std::string rdata_text(RrType type, const std::vector<std::uint8_t>& octets);

/// Returns the offsets of all names in RDATA of this type, compressible or not; none for a type
/// that only ldns knows.
[[nodiscard]] std::vector<std::uint16_t> names_of(RrType type,
                                                  std::span<const std::uint8_t> octets);
/// True if names_of() can return any for this type.
[[nodiscard]] bool holds_names(RrType type) noexcept;

/// Where the names stand in RDATA that may be compressed: `count` of them, one behind the other,
/// after `before` octets. Only the types of RFC 1035 have such names (RFC 3597 §4).
struct CompressibleNames {
    std::uint8_t before = 0;
    std::uint8_t count = 0;
};
[[nodiscard]] CompressibleNames compressible_names(RrType type) noexcept;

/// True if two values are the same record: the case of names in them does not count (RFC 4343 §3).
[[nodiscard]] bool same_value(RrType type, std::span<const std::uint8_t> one,
                              std::span<const std::uint8_t> other);

/// Returns the name at an offset of RDATA.
[[nodiscard]] std::optional<Name> name_in(std::span<const std::uint8_t> octets, std::size_t offset);

}  // namespace zones
