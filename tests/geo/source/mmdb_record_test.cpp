// SPDX-License-Identifier: Apache-2.0
#include "geo/source/mmdb_record.hpp"

#include "geo/source/mmdb.hpp"
#include "tests/support/mmdb_writer.hpp"
#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace source_mmdb_record_test {

using geo::Place;
using nlohmann::json;
using support::prefix;

namespace {

struct Reading {
    Place place;
    std::string not_understood;
};

/// What a database of several records says of the last one.
Reading read(const json& record, const json& other = {{"country", {{"iso_code", "FR"}}}}) {
    const auto database =
        geo::Mmdb::open(
            support::write_mmdb({{prefix("1.0.0.0/8"), other}, {prefix("192.0.2.0/24"), record}}),
            "test")
            .value();
    auto at = database.root(geo::Family::V4);
    const auto to = support::address("192.0.2.1");
    for (unsigned depth = 0; !at.leaf; ++depth) {
        const auto [zero, one] = database.split(at.value);
        at = to.bit(depth) == 0 ? zero : one;
    }
    Reading reading;
    reading.place = database.place(at.value, {}, &reading.not_understood);
    return reading;
}

json object(const char* text) {
    return json::parse(text);
}

}  // namespace

TEST_CASE("a country is found wherever vendors and writers put it, and the nearest to it counts") {
    struct Row {
        const char* name;
        const char* record;
        const char* country;
        const char* continent;
    };
    const Row rows[] = {
        {"MaxMind, DB-IP", R"({"country": {"iso_code": "DE"}, "continent": {"code": "EU"}})", "DE",
         "EU"},
        {"registered alone", R"({"registered_country": {"iso_code": "AU"}})", "AU", "OC"},
        {"represented alone", R"({"represented_country": {"iso_code": "US"}})", "US", "NA"},
        {"in, not registered or represented",
         R"({"represented_country": {"iso_code": "US"}, "registered_country": {"iso_code": "FR"},
             "country": {"iso_code": "IQ"}})",
         "IQ", "AS"},
        {"registered before represented",
         R"({"represented_country": {"iso_code": "US"}, "registered_country": {"iso_code": "FR"}})",
         "FR", "EU"},
        {"a country without its code",
         R"({"country": {"geoname_id": 1}, "registered_country": {"iso_code": "FR"}})", "FR", "EU"},
        {"ip-location-db", R"({"country_code": "DE"})", "DE", "EU"},
        {"IPinfo, country and AS",
         R"({"country": "US", "country_name": "United States", "continent": "NA"})", "US", "NA"},
        {"IPinfo Lite",
         R"({"country": "United States", "country_code": "US", "continent": "North America", "continent_code": "NA"})",
         "US", "NA"},
        {"columns of a table", R"({"country_iso_code": "DE"})", "DE", "EU"},
        {"other spellings", R"({"countryCode": "de"})", "DE", "EU"},
        {"inside a location", R"({"location": {"country": {"code": "DE"}}})", "DE", "EU"},
        {"no map at all", R"("de")", "DE", "EU"},
        {"octets", R"({"country": {"iso_code": {"$bytes": "DE"}}})", "DE", "EU"},
        {"a continent alone", R"({"continent": {"code": "EU"}})", "", "EU"},
        {"a continent as text", R"({"continent_code": "SA"})", "", "SA"},
        {"a registry's word for all of Europe", R"({"country_code": "EU"})", "", "EU"},
        {"and for Asia", R"({"country_code": "AP"})", "", "AS"},
        {"nobody's code", R"({"country_code": "ZZ"})", "", ""},
        {"nothing known", R"({"country_code": "-"})", "", ""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto [place, not_understood] = read(object(row.record));
        CHECK(place.country.text() == row.country);
        CHECK(place.continent_code() == row.continent);
        CHECK(not_understood == "");
    }
}

