// SPDX-License-Identifier: Apache-2.0
#include "zones/zone/zone_digest.hpp"

#include "tests/support/temporary_folder.hpp"
#include "zones/file/zone_file.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace zone_zone_digest_test {

namespace {

using support::TemporaryFolder;

const std::string example = R"({
  "zone": "plex.example.com",
  "soa": { "primary": "ns1", "expire": 1209600 },
  "nameservers": { "ns1": "192.0.2.10", "ns2": ["198.51.100.20", "2001:db8::20"] },
  "groups": { "north": ["country:SE", "country:NO"] },
  "edges": {
    "newyork": { "addresses": ["192.0.2.10", "2001:db8::10"], "location": [40.5, -74.25],
                 "check": { "tcp": 32400, "interval": "10s" } },
    "singapore": { "addresses": "198.51.100.20", "location": [1.25, 103.75],
                   "check": [ { "tcp": 32400 }, { "http": 80, "path": "/" } ],
                   "origin": { "tcp": 32400 } }
  },
  "all_down": "nodata",
  "records": {
    "@": { "steer": { "latency": ["newyork", "singapore"], "bias": { "newyork": "10 km" } } },
    "geo": { "steer": { "geo": { "group:north": "newyork", "continent:AS": "singapore",
                                 "*": { "weighted": { "newyork": 2, "singapore": 1 } } } } },
    "mail": { "MX": ["10 a.example.net.", "20 b"], "TXT": { "ttl": 60, "values": ["one", "two"] } },
    "b": { "A": ["192.0.2.1", "192.0.2.2"] },
    "deep.er": { "SRV": "1 2 443 b" }
  }
})";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), by);
}

std::uint64_t digest_of(const std::string& text, std::uint32_t changed = 1) {
    geo::Problems problems;
    const auto zone = zones::read_zone(text, "zone.json", changed, problems);
    for (const auto& problem : problems) CAPTURE(geo::to_text(problem));
    REQUIRE(zone != nullptr);
    return zone->digest();
}

std::uint64_t digest_of_master(const std::string& text) {
    const TemporaryFolder folder;
    const auto path = folder.write("a.example.zone", text);
    geo::Problems problems;
    const auto zone = zones::load_zone(path, problems);
    REQUIRE(zone != nullptr);
    return zone->digest();
}

}  // namespace

TEST_CASE("zones that mean the same have one digest, however their files are written") {
    const struct {
        const char* name;
        const char* what;
        const char* by;
    } rows[] = {
        {"blanks", "\n", "\n\n   "},
        {"another order of edges' keys", "\"location\": [1.25, 103.75],", ""},
        {"a number written otherwise", "[40.5, -74.25]", "[40.50, -7.425e1]"},
        {"an address written otherwise", "2001:db8::10", "2001:DB8:0::10"},
        {"addresses in another order", "[\"192.0.2.10\", \"2001:db8::10\"]",
         "[\"2001:db8::10\", \"192.0.2.10\"]"},
        {"a default that is written down", "\"interval\": \"10s\"", "\"interval\": 10"},
        {"a time with another unit", "1209600", "\"14d\""},
        {"checks in another order", "{ \"tcp\": 32400 }, { \"http\": 80, \"path\": \"/\" }",
         "{ \"http\": 80 }, { \"tcp\": 32400 }"},
        {"records in another order", "\"10 a.example.net.\", \"20 b\"",
         "\"20 b\", \"10 a.example.net.\""},
        {"a name in capitals", "\"b\": { \"A\"", "\"B\": { \"A\""},
        {"a name that is absolute", "\"20 b\"", "\"20 b.plex.example.com.\""},
        {"weights in another order", "\"newyork\": 2, \"singapore\": 1",
         "\"singapore\": 1, \"newyork\": 2"},
        {"rows in another order", "\"group:north\": \"newyork\", \"continent:AS\": \"singapore\",",
         "\"continent:AS\": \"singapore\", \"group:north\": \"newyork\","},
        {"a group in another order", "\"country:SE\", \"country:NO\"",
         "\"country:NO\", \"country:SE\""},
    };
    const auto expected = digest_of(example);
    CHECK(digest_of(example, 2) == expected);  // a file of another time
    for (const auto& row : rows) {
        CAPTURE(row.name);
        auto text = replaced(example, row.what, row.by);
        if (std::string{row.by}.empty())
            text = replaced(text, "\"origin\": {", "\"location\": [1.25, 103.75], \"origin\": {");
        CHECK(digest_of(text) == expected);
    }
    // Edges and names in another order.
    auto text = example;
    const auto edges = text.find("\"singapore\": { \"addresses\"");
    const auto end = text.find("\"all_down\"");
    const auto singapore = text.substr(edges, text.rfind('}', end) - edges);
    text.erase(edges, singapore.size());
    text = replaced(text, "\"interval\": \"10s\" } },", "\"interval\": \"10s\" } }");
    text = replaced(text, "\"newyork\": { \"addresses\"",
                    singapore + ", \"newyork\": { \"addresses\"");
    text = replaced(text, "\"b\": { \"A\": [\"192.0.2.1\", \"192.0.2.2\"] },\n", "");
    text = replaced(text, "\"mail\": {",
                    "\"b\": { \"A\": [\"192.0.2.1\", \"192.0.2.2\"] }, \"mail\": {");
    CHECK(digest_of(text) == expected);
}

