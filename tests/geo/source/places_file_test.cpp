// SPDX-License-Identifier: Apache-2.0
#include "geo/source/places_file.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace source_places_file_test {

namespace {

struct Read {
    std::vector<geo::PlaceRow> rows;
    geo::Problems problems;
};

Read read(std::string_view text) {
    Read result;
    result.rows = geo::read_places(text, "places.csv", result.problems);
    return result;
}

}  // namespace

TEST_CASE("a places file gives prefixes their places") {
    const auto [rows, problems] = read(
        "# where our networks are\n"
        "prefix,latitude,longitude,country,asn\n"
        "\n"
        "203.0.113.0/24,52.52,13.40,DE,64500\n"
        "  2001:db8:7::/48 , , , NL , \r\n"
        "192.0.2.1,,,,4294967295\n"
        "198.51.100.0/24,-90,180\n"
        "0.0.0.0/0,,,US");
    CHECK(problems.empty());
    REQUIRE(rows.size() == 5);
    CHECK(geo::to_text(rows[0].prefix) == "203.0.113.0/24");
    CHECK(rows[0].place.latitude == 52.52F);
    CHECK(rows[0].place.longitude == 13.40F);
    CHECK(rows[0].place.country.text() == "DE");
    CHECK(rows[0].place.asn == 64500);
    CHECK(geo::to_text(rows[1].prefix) == "2001:db8:7::/48");
    CHECK(rows[1].place.country.text() == "NL");
    CHECK_FALSE(rows[1].place.has_point());
    CHECK(rows[1].place.asn == 0);
    CHECK(geo::to_text(rows[2].prefix) == "192.0.2.1/32");
    CHECK(rows[2].place.asn == 4294967295U);
    CHECK_FALSE(rows[2].place.located());
    CHECK(rows[3].place.latitude == -90);
    CHECK(rows[3].place.longitude == 180);
    CHECK(geo::to_text(rows[4].prefix) == "0.0.0.0/0");
}

TEST_CASE("an empty places file has no rows and no problems") {
    for (const auto* text :
         {"", "\n", "\r\n\r\n", "# nothing\n", "prefix,latitude,longitude,country,asn"}) {
        CAPTURE(text);
        const auto [rows, problems] = read(text);
        CHECK(rows.empty());
        CHECK(problems.empty());
    }
}

TEST_CASE("each fault of a places file is told with its line and column") {
    struct Row {
        const char* name;
        const char* text;
        const char* expected;
    };
    const char* const wanted_prefix =
        "places.csv:1:1: expected a prefix like 203.0.113.0/24 without bits behind its length, "
        "found ";
    const Row rows[] = {
        {"no latitude", "192.0.2.0/24,x,1,DE,",
         "places.csv:1:14: expected a latitude from -90 to 90, found \"x\""},
        {"latitude too large", "192.0.2.0/24,90.1,1,DE,",
         "places.csv:1:14: expected a latitude from -90 to 90, found \"90.1\""},
        {"latitude with more behind", "192.0.2.0/24,9N,1,DE,",
         "places.csv:1:14: expected a latitude from -90 to 90, found \"9N\""},
        {"latitude that is no number", "192.0.2.0/24,nan,1,DE,",
         "places.csv:1:14: expected a latitude from -90 to 90, found \"nan\""},
        {"longitude too small", "192.0.2.0/24,1,-180.5,DE,",
         "places.csv:1:16: expected a longitude from -180 to 180, found \"-180.5\""},
        {"infinite longitude", "192.0.2.0/24,1,inf,DE,",
         "places.csv:1:16: expected a longitude from -180 to 180, found \"inf\""},
        {"longitude missing", "192.0.2.0/24,1,,DE,",
         "places.csv:1:16: expected both coordinates or none, found \"\""},
        {"latitude missing", "192.0.2.0/24,,13,DE,",
         "places.csv:1:15: expected both coordinates or none, found \"13\""},
        {"country unknown", "192.0.2.0/24,,,ZZ,",
         "places.csv:1:16: expected a country code of ISO 3166-1 in capitals, found \"ZZ\""},
        {"country in small letters", "192.0.2.0/24,,,de,",
         "places.csv:1:16: expected a country code of ISO 3166-1 in capitals, found \"de\""},
        {"AS number 0", "192.0.2.0/24,,,DE,0",
         "places.csv:1:19: expected an AS number, found \"0\""},
        {"AS number too large", "192.0.2.0/24,,,,4294967296",
         "places.csv:1:17: expected an AS number, found \"4294967296\""},
        {"AS number with letters", "192.0.2.0/24,,,DE,AS1",
         "places.csv:1:19: expected an AS number, found \"AS1\""},
        {"nothing said", "192.0.2.0/24,,,,",
         "places.csv:1:17: expected a country, coordinates or an AS number, found \"\""},
        {"a sixth field", "192.0.2.0/24,,,DE,1,x",
         "places.csv:1:21: expected five fields: prefix,latitude,longitude,country,asn, found "
         "\"x\""},
        {"in a later line, behind blanks", "# a\n\n  192.0.2.0/24,  ,  ,  de,",
         "places.csv:3:24: expected a country code of ISO 3166-1 in capitals, found \"de\""},
        {"said twice", "192.0.2.0/24,,,DE,\n\n192.0.2.0/24,,,FR,",
         "places.csv:3:1: 192.0.2.0/24 stands in line 1 already"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto problems = read(row.text).problems;
        REQUIRE_FALSE(problems.empty());
        CHECK(geo::to_text(problems[0]) == row.expected);
    }
    for (const auto* text : {"192.0.2.1/24", "192.0.2.0/33", "localhost", ""}) {
        CAPTURE(text);
        const auto [places, problems] = read(std::string{text} + ",,,DE,");
        CHECK(places.empty());
        REQUIRE(problems.size() == 1);
        CHECK(geo::to_text(problems[0]) == wanted_prefix + ("\"" + std::string{text} + "\""));
    }
}

TEST_CASE("all faults of a places file are told, and the rows beside them are kept") {
    const auto [rows, problems] = read(
        "192.0.2.1/24,91,181,de,AS1\n"
        "192.0.2.0/24,,,DE,\n"
        "x,,,DE,\n");
    CHECK(rows.size() == 1);
    REQUIRE(problems.size() == 6);
    const std::size_t columns[] = {1, 14, 17, 21, 24, 1};
    for (std::size_t i = 0; i < problems.size(); ++i) {
        CHECK(problems[i].line == (i < 5 ? 1 : 3));
        CHECK(problems[i].column == columns[i]);
    }
}

TEST_CASE("a places file out of a spreadsheet may begin with a byte order mark, UTF-16 is named") {
    const auto marked =
        read("\xEF\xBB\xBFprefix,latitude,longitude,country,asn\r\n203.0.113.0/24,,,DE,\r\n");
    CHECK(marked.problems.empty());
    CHECK(marked.rows.size() == 1);
    const std::string letters = "203.0.113.0/24,,,DE,\n";
    std::string wide = "\xFF\xFE";
    for (const char c : letters) wide += {c, '\0'};
    const auto refused = read(wide);
    CHECK(refused.rows.empty());
    REQUIRE(refused.problems.size() == 1);
    CHECK(refused.problems[0].text == "expected UTF-8, found UTF-16");
    const auto semicolons = read("203.0.113.0/24;52,5;13,4;DE;64500\n198.51.100.0/24;;;DE;\n");
    REQUIRE(semicolons.problems.size() == 2);
    CHECK(semicolons.problems[1].text.starts_with("expected fields between commas, as in"));
}

}  // namespace source_places_file_test
