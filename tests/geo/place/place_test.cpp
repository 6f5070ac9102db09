// SPDX-License-Identifier: Apache-2.0
#include "geo/place/place.hpp"

#include "geo/place/countries.hpp"

#include <doctest/doctest.h>

using geo::Code;
using geo::Place;

TEST_CASE("a code keeps what fits and nothing of what does not") {
    CHECK(Code<2>{"DE"}.text() == "DE");
    CHECK(Code<3>{"CA"}.text() == "CA");
    CHECK(Code<3>{"ENG"}.text() == "ENG");
    CHECK(Code<2>{"DEU"}.empty());
    CHECK(Code<2>{""}.empty());
    CHECK(Code<2>{} == Code<2>{""});
    CHECK(Code<2>{"DE"} != Code<2>{"D"});
}

TEST_CASE("nothing is known of a new place") {
    const Place place;
    CHECK_FALSE(place.has_point());
    CHECK_FALSE(place.located());
    CHECK_FALSE(place.point());
    CHECK(place.continent_code().empty());
}

TEST_CASE("a place stands at its point, else at the centre of its country") {
    Place place;
    place.country = std::string_view{"DE"};
    CHECK(place.located());
    CHECK(place.point() == geo::find_country("DE")->centre);
    CHECK(place.continent_code() == "EU");
    place.latitude = 0;
    place.longitude = 0;
    CHECK(place.point() == geo::Coordinates{0, 0});
    place.continent = std::string_view{"AS"};
    CHECK(place.continent_code() == "AS");
}

TEST_CASE("a country that the table does not know has no point and no continent") {
    Place place;
    place.country = std::string_view{"ZZ"};
    CHECK(place.located());
    CHECK_FALSE(place.point());
    CHECK(place.continent_code().empty());
}

TEST_CASE("a continent alone locates, at the point where its people live") {
    Place place;
    place.continent = std::string_view{"EU"};
    CHECK(place.located());
    CHECK_FALSE(place.has_point());
    CHECK(place.point() == geo::find_continent("EU")->centre);
    place.continent = std::string_view{"XX"};
    CHECK_FALSE(place.point());
}

TEST_CASE("a continent alone gives way to what lies in it, and to nothing else") {
    Place germany;
    germany.country = std::string_view{"DE"};
    Place europe;
    europe.continent = std::string_view{"EU"};
    auto filled = europe;
    filled.fill_from(germany);
    CHECK(filled.country == Code<2>{"DE"});
    filled.continent = std::string_view{"AS"};
    filled.country = {};
    filled.fill_from(germany);
    CHECK(filled.country.empty());
    CHECK(filled.continent_code() == "AS");
    auto itself = europe;
    itself.fill_from(europe);
    CHECK(itself.continent_code() == "EU");
}

TEST_CASE("the last that is asked has the country of a point alone, and never moves it") {
    Place germany;
    germany.country = std::string_view{"DE"};
    germany.latitude = 52;
    germany.longitude = 13;
    Place point;
    point.latitude = 48;
    point.longitude = 2;
    auto filled = point;
    filled.fill_from(germany);
    CHECK(filled.country.empty());
    filled.complete_from(germany);
    CHECK(filled.country == Code<2>{"DE"});
    CHECK(filled.latitude == 48);
    auto elsewhere = point;
    elsewhere.continent = std::string_view{"AF"};
    elsewhere.complete_from(germany);
    CHECK(elsewhere.country.empty());
}

TEST_CASE("where and who are filled separately, and a place whole or not at all") {
    Place city;
    city.latitude = 48;
    city.longitude = 2;
    city.country = std::string_view{"FR"};
    city.subdivision = std::string_view{"IDF"};
    city.asn = 64500;

    Place unknown;
    unknown.fill_from(city);
    CHECK(unknown.country == Code<2>{"FR"});
    CHECK(unknown.has_point());
    CHECK(unknown.asn == 64500);

    Place only_asn;
    only_asn.asn = 64501;
    only_asn.fill_from(city);
    CHECK(only_asn.country == Code<2>{"FR"});
    CHECK(only_asn.subdivision == Code<3>{"IDF"});
    CHECK(only_asn.asn == 64501);

    Place only_country;
    only_country.country = std::string_view{"DE"};
    only_country.fill_from(city);
    CHECK(only_country.country == Code<2>{"DE"});
    CHECK(only_country.subdivision.empty());
    CHECK_FALSE(only_country.has_point());
    CHECK(only_country.asn == 64500);
}
