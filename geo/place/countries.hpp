// SPDX-License-Identifier: Apache-2.0
#pragma once
// The countries of ISO 3166-1, and XK, which databases use for Kosovo. Each has its continent and
// one point: the mean of where people live, weighted by population. A client stands at that point
// when a database knows only its country. Continents have such a point too.

#include "geo/place/coordinates.hpp"

#include <span>
#include <string_view>

namespace geo {

struct Country {
    std::string_view code;       // ISO 3166-1 alpha-2, upper case
    std::string_view name;       // English, short
    std::string_view continent;  // AF AN AS EU NA OC SA, as GeoLite2 assigns them
    Coordinates centre;
};

struct Continent {
    std::string_view code;
    Coordinates centre;
};

/// All countries, sorted by code.
[[nodiscard]] std::span<const Country> countries() noexcept;

/// Returns null when there is no such code. Codes are upper case.
[[nodiscard]] const Country* find_country(std::string_view code) noexcept;
[[nodiscard]] const Continent* find_continent(std::string_view code) noexcept;

}  // namespace geo
