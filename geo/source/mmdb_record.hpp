// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a record of a GeoIP database says of a place, whoever made the database: fields stand at
// other places, under other names and in other types from vendor to vendor, from writer to writer,
// and from record to record. Each field is read wherever it is found; what says more counts.

#include "geo/place/place.hpp"
#include "geo/source/mmdb_value.hpp"

#include <cstdint>
#include <string>

namespace geo {

/// What is asked of a record beside its continent and country; it is read faster without the rest.
struct PlaceParts {
    bool point = true;
    bool subdivision = true;
    bool asn = true;
};

/// The place that the record at `at` tells. What is unknown, damaged or cannot be stays unknown;
/// so does a country that is none of ISO 3166-1, and the point 0, 0, which stands for nowhere.
/// `not_understood`, if given, is told the first thing in it that cannot be read and that nothing
/// else in the record says; it stays as it is when there is none.
[[nodiscard]] Place read_record(MmdbValues values, std::uint32_t at, PlaceParts parts,
                                std::string* not_understood = nullptr);

}  // namespace geo
