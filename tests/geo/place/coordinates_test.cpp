// SPDX-License-Identifier: Apache-2.0
#include "geo/place/coordinates.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

using geo::Coordinates;
using geo::kilometres_between;

constexpr double half_around = 6371.0088 * std::numbers::pi;

TEST_CASE("great-circle distances agree with known ones") {
    struct Row {
        const char* name;
        Coordinates from;
        Coordinates to;
        double expected;  // kilometres
    };
    const Row rows[] = {
        {"one place", {52.52, 13.40}, {52.52, 13.40}, 0},
        {"one degree north", {0, 0}, {1, 0}, half_around / 180},
        {"one degree east", {0, 0}, {0, 1}, half_around / 180},
        {"a quarter", {0, 0}, {0, 90}, half_around / 2},
        {"pole to pole", {90, 0}, {-90, 0}, half_around},
        {"the pole of any east", {90, 0}, {90, 135}, 0},
        {"antipodes", {40, -73}, {-40, 107}, half_around},
        {"over the date line", {0, 179.5}, {0, -179.5}, half_around / 180},
        {"180 is -180", {10, 180}, {10, -180}, 0},
        {"London to New York", {51.5074, -0.1278}, {40.7128, -74.0060}, 5570},
        {"Singapore to Sydney", {1.3521, 103.8198}, {-33.8688, 151.2093}, 6300},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const double tolerance = 1e-4 + row.expected / 500;
        CHECK(std::abs(kilometres_between(row.from, row.to) - row.expected) < tolerance);
        CHECK(kilometres_between(row.from, row.to) == kilometres_between(row.to, row.from));
    }
}

TEST_CASE("places a metre apart are not one") {
    const Coordinates here{45, 9};
    const Coordinates there{45 + 180 / (half_around * 1000), 9};
    const double metre = kilometres_between(here, there);
    CHECK(metre == doctest::Approx(0.001).epsilon(0.001));
}

TEST_CASE("a unit vector has length one and its distances are those of its point") {
    for (int latitude = -90; latitude <= 90; latitude += 15) {
        for (int longitude = -180; longitude <= 180; longitude += 30) {
            const Coordinates point{double(latitude), double(longitude)};
            const auto [x, y, z] = geo::unit_vector(point);
            CHECK(x * x + y * y + z * z == doctest::Approx(1));
            CHECK(kilometres_between(geo::unit_vector(point), geo::unit_vector({1, 2})) ==
                  kilometres_between(point, {1, 2}));
        }
    }
}