TEST_CASE("numbers of any type are read, beside other types in the same database") {
    const json types[] = {object(R"({"$uint16": 57})"),
                          object(R"({"$uint32": 57})"),
                          object(R"({"$int32": 57})"),
                          object(R"({"$uint64": 57})"),
                          object(R"({"$uint128": 57})"),
                          object(R"({"$float": 57})"),
                          object(R"({"$double": 57})"),
                          "57",
                          " 57.0",
                          "+57",
                          object(R"({"$bytes": "57"})")};
    for (const auto& number : types) {
        for (const auto& other : types) {
            CAPTURE(number.dump());
            CAPTURE(other.dump());
            json record;
            record["location"] = {{"latitude", number}, {"longitude", -4.5}};
            record["asn"] = number;
            const auto [place, not_understood] = read(record, {{"asn", other}});
            CHECK(place.latitude == 57);
            CHECK(place.longitude == -4.5F);
            if (number != "+57") CHECK((place.asn == 57 || number == " 57.0"));
            if (number != "+57" && number != " 57.0") CHECK(not_understood == "");
        }
    }
    CHECK(read(object(R"({"lat": {"$int32": -57}, "lng": {"$float": -4.5}})")).place.latitude ==
          -57);
}

TEST_CASE("coordinates are found wherever they stand") {
    for (const auto* record :
         {R"({"location": {"latitude": 57.5, "longitude": -4.25}})",
          R"({"latitude": 57.5, "longitude": -4.25})",
          R"({"latitude": "57.5", "longitude": "-4.25"})", R"({"lat": 57.5, "lng": -4.25})",
          R"({"lat": "57.5", "lon": "-4.25"})",
          R"({"geo": {"latitude": 57.5, "longitude": -4.25}})", R"({"loc": "57.5,-4.25"})",
          R"({"location": {"lat": 57.5, "lon": -4.25}})"}) {
        CAPTURE(record);
        const auto [place, not_understood] = read(object(record));
        CHECK(place.latitude == 57.5F);
        CHECK(place.longitude == -4.25F);
        CHECK(not_understood == "");
    }
    // What stands for nowhere is not a place in the Gulf of Guinea.
    const auto nowhere =
        read(object(R"({"country_code": "-", "latitude": 0, "longitude": "0.0"})"));
    CHECK_FALSE(nowhere.place.located());
    CHECK(nowhere.not_understood == "");
    CHECK(read(object(R"({"latitude": 0, "longitude": 9.5})")).place.longitude == 9.5F);
}

TEST_CASE("AS numbers are found wherever they stand, and past their range they stay unknown") {
    struct Row {
        const char* record;
        std::uint32_t asn;
    };
    const Row rows[] = {
        {R"({"autonomous_system_number": 3356})", 3356},
        {R"({"autonomous_system_number": 4294967295})", 4294967295U},
        {R"({"asn": 3356})", 3356},
        {R"({"asn": "AS3356"})", 3356},
        {R"({"asn": "as 3356"})", 3356},
        {R"({"asn": "3356"})", 3356},
        {R"({"as": "AS3356 Level 3 Parent, LLC"})", 3356},
        {R"({"as_number": {"$uint16": 3356}})", 3356},
        {R"({"traits": {"autonomous_system_number": 3356}})", 3356},
        {R"({"as": {"number": 3356}})", 3356},
        {R"({"asn": {"asn": "AS3356", "name": "x"}})", 3356},
        {R"({"autonomous_system_number": 4294967296})", 0},
        {R"({"autonomous_system_number": -5})", 0},
        {R"({"autonomous_system_number": 1e300})", 0},
        {R"({"autonomous_system_number": 64500.5})", 0},
        {R"({"autonomous_system_number": "many"})", 0},
        {R"({"autonomous_system_number": true})", 0},
        {R"({"asn": ""})", 0},
        {R"({"asn": 0})", 0},
    };
    for (const auto& row : rows) {
        CAPTURE(row.record);
        CHECK(read(object(row.record)).place.asn == row.asn);
    }
}

