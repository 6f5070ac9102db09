// SPDX-License-Identifier: Apache-2.0
#pragma once
// Points on the Earth, taken as a sphere (mean radius 6371.0088 km, IUGG). This is good to 0.5 %;
// places from a GeoIP database are wrong by far more.

namespace geo {

/// Degrees, north and east positive: latitude in [-90, 90], longitude in [-180, 180].
struct Coordinates {
    double latitude = 0;
    double longitude = 0;

    bool operator==(const Coordinates&) const = default;
};

/// A point as a unit vector, so that a distance costs one arc sine.
struct UnitVector {
    double x = 0;
    double y = 0;
    double z = 0;
};

[[nodiscard]] UnitVector unit_vector(Coordinates point) noexcept;

/// Great-circle distance in kilometres.
[[nodiscard]] double kilometres_between(const UnitVector& a, const UnitVector& b) noexcept;
[[nodiscard]] double kilometres_between(Coordinates a, Coordinates b) noexcept;

}  // namespace geo
