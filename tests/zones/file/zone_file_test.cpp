// SPDX-License-Identifier: Apache-2.0
#include "zones/file/zone_file.hpp"

#include "tests/support/temporary_folder.hpp"
#include "tests/zones/reading.hpp"
#include "zones/name/record.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>

namespace file_zone_file_test {

using reading::name;
namespace rr = zones::rr;

namespace {

/// The SOA as text, with its TTL and that of negative answers before it.
std::string soa_of(const zones::Zone& zone) {
    const auto& set = *zone.find(zone.look_up(zone.apex()).node, rr::SOA);
    const auto wire = zone.wire(set);
    // The names are led to the apex by pointers; here they are made whole again.
    std::vector<std::uint8_t> rdata;
    const auto octets = wire.octets.subspan(12);
    std::size_t at = 0;
    for (int names = 0; names < 2; ++names) {
        while (octets[at] != 0) {
            const auto size = octets[at] + std::size_t{1};
            rdata.insert(rdata.end(), octets.begin() + static_cast<long>(at),
                         octets.begin() + static_cast<long>(at + size));
            at += size;
            if (std::ranges::count(wire.fixups, at + 12) > 0) {
                const auto rest = zone.apex().suffix(0).subspan(octets[at + 1]);
                rdata.insert(rdata.end(), rest.begin(), rest.end() - 1);
                at += 1;
                break;
            }
        }
        rdata.push_back(0);
        at += 1;
    }
    rdata.insert(rdata.end(), octets.begin() + static_cast<long>(at), octets.end());
    return std::to_string(zone.ttl(set)) + " " + std::to_string(zone.ttl(zone.negative_soa())) +
           " " + zones::rdata_text(rr::SOA, rdata);
}

std::uint32_t ttl_of(const zones::Zone& zone, std::string_view owner, zones::RrType type) {
    return zone.ttl(*zone.find(zone.look_up(name(owner)).node, type));
}

}  // namespace

TEST_CASE("a zone without \"soa\" has one made of defaults, its serial the time of the file") {
    const auto [zone, problems] = reading::read_with(R"("records": {})");
    REQUIRE(zone != nullptr);
    CHECK(zone->serial() == 1'700'000'000);
    CHECK(soa_of(*zone) ==
          "3600 60 ns1.example.com. hostmaster.example.com. 1700000000 7200 900 1209600 60");
}

TEST_CASE("the fields of \"soa\" change its defaults") {
    const auto [zone, problems] = reading::read_with(
        R"("soa": {"primary": "ns9", "mailbox": "first.last@example.net", "serial": 7, "refresh": 1,
                   "retry": "2m", "expire": "3h", "negative_ttl": "2h", "ttl": "1h"})");
    REQUIRE(zone != nullptr);
    CHECK(zone->serial() == 7);
    CHECK(soa_of(*zone) ==
          "3600 3600 ns9.example.com. first\\.last.example.net. 7 1 120 10800 7200");
}

TEST_CASE("a mailbox is an address, whose part before the @ is one label, or a name") {
    const auto mailbox = [](const std::string& text) {
        const auto [zone, problems] =
            reading::read_with(R"("soa": {"serial": 7, "mailbox": ")" + text + "\"}");
        REQUIRE(zone != nullptr);
        const auto soa = soa_of(*zone);
        const auto begin = soa.find(".com. ") + 6;
        return soa.substr(begin, soa.find(" 7 ") - begin);
    };
    CHECK(mailbox("first.last@example.net") == R"(first\.last.example.net.)");
    CHECK(mailbox("first\\\\.last@example.net") == R"(first\.last.example.net.)");
    CHECK(mailbox("first\\\\@last@example.net") == "first@last.example.net.");
    CHECK(mailbox("first\\\\@last.example.net.") == "first@last.example.net.");
    CHECK(mailbox("first") == "first.example.com.");
}

TEST_CASE(
    "an SOA that is spelled out gives the serial; negative answers have the lesser TTL (RFC 2308 "
    "section 5)") {
    const auto [zone, problems] = reading::read_with(
        R"("records": {"@": {"SOA": {"ttl": 300, "values": "ns1 hostmaster 4294967295 1h 2h 3h 30"}}})");
    REQUIRE(zone != nullptr);
    CHECK(zone->serial() == 4294967295);
    CHECK(soa_of(*zone) ==
          "300 30 ns1.example.com. hostmaster.example.com. 4294967295 3600 7200 10800 30");
    CHECK(zone->ttl(zone->negative_soa()) == 30);
    const auto wire = zone->wire(zone->negative_soa());
    CHECK(wire.rr_count == 1);
    CHECK(wire.octets[9] == 30);
}

