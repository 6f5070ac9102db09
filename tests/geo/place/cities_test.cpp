// SPDX-License-Identifier: Apache-2.0
#include "geo/place/cities.hpp"

#include "geo/place/countries.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace place_cities_test {

namespace {

std::vector<std::string> names_of(const std::vector<const geo::City*>& cities) {
    std::vector<std::string> names;
    for (const auto* city : cities) names.push_back(full_name(*city));
    return names;
}

// Enough to catch a lost sign or swapped numbers, which lead out of the country.
double widest_reach(std::string_view country) {
    if (country == "US") return 6500;  // Honolulu from Missouri
    if (country == "RU") return 5700;  // Vladivostok from the Volga
    if (country == "AU" || country == "CA") return 3000;
    return 2000;
}

}  // namespace

TEST_CASE("cities are sorted by name and no row occurs twice") {
    const auto all = geo::cities();
    CHECK(std::ranges::is_sorted(all, std::less{}, &geo::City::name));
    std::vector<std::tuple<std::string_view, std::string_view, std::string_view>> rows;
    for (const auto& city : all) rows.emplace_back(city.name, city.subdivision, city.country);
    std::ranges::sort(rows);
    CHECK(std::ranges::adjacent_find(rows) == rows.end());
}

TEST_CASE("each city lies in a known country and not too far from where its people live") {
    for (const auto& city : geo::cities()) {
        const auto name = full_name(city);
        CAPTURE(name);
        CHECK(std::abs(city.at.latitude) <= 90);
        CHECK(std::abs(city.at.longitude) <= 180);
        const auto* country = geo::find_country(city.country);
        REQUIRE(country != nullptr);
        CHECK(geo::kilometres_between(city.at, country->centre) < widest_reach(city.country));
    }
}

TEST_CASE("a city has a subdivision in the United States, Canada and Australia alone") {
    for (const auto& city : geo::cities()) {
        const auto name = full_name(city);
        CAPTURE(name);
        const bool federal = city.country == "US" || city.country == "CA" || city.country == "AU";
        CHECK(city.subdivision.empty() != federal);
    }
}

TEST_CASE("each city is found by its full name, and by that it is the only one") {
    for (const auto& city : geo::cities()) {
        const auto name = full_name(city);
        CAPTURE(name);
        const auto found = geo::find_cities(name);
        REQUIRE(found.size() == 1);
        CHECK(found.front() == &city);
    }
}

