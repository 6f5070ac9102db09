// SPDX-License-Identifier: Apache-2.0
#pragma once
// Regions of the internet: groups of countries whose traffic takes the same paths. They follow
// cables and exchanges rather than continents.

#include "geo/place/coordinates.hpp"
#include "geo/place/place.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace geo {

/// In the order of the latency prior's table.
enum class Region : std::uint8_t {
    NorthAfrica,
    SubSaharanAfrica,
    CentralAmerica,
    China,
    EastAsia,
    EastEurope,
    WestEurope,
    MiddleEast,
    EastNorthAmerica,
    WestNorthAmerica,
    Oceania,
    EastSouthAmerica,
    SouthAsia,
    WestSouthAmerica,
    SoutheastAsia,
};
constexpr std::size_t region_count = 15;

/// "western Europe"
[[nodiscard]] std::string_view name_of(Region region) noexcept;

/// Where a client or an edge is, as far as latency is concerned.
struct Position {
    UnitVector direction;
    Code<2> country;
    Region region = Region::WestEurope;
};

/// Returns the position of a point. Its country is that of the nearest known city or country
/// centre.
[[nodiscard]] Position position_at(Coordinates point) noexcept;
/// Returns the position of a place, with the place's own country if known, whatever its point.
/// Nothing when Place::point() gives nothing.
[[nodiscard]] std::optional<Position> position_of(const Place& place) noexcept;

}  // namespace geo
