// SPDX-License-Identifier: Apache-2.0
#pragma once
// The operator's own list of where networks are: a CSV file that overrides the databases.
//
//   prefix,latitude,longitude,country,asn
//   203.0.113.0/24,52.52,13.40,DE,64500
//   2001:db8:7::/48,,,NL,
//
// Empty fields are unknown. A row needs a country, a pair of coordinates or an AS number. The first
// line may be this header; lines that begin with # and empty lines are skipped. The longest prefix
// that holds a client counts.

#include "geo/base/problem.hpp"
#include "geo/place/address.hpp"
#include "geo/place/place.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace geo {

struct PlaceRow {
    Prefix prefix;
    Place place;
};

/// Returns all valid rows, and adds a problem for each invalid one.
[[nodiscard]] std::vector<PlaceRow> read_places(std::string_view text, const std::string& file,
                                                Problems& problems);

}  // namespace geo
