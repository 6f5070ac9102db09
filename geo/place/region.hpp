// SPDX-License-Identifier: Apache-2.0
#pragma once
// Regions of the internet: countries whose traffic takes the same ways. They follow cables and
// exchanges rather than continents.

#include "geo/place/coordinates.hpp"
#include "geo/place/place.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace geo {

/// In the order of the table of the latency prior.
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

/// Where a client or an edge stands, as far as latency is concerned.
struct Position {
    UnitVector direction;
    Code<2> country;
    Region region = Region::WestEurope;
};

/// The country is the one that has the nearest known city or centre.
[[nodiscard]] Position position_at(Coordinates point) noexcept;
/// The place's own country counts, whatever its point. Nothing without a point.
[[nodiscard]] std::optional<Position> position_of(const Place& place) noexcept;

}  // namespace geo
