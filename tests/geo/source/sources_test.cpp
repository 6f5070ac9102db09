// SPDX-License-Identifier: Apache-2.0
#include "geo/source/sources.hpp"

#include "tests/support/mmdb_writer.hpp"
#include "tests/support/random_space.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <sys/stat.h>

namespace source_sources_test {

using geo::Family;
using geo::Sources;
using nlohmann::json;
using support::MmdbOptions;
using support::MmdbRow;
using support::prefix;

namespace {

const std::string builtin = "built-in country database";

json country(const char* code) {
    return {{"country", {{"iso_code", code}}}};
}
json asn(std::uint32_t number) {
    return {{"autonomous_system_number", number}};
}

/// A test's folder of databases.
struct Databases {
    support::TemporaryFolder folder;
    std::string write(const char* name, const std::vector<MmdbRow>& rows,
                      const MmdbOptions& options = {}) const {
        return folder.write(name, support::write_mmdb(rows, options));
    }
};

Sources open(std::vector<std::string> databases, std::string places = {}) {
    geo::Problems problems;
    auto sources = Sources::open({std::move(databases), std::move(places)}, problems);
    for (const auto& problem : problems) MESSAGE(geo::to_text(problem));
    REQUIRE(sources.has_value());
    return std::move(*sources);
}

std::vector<std::string> names(const Sources& sources, Family family) {
    std::vector<std::string> all;
    for (const auto* database : sources.databases(family)) all.push_back(database->name());
    return all;
}

struct Answer {
    std::string country;
    std::uint32_t asn = 0;
    std::string source;
    bool operator==(const Answer&) const = default;
};

Answer find(const Sources& sources, const char* client) {
    const auto [place, source] = sources.find(support::address(client));
    return {std::string{place.country.text()}, place.asn, source};
}

}  // namespace

TEST_CASE("without any file the built-in database says where clients are") {
    const auto sources = open({});
    CHECK(find(sources, "193.0.6.139") == Answer{"NL", 0, builtin});
    CHECK(find(sources, "2001:67c:2e8::1") == Answer{"NL", 0, builtin});
    CHECK(find(sources, "::ffff:193.0.6.139") == Answer{"NL", 0, builtin});
    CHECK(find(sources, "10.0.0.1") == Answer{"", 0, ""});
    CHECK(names(sources, Family::V4) == std::vector{builtin});
    CHECK(names(sources, Family::V6) == std::vector{builtin});
}

TEST_CASE("the places file comes first, then the databases in their order") {
    const Databases made;
    const auto first = made.write("first.mmdb", {{prefix("192.0.2.0/24"), country("DE")},
                                                 {prefix("192.0.3.0/24"), asn(64501)},
                                                 {prefix("2001:db8::/32"), country("DE")}});
    const auto second = made.write("second.mmdb", {{prefix("192.0.0.0/16"), country("FR")},
                                                   {prefix("2001:db8::/31"), country("FR")}});
    const auto places = made.folder.write("places.csv",
                                          "192.0.2.128/25,,,SG,\n"
                                          "192.0.2.0/26,,,,64500\n"
                                          "2001:db8:1::/48,1,2,,\n");
    const auto sources = open({first, second}, places);
    CHECK(find(sources, "192.0.2.200") == Answer{"SG", 0, places});
    CHECK(find(sources, "192.0.2.100") == Answer{"DE", 0, first});
    CHECK(find(sources, "192.0.2.1") == Answer{"DE", 64500, first});
    CHECK(find(sources, "192.0.3.1") == Answer{"FR", 64501, second});
    CHECK(find(sources, "192.0.4.1") == Answer{"FR", 0, second});
    CHECK(find(sources, "193.0.6.139") == Answer{"NL", 0, builtin});  // who is in none of them
    CHECK(find(sources, "2001:db8::1") == Answer{"DE", 0, first});
    CHECK(find(sources, "2001:db8:1::1") == Answer{"", 0, places});
    CHECK(find(sources, "2001:db9::1") == Answer{"FR", 0, second});
    CHECK(find(sources, "2002:c000:02c8::1") == Answer{"SG", 0, places});
    CHECK(names(sources, Family::V4) == std::vector{first, second, builtin});
    CHECK(names(sources, Family::V6) == std::vector{first, second, builtin});
}

TEST_CASE("a database of AS numbers leaves the built-in countries in force") {
    const Databases made;
    const auto path = made.write("asn.mmdb", {{prefix("193.0.0.0/21"), asn(3333)},
                                              {prefix("2001:67c:2e8::/48"), asn(3333)}});
    const auto sources = open({path});
    CHECK(find(sources, "193.0.6.139") == Answer{"NL", 3333, builtin});
    CHECK(find(sources, "2001:67c:2e8::1") == Answer{"NL", 3333, builtin});
    CHECK(names(sources, Family::V4) == std::vector{path, builtin});
}

TEST_CASE("what knows IPv4 alone leaves IPv6 to the built-in database") {
    struct Row {
        const char* name;
        MmdbOptions options;
    };
    const Row rows[] = {
        {"a tree of IPv4", {.ip_version = 4}},
        {"a tree of IPv6 with IPv4 in it", {.ip_version = 6}},
        {"the same, repeated by aliases", {.ip_version = 6, .aliases = true}},
    };
    const Databases made;
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto path =
            made.write("city.mmdb", {{prefix("193.0.0.0/21"), country("FR")}}, row.options);
        const auto sources = open({path});
        CHECK(find(sources, "193.0.6.139") == Answer{"FR", 0, path});
        CHECK(find(sources, "193.0.22.1") == find(open({}), "193.0.22.1"));
        CHECK(find(sources, "2001:67c:2e8::1") == Answer{"NL", 0, builtin});
        CHECK(names(sources, Family::V4) == std::vector{path, builtin});
    }
}

