// SPDX-License-Identifier: Apache-2.0
#include "geo/place/region.hpp"

#include "geo/place/cities.hpp"
#include "geo/place/countries.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace place_region_test {

using geo::Region;

namespace {

geo::Place place_in(const char* country, std::optional<geo::Coordinates> at = {}) {
    geo::Place place;
    place.country = std::string_view{country};
    if (at) {
        place.latitude = static_cast<float>(at->latitude);
        place.longitude = static_cast<float>(at->longitude);
    }
    return place;
}

}  // namespace

TEST_CASE("a country's region is known, or that of the nearest country of its continent") {
    struct Row {
        const char* name;
        const char* country;
        Region expected;
    };
    const Row rows[] = {
        {"measured", "DE", Region::WestEurope},
        {"measured, other half", "PL", Region::EastEurope},
        {"the first of the table", "AE", Region::MiddleEast},
        {"the last of the table", "ZA", Region::SubSaharanAfrica},
        {"next to Senegal's neighbours", "ML", Region::SubSaharanAfrica},
        {"Paraguay, next to Argentina", "PY", Region::EastSouthAmerica},
        {"Jordan, next to Israel", "JO", Region::MiddleEast},
        {"Laos, next to Thailand", "LA", Region::SoutheastAsia},
        {"Fiji, an island", "FJ", Region::Oceania},
        {"Greenland, of North America", "GL", Region::EastNorthAmerica},
        {"Cuba, of North America", "CU", Region::CentralAmerica},
        {"Libya, next to Tunisia", "LY", Region::NorthAfrica},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto position = geo::position_of(place_in(row.country));
        REQUIRE(position);
        CHECK(geo::name_of(position->region) == geo::name_of(row.expected));
        CHECK(position->country.text() == row.country);
    }
}

TEST_CASE("the United States and Canada are cut at 95 degrees west") {
    for (const auto* country : {"US", "CA"}) {
        CAPTURE(country);
        CHECK(geo::position_of(place_in(country, {{45, -94.9}}))->region ==
              Region::EastNorthAmerica);
        CHECK(geo::position_of(place_in(country, {{45, -95.1}}))->region ==
              Region::WestNorthAmerica);
    }
    CHECK(geo::position_of(place_in("MX", {{25, -105}}))->region == Region::CentralAmerica);
}

TEST_CASE("every country and every city has a region") {
    for (const auto& country : geo::countries()) {
        CAPTURE(country.code);
        const auto position = geo::position_of(place_in(country.code.data()));
        REQUIRE(position);
        CHECK(static_cast<std::size_t>(position->region) < geo::region_count);
    }
    for (const auto& city : geo::cities()) {
        CAPTURE(city.name);
        CHECK(geo::position_at(city.at).country.text() == city.country);
    }
}

TEST_CASE("a point's country is that of the nearest place that is known") {
    struct Row {
        const char* name;
        geo::Coordinates at;
        const char* expected;
    };
    const Row rows[] = {
        {"Frankfurt", {50.12, 8.68}, "DE"},
        {"Fremont", {37.55, -121.99}, "US"},
        {"Secaucus", {40.78, -74.07}, "US"},
        {"Pune", {18.52, 73.85}, "IN"},
        {"Hong Kong, not Shenzhen", {22.3, 114.17}, "HK"},
        {"Singapore, not Johor", {1.30, 103.83}, "SG"},
        {"in the sea west of Portugal", {38.5, -12}, "PT"},
        {"over the date line", {-18, -179.9}, "FJ"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(geo::position_at(row.at).country.text() == row.expected);
    }
}

TEST_CASE("a place without a point has no position, one without a country has that of its point") {
    CHECK_FALSE(geo::position_of({}));
    geo::Place continent;
    continent.continent = std::string_view{"EU"};
    // Where its people live, and in none of its countries.
    CHECK(geo::position_of(continent)->country.empty());
    CHECK_FALSE(geo::position_of(place_in("QQ")));
    CHECK(geo::position_of(place_in("", {{52.5, 13.4}}))->country.text() == "DE");
    CHECK(geo::position_of(place_in("QQ", {{52.5, 13.4}}))->country.text() == "DE");
    CHECK(geo::position_of(place_in("FR", {{52.5, 13.4}}))->country.text() == "FR");
}

TEST_CASE("regions have names of their own") {
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < geo::region_count; ++i) {
        names.insert(geo::name_of(static_cast<Region>(i)));
    }
    CHECK(names.size() == geo::region_count);
    CHECK_FALSE(names.contains(""));
}

}  // namespace place_region_test
