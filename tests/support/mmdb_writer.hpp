// SPDX-License-Identifier: Apache-2.0
#pragma once
// Writes databases in the MaxMind DB format (version 2.0), so that tests need no files of others.
// Repeated strings become pointers, as in real databases.

#include "geo/place/address.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace support {

/// A network and its record: an object of strings, numbers, booleans, arrays and objects. A whole
/// number becomes uint32, or uint64 if it needs that; other numbers become double. An object with
/// one key out of "$uint16", "$uint32", "$int32", "$uint64", "$uint128", "$float", "$double" and
/// "$bytes" stands for the key's value in that type.
struct MmdbRow {
    geo::Prefix prefix;
    nlohmann::json record;  // null: a hole in the shorter prefix around it
};

struct MmdbOptions {
    unsigned record_size = 24;  // bits: 24, 28 or 32
    unsigned ip_version = 6;    // 6: IPv4 rows are at ::/96
    bool aliases = false;       // ::ffff:0:0/96, 2001::/32 and 2002::/16 lead to the IPv4 space
    std::string type = "Test";
    std::uint64_t built = 1'700'000'000;  // seconds since 1970
};

/// Returns the octets of the file. Longer prefixes win over shorter ones, and later rows over
/// earlier ones.
[[nodiscard]] std::vector<std::uint8_t> write_mmdb(std::vector<MmdbRow> rows,
                                                   const MmdbOptions& options = {});

/// Returns a database in which only 81.2.64.0/18 has a record: this country (ISO 3166-1 alpha-2).
[[nodiscard]] std::vector<std::uint8_t> country_database(const std::string& country);

/// Overwrites one record of the search tree (side 0 or 1) of a database of record size 24.
void set_record(std::vector<std::uint8_t>& octets, std::size_t node, unsigned side,
                std::uint32_t value);

}  // namespace support
