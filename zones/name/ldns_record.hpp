// SPDX-License-Identifier: Apache-2.0
#pragma once
// Converts records with ldns, and rejects faults that ldns lets pass. Control path.

#include "zones/name/record_type.hpp"
#include "zones/name/written_name.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace zones {

struct LdnsResult {
    std::vector<std::uint8_t> octets;
    std::string fault;  // empty when there are octets
};

/// Reads RDATA from its presentation format, for the types that layout_of() does not know.
[[nodiscard]] LdnsResult read_by_ldns(RrType type, std::string_view text,
                                      const WrittenName& origin);

/// Returns the presentation format of any RDATA.
[[nodiscard]] std::string text_by_ldns(RrType type, const std::vector<std::uint8_t>& octets);

}  // namespace zones