TEST_CASE("load_zone takes the serial from the file's time") {
    const support::TemporaryFolder folder;
    const auto path = folder.write(
        "example.com.json", R"({"zone": "example.com", "nameservers": {"ns1": "192.0.2.1"}})");
    const timespec times[2] = {{.tv_sec = 1, .tv_nsec = 0},
                               {.tv_sec = 1'234'567'890, .tv_nsec = 5}};
    REQUIRE(::utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
    geo::Problems problems;
    const auto zone = zones::load_zone(path, problems);
    REQUIRE(zone != nullptr);
    CHECK(zone->serial() == 1'234'567'890);
}

TEST_CASE("load_zone names the file in each fault, and a file that is not there") {
    const support::TemporaryFolder folder;
    geo::Problems problems;
    CHECK(zones::load_zone(folder.write("a.json", "{}"), problems) == nullptr);
    CHECK(zones::load_zone(folder.path("b.json"), problems) == nullptr);
    REQUIRE(problems.size() == 3);
    CHECK(problems[0].file == folder.path("a.json"));
    CHECK(geo::to_text(problems[2]) ==
          folder.path("b.json") + ": cannot be read: No such file or directory");
}

TEST_CASE("records have their own TTL, the zone's, or an hour") {
    const auto [zone, problems] = reading::read_with(
        R"("records": {"a": {"A": "192.0.2.1"}, "b": {"A": {"ttl": "5m", "values": ["192.0.2.1"]}},
                       "c": {"A": {"values": "192.0.2.1"}}})");
    REQUIRE(zone != nullptr);
    CHECK(ttl_of(*zone, "a.example.com.", rr::A) == 3600);
    CHECK(ttl_of(*zone, "b.example.com.", rr::A) == 300);
    CHECK(ttl_of(*zone, "c.example.com.", rr::A) == 3600);
    CHECK(ttl_of(*zone, "example.com.", rr::NS) == 3600);
    const auto other = reading::read_with(R"("ttl": 0, "records": {"a": {"A": "192.0.2.1"}})");
    REQUIRE(other.zone != nullptr);
    CHECK(ttl_of(*other.zone, "a.example.com.", rr::A) == 0);
    CHECK(ttl_of(*other.zone, "ns1.example.com.", rr::A) == 0);
}

TEST_CASE("two dozen faults in one file are all reported, in the order of the file") {
    const auto [zone, problems] = reading::read(R"({
  "zone": "example.com",
  "ttl": 2147483648,
  "nameservers": { "ns1": [], "ns2": "192.0.2.300" },
  "edges": {
    "newyork": { "addresses": "192.0.2.10", "location": [91, 0] },
    "frankfurt": { "adresses": "192.0.2.11" },
    "Tokyo": { "addresses": "192.0.2.12" },
    "unused": { "addresses": "192.0.2.13" }
  },
  "recrods": {},
  "records": {
    "www.example.net.": { "A": "192.0.2.80" },
    "a": { "A": "2001:db8::1" },
    "b": { "CNAME": "a", "TXT": "x" },
    "c": { "CNAME": "c" },
    "d": { "CNMAE": "a" },
    "e": { "MX": "mail" },
    "f": { "A": 5 },
    "g": { "steer": { "nearest": ["newyrok", "frankfurt"] } },
    "h": { "steer": { "weighted": { "newyork": 0 } } },
    "i": { "steer": { "all": [] } },
    "j": { "steer": { "geo": { "contry:DE": "newyork" } } },
    "k": { "TXT": "x", "TXT": "y" },
    "l": { "NS": "ns.l" },
    "m": { "steer": "Tokyo", "A": { "ttl": "5x", "values": [] } }
  }
})");
    CHECK(zone == nullptr);
    CHECK(problems.size() >= 24);
    std::vector<int> lines;
    for (const auto& problem : problems) lines.push_back(std::stoi(problem));
    CHECK(std::ranges::is_sorted(lines));
    for (const int line :
         {3, 4, 6, 7, 8, 9, 11, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26}) {
        CAPTURE(line);
        CHECK(std::ranges::count(lines, line) > 0);
    }
}

TEST_CASE("a file whose zone has no name is still read for its other faults") {
    const auto [zone, problems] = reading::read(
        R"({"nameservers": {"ns1": "192.0.2.1"}, "records": {"@": {"A": "x", "MX": 5}}})");
    CHECK(zone == nullptr);
    CHECK(problems.size() == 3);
}

TEST_CASE("an RRset that fits into no message is a fault") {
    std::string values;
    for (int i = 100; i < 400; ++i) {
        values += (i == 100 ? "\"" : ", \"") + std::to_string(i) + std::string(250, 'x') + "\"";
    }
    const auto [zone, problems] =
        reading::read_with("\"records\": {\"a\": {\"TXT\": [" + values + "]}}");
    CHECK(zone == nullptr);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].ends_with("records.a.TXT: TXT: does not fit into a DNS message"));
}

TEST_CASE("a name that was most likely meant to be absolute is warned of") {
    const auto [zone, problems] =
        reading::read_with(R"("records": {"www": {"CNAME": "www.example.net"}})");
    REQUIRE(zone != nullptr);
    REQUIRE(problems.size() == 1);
    CHECK(
        problems[0] ==
        "1:91: records.www.CNAME: warning: CNAME leads to www.example.net.example.com., which does "
        "not exist; a name outside of this zone needs a dot at its end");
}

