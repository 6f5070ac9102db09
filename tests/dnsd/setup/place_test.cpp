// SPDX-License-Identifier: Apache-2.0
#include "dnsd/setup/edge_place.hpp"
#include "geo/place/cities.hpp"

#include <doctest/doctest.h>

#include <string>

namespace setup_place_test {

using namespace setup;

TEST_CASE("the name of an edge says its city, whatever stands between the letters") {
    const struct {
        const char* name;
        const char* place;
    } rows[] = {
        {"newyork", R"("New York, NY, US")"},     {"new-york", R"("New York, NY, US")"},
        {"new_york2", R"("New York, NY, US")"},   {"frankfurt", R"("Frankfurt, DE")"},
        {"de-frankfurt", R"("Frankfurt, DE")"},   {"singapore-1", R"("Singapore, SG")"},
        {"portland-or", R"("Portland, OR, US")"}, {"london-gb", R"("London, GB")"},
        {"saopaulo", R"("Sao Paulo, BR")"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto place = place_of(row.name);
        REQUIRE(place.has_value());
        CHECK(*place == row.place);
    }
}

TEST_CASE("an edge whose city is not known, or is one of several, lists what may be meant") {
    const struct {
        const char* name;
        const char* says;
    } rows[] = {
        {"london", R"("london" may be "London, ON, CA", "London, GB")"},
        {"fra1", R"(like it: "Frankfurt, DE")"},
        {"relay7", "`isochrone cities COUNTRY` lists"},
        {"7", "no city is called \"7\""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto place = place_of(row.name);
        REQUIRE(!place.has_value());
        CAPTURE(place.error().text);
        CHECK(place.error().text.find(row.says) != std::string::npos);
    }
}

TEST_CASE("every city is found by its full name, without blanks, or is said to be one of several") {
    for (const auto& city : geo::cities()) {
        CAPTURE(city.name);
        const auto place = place_of(geo::full_name(city));
        if (!place) {
            CHECK(place.error().text.find(" may be ") != std::string::npos);
            continue;
        }
        CHECK(!geo::find_cities(place->substr(1, place->size() - 2)).empty());
    }
}

TEST_CASE("a place is a city or coordinates") {
    CHECK(*read_place("tokyo, jp") == R"("Tokyo, JP")");
    CHECK(*read_place(" 40.71, -74.01 ") == "[40.71, -74.01]");
    for (const auto* text :
         {"91,0", "0,181", "40.71,", "1,2,3", "nan,0", "Atlantis", "London", ""}) {
        CAPTURE(text);
        CHECK(!read_place(text).has_value());
    }
}

}  // namespace setup_place_test