TEST_CASE("what knows IPv6 alone leaves IPv4 to the built-in database") {
    const Databases made;
    const auto path = made.write("city6.mmdb", {{prefix("2001:67c::/32"), country("FR")}});
    const auto sources = open({path});
    CHECK(find(sources, "193.0.6.139") == Answer{"NL", 0, builtin});
    CHECK(find(sources, "2001:67c:2e8::1") == Answer{"FR", 0, path});
    CHECK(names(sources, Family::V6) == std::vector{path, builtin});
}

TEST_CASE("IPv4 data that a database repeats in IPv6 is not found for IPv6 clients") {
    const Databases made;
    const auto path = made.write(
        "city.mmdb", {{prefix("0.0.0.0/0"), country("FR")}, {prefix("2a00::/12"), country("DE")}},
        {.aliases = true});
    const auto sources = open({path});
    CHECK(find(sources, "::192.0.2.1") == Answer{"", 0, ""});
    CHECK(find(sources, "::1") == Answer{"", 0, ""});
    CHECK(find(sources, "::ffff:192.0.2.1") == Answer{"FR", 0, path});
    CHECK(find(sources, "2002:c000:0201::1") == Answer{"FR", 0, path});
    CHECK(find(sources, "2a00::1") == Answer{"DE", 0, path});
}

TEST_CASE("whoever names a database knows no less than without it") {
    struct Row {
        const char* name;
        json record;
        Answer expected;  // for an address that the built-in database has in the Netherlands
    };
    const Databases made;
    const auto path = made.folder.path("named.mmdb");
    const Row rows[] = {
        {"a country of its own", country("FR"), {"FR", 0, path}},
        {"registered alone", {{"registered_country", {{"iso_code", "FR"}}}}, {"FR", 0, path}},
        {"no place", {{"traits", {{"is_anycast", true}}}}, {"NL", 0, builtin}},
        {"an AS number", asn(3333), {"NL", 3333, builtin}},
        {"nobody's country", country("ZZ"), {"NL", 0, builtin}},
        {"what cannot be read", {{"country_code", "Netherlands"}}, {"NL", 0, builtin}},
        {"its continent alone", {{"continent", {{"code", "EU"}}}}, {"NL", 0, builtin}},
        {"another continent", {{"continent", {{"code", "AS"}}}}, {"", 0, path}},
        {"a point without a country", {{"latitude", 52.5}, {"longitude", 4.75}}, {"NL", 0, path}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        made.write("named.mmdb", {{prefix("193.0.0.0/21"), row.record},
                                  {prefix("193.1.0.0/24"), country("IE")},
                                  {prefix("2001:67c:2e8::/48"), row.record}});
        const auto sources = open({path});
        CHECK(find(sources, "193.0.6.139") == row.expected);
        CHECK(find(sources, "2001:67c:2e8::1") == row.expected);
    }
    const auto point = open({path}).find(support::address("193.0.6.139")).place;
    CHECK(point.latitude == 52.5F);
}

TEST_CASE("how many records of a database are not understood is a warning") {
    const Databases made;
    std::vector<MmdbRow> rows{
        {prefix("192.0.2.0/24"), country("DE")},
        {prefix("198.51.0.0/16"), {{"asn", "many"}}},
        {prefix("2001:db8::/32"), {{"land", "DE"}}},
    };
    const auto path = made.write("odd.mmdb", rows);
    for (const auto survey : {geo::SourceFiles::Survey::Some, geo::SourceFiles::Survey::All}) {
        geo::Problems problems;
        CHECK(Sources::open({.databases = {path}, .places = {}, .survey = survey}, problems));
        REQUIRE(problems.size() == 1);
        CHECK(problems[0].severity == geo::Severity::Warning);
        const bool all = survey == geo::SourceFiles::Survey::All;
        CHECK(geo::to_text(problems[0]) == path + ": warning: 2 of " + (all ? "" : "the first ") +
                                               "3 records are not understood; the first, "
                                               "198.51.0.0/16: \"asn\" is \"many\"");
    }
}

TEST_CASE("a survey of all records finds the one behind many") {
    const Databases made;
    std::vector<MmdbRow> rows;
    for (unsigned i = 0; i < 2100; ++i) {
        auto network = prefix("20.0.0.0/24");
        network.address.bits += geo::Bits{i} << 104;
        rows.push_back({network, asn(1 + i)});
    }
    rows.push_back({prefix("21.0.0.0/8"), {{"asn", "many"}}});
    const auto path = made.write("long.mmdb", rows);
    geo::Problems problems;
    CHECK(Sources::open({{path}, {}}, problems));
    CHECK(problems.empty());
    CHECK(Sources::open(
        {.databases = {path}, .places = {}, .survey = geo::SourceFiles::Survey::All}, problems));
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].text.starts_with("1 of 2101 records"));
}

