// SPDX-License-Identifier: Apache-2.0
#pragma once
// Cities where servers are rented, so that an edge's location can be written as a name.

#include "geo/place/coordinates.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace geo {

struct City {
    std::string_view name;         // English or local: "Frankfurt", "São Paulo"
    std::string_view subdivision;  // postal code of the state in US, CA and AU, else empty
    std::string_view country;      // ISO 3166-1 alpha-2
    Coordinates at;
};

/// All cities, sorted by name.
[[nodiscard]] std::span<const City> cities() noexcept;

/// Returns the cities that `text` can mean: "Singapore", "New York, US", "Portland, OR" or "London,
/// ON, CA". Case and blanks around commas do not matter. Empty when no city matches; more than one
/// when the text is ambiguous. Two spellings of one place (within 30 km, same country) count once.
[[nodiscard]] std::vector<const City*> find_cities(std::string_view text);

/// Returns the cities for which `text` begins a word of the name, the subdivision's code, the
/// country's code or the country's name. Cities whose name begins with `text` come first; each part
/// is sorted by name, and each place comes once. An empty text gives all of them. A text that
/// find_cities() understands gives what it finds.
[[nodiscard]] std::vector<const City*> cities_like(std::string_view text);

/// Returns the name in the form that find_cities() reads: "Portland, OR, US".
[[nodiscard]] std::string full_name(const City& city);

}  // namespace geo
