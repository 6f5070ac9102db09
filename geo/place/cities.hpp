// SPDX-License-Identifier: Apache-2.0
#pragma once
// Cities in which servers are rented, so that an edge's location can be written as a name.

#include "geo/place/coordinates.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace geo {

struct City {
    std::string_view name;         // English or local, "Frankfurt", "São Paulo"
    std::string_view subdivision;  // postal code of the state in US, CA and AU, else empty
    std::string_view country;      // ISO 3166-1 alpha-2
    Coordinates at;
};

/// All cities, sorted by name.
[[nodiscard]] std::span<const City> cities() noexcept;

/// The cities that `text` can mean: "Singapore", "New York, US", "Portland, OR" or "London, ON, CA".
/// Case and blanks around commas do not matter. Empty when none is known; more than one when the
/// text is ambiguous. Two spellings of one place (within 30 km, same country) count once.
[[nodiscard]] std::vector<const City*> find_cities(std::string_view text);

/// The cities of which a word, a code or the country begins with `text`, those first of which the
/// name does; else sorted by name, and one for each place. All of them for an empty text.
[[nodiscard]] std::vector<const City*> cities_like(std::string_view text);

/// As `find_cities` reads it: "Portland, OR, US".
[[nodiscard]] std::string full_name(const City& city);

}  // namespace geo
