// SPDX-License-Identifier: Apache-2.0
#include "geo/place/coordinates.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace geo {
namespace {

constexpr double earth_radius_km = 6371.0088;

double radians(double degrees) noexcept {
    return degrees * std::numbers::pi / 180;
}

}  // namespace

UnitVector unit_vector(Coordinates point) noexcept {
    const double latitude = radians(point.latitude);
    const double longitude = radians(point.longitude);
    return {std::cos(latitude) * std::cos(longitude), std::cos(latitude) * std::sin(longitude),
            std::sin(latitude)};
}

double kilometres_between(const UnitVector& a, const UnitVector& b) noexcept {
    // The chord, not acos of the dot product: acos loses all digits for points close together.
    const double x = a.x - b.x;
    const double y = a.y - b.y;
    const double z = a.z - b.z;
    const double chord = std::sqrt(x * x + y * y + z * z);
    return 2 * earth_radius_km * std::asin(std::min(1.0, chord / 2));
}

double kilometres_between(Coordinates a, Coordinates b) noexcept {
    return kilometres_between(unit_vector(a), unit_vector(b));
}

}  // namespace geo