TEST_CASE("whatever a zone's file says else makes another digest") {
    const struct {
        const char* what;
        const char* by;
    } rows[] = {
        {"\"192.0.2.1\"", "\"192.0.2.3\""},
        {"\"ttl\": 60", "\"ttl\": 61"},
        {"\"two\"", "\"too\""},
        {"deep.er", "deep.e"},
        {"\"expire\": 1209600", "\"expire\": 1209601"},
        {"\"expire\": 1209600", "\"expire\": 1209600, \"serial\": 1"},
        {"\"expire\": 1209600", "\"expire\": 1209600, \"serial\": 2"},
        {"\"192.0.2.10\", \"2001:db8::10\"", "\"192.0.2.11\", \"2001:db8::10\""},
        {"40.5", "40.75"},
        {"\"tcp\": 32400, \"interval\"", "\"tcp\": 32401, \"interval\""},
        {"\"interval\": \"10s\"", "\"interval\": \"11s\""},
        {"\"origin\": { \"tcp\": 32400 }", "\"origin\": { \"tcp\": 32401 }"},
        {"\"all_down\": \"nodata\",", ""},
        {"\"all_down\": \"nodata\",",
         "\"all_down\": \"nodata\", \"missing_family\": \"next-edge\","},
        {"\"newyork\": \"10 km\"", "\"newyork\": \"11 km\""},
        {"\"newyork\": \"10 km\"", "\"singapore\": \"10 km\""},
        {"[\"newyork\", \"singapore\"], \"bias\"", "[\"singapore\", \"newyork\"], \"bias\""},
        {"\"latency\": [", "\"nearest\": ["},
        {"\"group:north\": \"newyork\"", "\"group:north\": \"singapore\""},
        {"\"country:NO\"", "\"country:DK\""},
        {"\"newyork\": 2", "\"newyork\": 3"},
        {"\"newyork\": 2, \"singapore\": 1", "\"newyork\": 1, \"singapore\": 2"},
        {"{ \"steer\": { \"latency\"", "{ \"steer\": { \"ttl\": 30, \"latency\""},
        {"{ \"steer\": { \"latency\"", "{ \"steer\": { \"min_ttl\": 3, \"latency\""},
        {"{ \"steer\": { \"latency\"", "{ \"steer\": { \"answers\": 2, \"latency\""},
    };
    std::set<std::uint64_t> digests{digest_of(example)};
    for (const auto& row : rows) {
        CAPTURE(row.what);
        CAPTURE(row.by);
        CHECK(digests.insert(digest_of(replaced(example, row.what, row.by))).second);
    }
}

TEST_CASE(
    "a zone in master format has a digest of its records, whatever their order, and of its "
    "serial") {
    const std::string soa = "@ 3600 IN SOA ns1 hostmaster 7 7200 900 1209600 60\n";
    const std::string rest = "@ 3600 IN NS ns1\nns1 3600 IN A 192.0.2.10\n";
    const std::string www = "www 60 IN A 192.0.2.1\nwww 60 IN A 192.0.2.2\n";
    const auto expected = digest_of_master(soa + rest + www);
    CHECK(digest_of_master("; a comment\n$TTL 60\n" + soa + "www A 192.0.2.2\n    A 192.0.2.1\n" +
                           rest) == expected);
    CHECK(digest_of_master(replaced(soa, " 7 ", " 8 ") + rest + www) != expected);
    CHECK(digest_of_master(soa + rest) != expected);
    // The same as JSON that gives the same serial.
    CHECK(digest_of(R"({ "zone": "a.example",
        "soa": { "serial": 7, "primary": "ns1", "mailbox": "hostmaster@a.example" },
        "nameservers": { "ns1": "192.0.2.10" },
        "records": { "www": { "A": { "ttl": 60, "values": ["192.0.2.2", "192.0.2.1"] } } } })") ==
          expected);
}

}  // namespace zone_zone_digest_test