TEST_CASE("a database of another kind is a problem") {
    const Databases made;
    const auto path =
        made.write("anonymous.mmdb", {{prefix("192.0.2.0/24"), {{"is_anonymous", true}}}},
                   {.type = "GeoIP2-Anonymous-IP"});
    geo::Problems problems;
    CHECK_FALSE(Sources::open({{path}, {}}, problems));
    REQUIRE(problems.size() == 1);
    CHECK(geo::to_text(problems[0]) ==
          path +
              ": a database of another kind (GeoIP2-Anonymous-IP): it has neither countries, "
              "coordinates nor AS numbers; the first, 192.0.2.0/24: none of its keys is known: "
              "\"is_anonymous\"");
}

TEST_CASE("all problems are told at once, and older ones do not count") {
    const Databases made;
    const auto other = made.write("other.mmdb", {});
    const auto missing = made.folder.path("missing.mmdb");
    const auto text = made.folder.write("text.mmdb", "hello");
    const auto good = made.write("good.mmdb", {{prefix("192.0.2.0/24"), country("DE")}});
    const auto places = made.folder.write("places.csv", "x,,,DE,\n192.0.2.0/24,,,de,\n");
    geo::Problems problems{{.file = "older", .path = {}, .text = "older"}};
    CHECK(Sources::open({{good}, {}}, problems));
    CHECK(problems.size() == 1);
    CHECK_FALSE(Sources::open({{missing, good, text, other}, places}, problems));
    std::vector<std::string> files;
    for (const auto& problem : problems) files.push_back(problem.file);
    CHECK(files == std::vector<std::string>{"older", missing, text, other, places, places});
}

TEST_CASE("a places file that cannot be read is a problem") {
    const support::TemporaryFolder folder;
    const auto pipe = folder.path("pipe.csv");
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    for (const auto& [path, text] :
         {std::pair{folder.path("missing.csv"), "cannot be read: No such file or directory"},
          std::pair{folder.path(""), "expected a file, found a folder"},
          std::pair{pipe, "expected a file, found something else"}}) {
        CAPTURE(path);
        geo::Problems problems;
        CHECK_FALSE(Sources::open({{}, path}, problems));
        REQUIRE(problems.size() == 1);
        CHECK(geo::to_text(problems[0]) == path + ": " + text);
    }
}

TEST_CASE("private and loopback clients have no place, whatever a database says of them") {
    geo::Problems problems;
    const auto sources = Sources::open({}, problems);
    REQUIRE(sources);
    // The built-in database has 192.168.0.0/16 and 172.16.0.0/12 in a country.
    for (const auto* text :
         {"192.168.1.1", "172.16.0.1", "10.0.0.1", "127.0.0.1", "100.64.0.1", "fd00::1", "fe80::1",
          "::1", "::ffff:192.168.1.1", "2002:c0a8:101::1"}) {
        CAPTURE(text);
        CHECK_FALSE(sources->find(*geo::read_address(text)).place.located());
    }
}

}  // namespace source_sources_test