TEST_CASE("a chain of 16 steps is followed, a longer one is a fault") {
    const auto chain = [](int steps) {
        std::string records;
        for (int i = 0; i < steps; ++i) {
            records +=
                "\"c" + std::to_string(i) + "\": {\"CNAME\": \"c" + std::to_string(i + 1) + "\"}, ";
        }
        return reading::read_with("\"records\": {" + records + "\"c" + std::to_string(steps) +
                                  "\": {\"A\": \"192.0.2.1\"}}");
    };
    CHECK(chain(16).zone != nullptr);
    CHECK(chain(17).zone == nullptr);
}

TEST_CASE("what becomes of an answer without a living edge is as the zone says") {
    using zones::AllDown;
    const auto all_down = [](const std::string& member) {
        const auto [zone, problems] = reading::read_with(
            member + R"("edges": {"a": {"addresses": "192.0.2.1"}, "b": {"addresses": "192.0.2.2"},
                                  "c": {"addresses": "192.0.2.3"}},
                        "records": {"@": {"steer": {"all": ["a", "b", "c"]}}})");
        REQUIRE(zone != nullptr);
        return zone->all_down();
    };
    CHECK(all_down("").kind == AllDown::Kind::AsIfUp);
    CHECK(all_down(R"("all_down": "as-if-up", )").kind == AllDown::Kind::AsIfUp);
    CHECK(all_down(R"("all_down": "nodata", )").kind == AllDown::Kind::NoData);
    const auto last = all_down(R"("all_down": {"last_resort": "c"}, )");
    CHECK(last.kind == AllDown::Kind::LastResort);
    CHECK(last.edge == 2);
}

TEST_CASE("a word for \"all_down\" that is none is a fault") {
    for (const std::string value : {R"("as-if-down")", "{}", "true", "null", "[]"}) {
        CAPTURE(value);
        const auto [zone, problems] = reading::read_with("\"all_down\": " + value);
        CHECK(zone == nullptr);
        REQUIRE(problems.size() == 1);
        CHECK(problems[0].find("all_down: expected \"as-if-up\", \"nodata\" or ") !=
              std::string::npos);
    }
}

TEST_CASE("an edge that is the last resort needs no \"steer\"") {
    const std::string rest =
        R"("edges": {"a": {"addresses": "192.0.2.1"}, "b": {"addresses": "192.0.2.2"}},
           "records": {"@": {"steer": "a"}})";
    CHECK(reading::read_with(rest).zone == nullptr);
    const auto used = reading::read_with(R"("all_down": {"last_resort": "b"}, )" + rest);
    CHECK(used.zone != nullptr);
    CHECK(used.problems.empty());
}

TEST_CASE("the least TTL of a steered name is its own, the zone's, or 5 seconds") {
    struct Row {
        std::string zone;
        std::string steer;
        std::uint32_t expected;
    };
    const Row rows[] = {
        {"", "", 5},
        {R"("min_ttl": "20s", )", "", 20},
        {R"("min_ttl": 0, )", "", 0},
        {R"("min_ttl": 20, )", R"(, "min_ttl": 30)", 30},
        {"", R"(, "min_ttl": 60)", 60},
        {"", R"(, "min_ttl": "5m", "ttl": "5m")", 300},
        {"", R"(, "ttl": 4)", 4},
        {"", R"(, "ttl": 0)", 0},
        {R"("ttl": 3, )", "", 3},
        {R"("ttl": 3, "min_ttl": "1m", )", R"(, "ttl": 60)", 60},
    };
    for (const auto& row : rows) {
        CAPTURE(row.zone);
        CAPTURE(row.steer);
        const auto [zone, problems] =
            reading::read_with(row.zone + R"("edges": {"a": {"addresses": "192.0.2.1"}},
                          "records": {"@": {"steer": {"all": "a")" +
                               row.steer + "}}}");
        REQUIRE(zone != nullptr);
        CHECK(zone->steers()[0].min_ttl == row.expected);
    }
}

TEST_CASE("a TTL that cannot be read is not called too short as well") {
    const auto [zone, problems] = reading::read_with(
        R"("ttl": "x", "min_ttl": 100, "edges": {"a": {"addresses": "192.0.2.1"}},
           "records": {"@": {"steer": "a"}, "b": {"steer": {"all": "a", "ttl": "y"}}})");
    CHECK(zone == nullptr);
    CHECK(problems.size() == 2);
}

TEST_CASE("a zone without a name is not told that its checks lack a host") {
    const auto [zone, problems] = reading::read(
        R"({"nameservers": {"ns1.": "192.0.2.1"}, "records": {"@": {"steer": "a"}},
            "edges": {"a": {"addresses": "192.0.2.1", "check": {"https": 443}}}})");
    CHECK(zone == nullptr);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].find("\"zone\" is missing") != std::string::npos);
}

}  // namespace file_zone_file_test
