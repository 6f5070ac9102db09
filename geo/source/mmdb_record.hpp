// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads a place from a record of a GeoIP database, whoever made the database. Fields differ in
// position, name and type between vendors, writers, and records of one database. Each field is read
// wherever it is found; when several values name one field, the more specific one counts.

#include "geo/place/place.hpp"
#include "geo/source/mmdb_value.hpp"

#include <cstdint>
#include <string>

namespace geo {

/// What is read of a record besides its continent and country. Reading is faster without the rest.
struct PlaceParts {
    bool point = true;
    bool subdivision = true;
    bool asn = true;
};

/// Returns the place in the record at `at`. A field that is unknown, damaged or impossible stays
/// unknown. So does a country that is not in ISO 3166-1, and the point 0, 0, which means nowhere.
/// `not_understood`, if given, is set to the first thing that cannot be read and that nothing else
/// in the record says; it stays unchanged when there is none.
[[nodiscard]] Place read_record(MmdbValues values, std::uint32_t at, PlaceParts parts,
                                std::string* not_understood = nullptr);

}  // namespace geo