TEST_CASE("a text means the cities that fit all of its parts") {
    struct Row {
        std::string_view text;
        std::vector<std::string> expected;
    };
    const Row rows[] = {
        {"Singapore", {"Singapore, SG"}},
        {"New York, US", {"New York, NY, US"}},
        {"Portland, OR, US", {"Portland, OR, US"}},
        {"Portland, ME", {"Portland, ME, US"}},
        {"London, CA", {"London, ON, CA"}},
        {"London, ON", {"London, ON, CA"}},
        {"San Jose, CA", {"San Jose, CA, US"}},
        {"Melbourne, AU", {"Melbourne, VIC, AU"}},
        {"Washington, DC", {"Washington, DC, US"}},
        {"Frankfurt am Main, DE", {"Frankfurt am Main, DE"}},
        {"St. John's", {"St. John's, NL, CA"}},
        {"Zürich", {"Zürich, CH"}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(names_of(geo::find_cities(row.text)) == row.expected);
    }
}

TEST_CASE("an ambiguous name means all of its cities, the large one is not preferred") {
    struct Row {
        std::string_view text;
        std::vector<std::string> expected;
    };
    const Row rows[] = {
        {"London", {"London, ON, CA", "London, GB"}},
        {"Portland, US", {"Portland, ME, US", "Portland, OR, US"}},
        {"Vancouver", {"Vancouver, BC, CA", "Vancouver, WA, US"}},
        {"Valencia", {"Valencia, ES", "Valencia, VE"}},
        {"Hamilton", {"Hamilton, ON, CA", "Hamilton, NZ"}},
        {"Santiago", {"Santiago, CL", "Santiago, DO"}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(names_of(geo::find_cities(row.text)) == row.expected);
    }
}

TEST_CASE("a city on both sides of a state line counts once unless the side is given") {
    CHECK(geo::find_cities("Kansas City").size() == 1);
    CHECK(geo::find_cities("Kansas City, US").size() == 1);
    const auto in_missouri = geo::find_cities("Kansas City, MO");
    REQUIRE(in_missouri.size() == 1);
    CHECK(in_missouri.front()->subdivision == "MO");
}

TEST_CASE("case of ASCII letters and blanks around commas do not matter") {
    for (const std::string_view text :
         {"Portland, OR, US", "portland,or,us", "  PORTLAND ,\tOr ,  uS ", "Portland,OR"}) {
        CAPTURE(text);
        const auto found = geo::find_cities(text);
        REQUIRE(found.size() == 1);
        CHECK(full_name(*found.front()) == "Portland, OR, US");
    }
}

TEST_CASE("what is no city of the table means nothing") {
    for (const std::string_view text :
         {"", " ", ",", "Atlantis", "Lond", "Londonn", "London, FR", "London, OR, CA", "London,",
          ", GB", "London,, GB", "London, , GB", "London, ON, CA, NA", "New  York", "GB"}) {
        CAPTURE(text);
        CHECK(geo::find_cities(text).empty());
    }
}

TEST_CASE("other spellings of a city stand at the same point") {
    struct Row {
        std::string_view one;
        std::string_view other;
    };
    const Row rows[] = {
        {"Frankfurt", "Frankfurt am Main"},
        {"New York", "New York City"},
        {"Washington", "Washington DC"},
        {"Sao Paulo", "São Paulo"},
        {"Zurich", "Zürich"},
        {"Munich", "München"},
        {"Dusseldorf", "Düsseldorf"},
        {"Bangalore", "Bengaluru"},
        {"Ho Chi Minh City", "Saigon"},
        {"Kyiv", "Kiev"},
        {"Montreal", "Montréal"},
        {"Bogota", "Bogotá"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.one);
        const auto one = geo::find_cities(row.one);
        const auto other = geo::find_cities(row.other);
        REQUIRE(one.size() == 1);
        REQUIRE(other.size() == 1);
        CHECK(one.front()->at == other.front()->at);
    }
}

TEST_CASE(
    "cities are like what they begin with, in any word, in a code or in their country's name") {
    struct Row {
        std::string_view text;
        std::vector<std::string> some;
        std::string_view without;
    };
    const Row rows[] = {
        {"fra", {"Frankfurt, DE", "San Francisco, CA, US", "Paris, FR"}, "London, GB"},
        {"DE", {"Berlin, DE", "Denver, CO, US"}, "Paris, FR"},
        {"germany", {"Berlin, DE", "Munich, DE"}, "Paris, FR"},
        {"new y", {"New York, NY, US"}, "New Delhi, IN"},
        {"Portland", {"Portland, ME, US", "Portland, OR, US"}, "London, GB"},
        {"london, gb", {"London, GB"}, "London, ON, CA"},
        {"kansas", {"Kansas City, MO, US"}, "London, GB"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto like = names_of(geo::cities_like(row.text));
        for (const auto& name : row.some) {
            CAPTURE(name);
            CHECK(std::ranges::count(like, name) == 1);
        }
        CHECK(std::ranges::count(like, row.without) == 0);
    }
    CHECK(names_of(geo::cities_like("fra")).front() == "Frankfurt, DE");
    CHECK(geo::cities_like("xyzzy").empty());
    const auto all = names_of(geo::cities_like(""));
    CHECK(all.size() > 400);
    CHECK(std::ranges::count(all, "Zurich, CH") == 1);
    CHECK(std::ranges::count(all, "Zürich, CH") == 0);  // another spelling
}

}  // namespace place_cities_test