TEST_CASE("subdivisions are read as codes, alone or behind their country, and never as names") {
    struct Row {
        const char* record;
        const char* subdivision;
    };
    const Row rows[] = {
        {R"({"subdivisions": [{"iso_code": "BE"}, {"iso_code": "XX"}]})", "BE"},
        {R"({"subdivisions": [{"names": {"en": "Berlin"}}]})", ""},
        {R"({"subdivisions": ["BE"]})", "BE"},
        {R"({"subdivision_code": "ENG"})", "ENG"},
        {R"({"region": "California", "region_code": "CA", "country": "US"})", "CA"},
        {R"({"region_code": "US-CA"})", "CA"},
        {R"({"region": "California"})", ""},
        {R"({"state1": "California"})", ""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.record);
        CHECK(read(object(row.record)).place.subdivision.text() == row.subdivision);
    }
}

TEST_CASE("what cannot be read is told, and does not spoil what can") {
    struct Row {
        const char* record;
        bool has_point;
        const char* country;
        const char* told;
    };
    const Row rows[] = {
        {R"({"country_code": "DE", "latitude": -90.0, "longitude": 180.0})", true, "DE", ""},
        {R"({"country_code": "DE", "latitude": 90.01, "longitude": 10.0})", false, "DE",
         "\"latitude\" is 90.01"},
        {R"({"country_code": "DE", "latitude": 50.0, "longitude": -180.01})", false, "DE",
         "\"longitude\" is -180.01"},
        {R"({"country_code": "DE", "latitude": "north", "longitude": 10.0})", false, "DE",
         "\"latitude\" is \"north\""},
        {R"({"country_code": "DE", "latitude": "57,5", "longitude": "10,1"})", false, "DE",
         "\"latitude\" is \"57,5\""},
        {R"({"country_code": "DE", "latitude": true, "longitude": 10.0})", false, "DE",
         "\"latitude\" is true"},
        {R"({"country_code": "DE", "latitude": 50.0})", false, "DE", ""},
        {R"({"country": {"iso_code": "DEU"}})", false, "", "\"iso_code\" is \"DEU\""},
        {R"({"country": {"iso_code": 49}})", false, "", "\"iso_code\" is 49"},
        {R"({"country": "Germany"})", false, "", "\"country\" is \"Germany\""},
        {R"("Germany")", false, "", "it is \"Germany\""},
        {R"(["DE"])", false, "", "it is a list"},
        {R"({"land": "DE", "breite": 1})", false, "",
         "none of its keys is known: \"breite\", \"land\""},
        {R"({"traits": {"is_anycast": true}})", false, "", ""},
        {R"({})", false, "", ""},
        {R"({"country_code": "DE", "asn": "many"})", false, "DE", "\"asn\" is \"many\""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.record);
        const auto [place, not_understood] = read(object(row.record));
        CHECK(place.has_point() == row.has_point);
        CHECK(place.country.text() == row.country);
        CHECK(not_understood == row.told);
    }
    for (const double odd : {std::nan(""), std::numeric_limits<double>::infinity()}) {
        const json record{{"lat", odd}, {"lng", 1.0}};
        CHECK_FALSE(read(record).place.has_point());
        CHECK(read(record).not_understood.starts_with("\"lat\" is "));
    }
}

TEST_CASE("a record that is its own part, or longer than any, is read to an end") {
    // A map of one pair whose value is a pointer to the map; and one that promises 16 million.
    const std::vector<std::uint8_t> circle{0xE1, 0x47, 'c', 'o',  'u', 'n',
                                           't',  'r',  'y', 0x20, 0x00};
    CHECK_FALSE(geo::read_record(geo::MmdbValues{circle, 4096}, 0, {}).located());
    const std::vector<std::uint8_t> promise{0xFF, 0xFF, 0xFF, 0xFF, 0x42, 'c', 'c', 0x42, 'D', 'E'};
    CHECK(geo::read_record(geo::MmdbValues{promise, 4096}, 0, {}).country.text() == "DE");
    std::vector<std::uint8_t> wide{0xFF, 0xFF, 0xFF, 0xFF};
    wide.resize(1 << 20, 0x40);  // empty texts
    CHECK_FALSE(geo::read_record(geo::MmdbValues{wide, 4096}, 0, {}).located());
}

}  // namespace source_mmdb_record_test
