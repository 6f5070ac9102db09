// SPDX-License-Identifier: Apache-2.0
#pragma once
// Writes databases in the MaxMind DB format (version 2.0), so that tests need no file from outside.
// Repeated strings become pointers, as in real databases.

#include "geo/place/address.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace support {

/// A network and its record: an object of strings, numbers, booleans, arrays and objects. A whole
/// number is written as uint32, or uint64 where it needs that; others as double. An object with one
/// key out of "$uint16", "$uint32", "$int32", "$uint64", "$uint128", "$float", "$double" and
/// "$bytes" is its value in that type.
struct MmdbRow {
    geo::Prefix prefix;
    nlohmann::json record;  // null: a hole in what stands around it
};

struct MmdbOptions {
    unsigned record_size = 24;  // bits: 24, 28 or 32
    unsigned ip_version = 6;    // 6: rows of IPv4 stand at ::/96
    bool aliases = false;       // ::ffff:0:0/96, 2001::/32 and 2002::/16 lead to the IPv4 space
    std::string type = "Test";
    std::uint64_t built = 1'700'000'000;  // seconds since 1970
};

/// The octets of the file. Longer prefixes count before shorter ones, later rows before earlier.
[[nodiscard]] std::vector<std::uint8_t> write_mmdb(std::vector<MmdbRow> rows,
                                                   const MmdbOptions& options = {});

/// A database in which 81.2.64.0/18 is in this country (ISO 3166-1 alpha-2), and nothing else.
[[nodiscard]] std::vector<std::uint8_t> country_database(const std::string& country);

/// Overwrites one record of the search tree (side 0 or 1) of a database of record size 24.
void set_record(std::vector<std::uint8_t>& octets, std::size_t node, unsigned side,
                std::uint32_t value);

}  // namespace support
