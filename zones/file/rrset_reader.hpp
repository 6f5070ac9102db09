// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads an RRset of a zone file, as in "A": "192.0.2.1" or "A": {"ttl": 60, "values": […]}. Control
// path.

#include "zones/json/json.hpp"
#include "zones/name/record.hpp"
#include "zones/name/written_name.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace zones {

struct ReadSet {
    RrType type = 0;
    std::uint32_t ttl = 0;  // seconds
    std::vector<Rdata> rdatas;
};

/// Returns the values that can be read, and writes a fault for each of the others. Returns nothing
/// when no value can be read. A set without a TTL of its own has `ttl`; names in its values are
/// relative to `origin`.
[[nodiscard]] std::optional<ReadSet> read_rrset(std::string_view type_name, const Json& value,
                                                std::uint32_t ttl, const WrittenName& origin);

}  // namespace zones
