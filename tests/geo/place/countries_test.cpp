// SPDX-License-Identifier: Apache-2.0
#include "geo/place/countries.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string_view>

namespace place_countries_test {

namespace {

bool is_upper(char c) {
    return 'A' <= c && c <= 'Z';
}

}  // namespace

TEST_CASE("countries are sorted by code and no code occurs twice") {
    const auto all = geo::countries();
    CHECK(all.size() == 250);
    const auto out_of_order =
        std::ranges::adjacent_find(all, std::greater_equal{}, &geo::Country::code);
    CHECK(out_of_order == all.end());
}

TEST_CASE("each country has a code of two capitals, a name, a continent and a point on Earth") {
    constexpr std::string_view continents[] = {"AF", "AN", "AS", "EU", "NA", "OC", "SA"};
    for (const auto& country : geo::countries()) {
        CAPTURE(country.code);
        CHECK(country.code.size() == 2);
        CHECK(std::ranges::all_of(country.code, is_upper));
        CHECK_FALSE(country.name.empty());
        CHECK(std::ranges::count(continents, country.continent) == 1);
        CHECK(country.centre.latitude >= -90);
        CHECK(country.centre.latitude <= 90);
        CHECK(country.centre.longitude >= -180);
        CHECK(country.centre.longitude <= 180);
        CHECK(country.centre != geo::Coordinates{});
    }
}

TEST_CASE("each country is found by its code") {
    for (const auto& country : geo::countries()) {
        CAPTURE(country.code);
        CHECK(geo::find_country(country.code) == &country);
    }
}

TEST_CASE("each continent is found by its code, with a point that lies on it") {
    for (const auto& country : geo::countries())
        CHECK(geo::find_continent(country.continent) != nullptr);
    CHECK(geo::find_continent("EU")->centre.latitude > 45);
    CHECK(geo::find_continent("OC")->centre.latitude < 0);
    CHECK(geo::find_continent("") == nullptr);
    CHECK(geo::find_continent("XX") == nullptr);
}

TEST_CASE("what is not a code in upper case is no country") {
    for (const std::string_view code :
         {"", "A", "de", "De", "ZZ", "AA", "EU", "UK", "DEU", "DE "}) {
        CAPTURE(code);
        CHECK(geo::find_country(code) == nullptr);
    }
}

TEST_CASE("continents are those of GeoLite2 where a country could belong to two") {
    struct Row {
        std::string_view code;
        std::string_view continent;
    };
    const Row rows[] = {
        {"AM", "AS"}, {"AZ", "AS"}, {"CY", "EU"}, {"EG", "AF"}, {"GE", "AS"}, {"GL", "NA"},
        {"IL", "AS"}, {"KZ", "AS"}, {"RU", "EU"}, {"TL", "OC"}, {"TR", "AS"}, {"XK", "EU"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.code);
        const auto* country = geo::find_country(row.code);
        REQUIRE(country != nullptr);
        CHECK(country->continent == row.continent);
    }
}

TEST_CASE("a country's point is among its people, also across the date line") {
    struct Row {
        std::string_view name;
        std::string_view code;
        geo::Coordinates near;
        double kilometres;
    };
    const Row rows[] = {
        {"east of the middle of the map", "US", {38.6, -90.2}, 500},
        {"along the southern border", "CA", {46.5, -81.0}, 600},
        {"between the Volga and the Urals", "RU", {55.8, 49.1}, 500},
        {"in the south-east", "AU", {-34.2, 142.2}, 500},
        {"in the south", "NO", {60.8, 10.7}, 200},
        {"Viti Levu, not the other side of the Earth", "FJ", {-17.8, 178.0}, 100},
        {"towards Kiritimati from Tarawa", "KI", {1.4, 173.0}, 400},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto* country = geo::find_country(row.code);
        REQUIRE(country != nullptr);
        CHECK(geo::kilometres_between(country->centre, row.near) < row.kilometres);
    }
}

}  // namespace place_countries_test
