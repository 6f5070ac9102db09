// SPDX-License-Identifier: Apache-2.0
// Zone files in master format: their records, their faults, and the zones that come of them.
#include "zones/master_file.hpp"

#include "tests/support/temporary_folder.hpp"
#include "tests/zones/reading.hpp"
#include "zones/zone_import.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

using zones::rr::A, zones::rr::AAAA, zones::rr::CNAME, zones::rr::MX, zones::rr::NS, zones::rr::SOA,
    zones::rr::SRV, zones::rr::TXT;

namespace {

const std::string head =
    "$TTL 1h\n"
    "@ SOA ns1 hostmaster 7 7200 900 1209600 60\n"
    "  NS ns1\n"
    "ns1 A 192.0.2.1\n";

struct Records {
    std::vector<std::string> lines;  // "owner TTL type RDATA"
    std::vector<std::string> problems;
};

Records records_of(const support::TemporaryFolder& folder, const std::string& text,
                   const std::optional<zones::Name>& origin = reading::name("example.com")) {
    const auto path = folder.write("zone", text);
    geo::Problems problems;
    zones::FilesOnDisk files;
    zones::MasterFile file{problems, files};
    Records records;
    file.read(path, origin, [&](const zones::MasterRecord& record) {
        records.lines.push_back(record.owner.text() + " " + std::to_string(record.ttl) + " " +
                                zones::type_text(record.type) + " " +
                                zones::rdata_text(record.type, record.rdata.octets));
    });
    records.problems = reading::lines_of(problems);
    return records;
}

/// All that a zone has of a type at a name, with the TTL; empty when nothing.
std::string answer(const zones::Zone& zone, const zones::Name& name, zones::RrType type) {
    const auto [found, node, label] = zone.look_up(name);
    const auto* set = node == zones::Zone::none ? nullptr : zone.find(node, type);
    if (set == nullptr) return {};
    const auto octets = zone.wire(*set).octets;
    return std::to_string(static_cast<int>(found)) + " " +
           std::string{octets.begin(), octets.end()};
}

}  // namespace

TEST_CASE("records are read in all forms of RFC 1035 §5 and RFC 2308 §4") {
    const support::TemporaryFolder folder;
    folder.write("more",
                 "in A 192.0.2.9\n  AAAA 2001:db8::9\n$ORIGIN else.test.\nat A 192.0.2.10\n");
    const auto [lines, problems] = records_of(folder,
                                              "; nothing but a remark\n"
                                              "\n"
                                              "$TTL 1h30m ; a remark\n"
                                              "@ IN SOA ns1 host\\.master (\n"
                                              "      2024 ; serial (not closed here)\n"
                                              "      7200 900 1209600\n"
                                              "      ) 60\n"
                                              "   NS ns1\n"
                                              "\tIN 60 MX 10 mail.example.net.\n"
                                              "a 300 IN A 192.0.2.1\n"
                                              "b in 300 a 192.0.2.2\r\n"
                                              "C 0 CLASS1 TYPE65280 \\# 3 0a 0b0c\n"
                                              "d TXT one \"two; (2)\" thr\\\"ee\n"
                                              "\\100\\.e A \\# 4 c0000203\n"
                                              "$ORIGIN sub\n"
                                              "www A 192.0.2.3\n"
                                              "$TTL 5\n"
                                              "@ AAAA 2001:db8::1\n"
                                              "$INCLUDE more below\n"
                                              "   A 192.0.2.4\n"
                                              "www.example.org. CNAME @");
    CHECK(reading::joined(problems) == "");
    CHECK(reading::joined(lines) ==
          "example.com. 5400 SOA ns1.example.com. host\\.master.example.com. 2024 7200 900 1209600 "
          "60\n"
          "example.com. 5400 NS ns1.example.com.\n"
          "example.com. 60 MX 10 mail.example.net.\n"
          "a.example.com. 300 A 192.0.2.1\n"
          "b.example.com. 300 A 192.0.2.2\n"
          "c.example.com. 0 TYPE65280 \\# 3 0a0b0c\n"
          "d.example.com. 5400 TXT \"one\" \"two; (2)\" \"thr\\\"ee\"\n"
          "d\\.e.example.com. 5400 A 192.0.2.3\n"
          "www.sub.example.com. 5400 A 192.0.2.3\n"
          "sub.example.com. 5 AAAA 2001:db8::1\n"
          "in.below.sub.example.com. 5 A 192.0.2.9\n"
          "in.below.sub.example.com. 5 AAAA 2001:db8::9\n"
          "at.else.test. 5 A 192.0.2.10\n"
          "sub.example.com. 5 A 192.0.2.4\n"
          "www.example.org. 5 CNAME sub.example.com.\n");
}

TEST_CASE("without $TTL a record has the TTL of the one before it, and the SOA its last field") {
    const support::TemporaryFolder folder;
    const auto [lines, problems] = records_of(folder,
                                              "@ SOA ns1 hostmaster 7 7200 900 1209600 60\n"
                                              "a A 192.0.2.1\n"
                                              "b 300 A 192.0.2.1\n"
                                              "c A 192.0.2.1\n");
    CHECK(reading::joined(problems).empty());
    CHECK(reading::joined(lines) ==
          "example.com. 60 SOA ns1.example.com. hostmaster.example.com. 7 7200 900 1209600 60\n"
          "a.example.com. 60 A 192.0.2.1\n"
          "b.example.com. 300 A 192.0.2.1\n"
          "c.example.com. 300 A 192.0.2.1\n");
}

TEST_CASE("a fault of a zone file tells its line and what was expected") {
    struct Row {
        std::string text;
        std::string expected;
    };
    const Row rows[] = {
        {"\n  A 192.0.2.1\n",            "2: the record has no owner: the line before it has none either"},
        {"a 5 A 192.0.2\n",
         "1: expected A, as in \"192.0.2.1\", found \"192.0.2\": that is no IPv4 address"                },
        {"a 5 CH A 192.0.2.1\n",         "1: expected the class IN, found CH"                            },
        {"a 5 IN\n",                     "1: expected a record type, found \"\""                         },
        {"a 5 IN B 192.0.2.1\n",         "1: expected a record type, found \"B\""                        },
        {"a A 192.0.2.1\n",              "1: the record has no TTL, and there is no $TTL before it"      },
        {"a 2147483648 A 192.0.2.1\n",
         "1: expected a TTL from 0 to 2147483647, found \"2147483648\""                                  },
        {"$TTL soon\n",                  "1: expected a TTL from 0 to 2147483647, found \"soon\""        },
        {"$TTL 5 6\n",                   "1: there is something behind $TTL's value"                     },
        {"$ORIGIN a..b.\n",              "1: expected a name, found \"a..b.\""                           },
        {"$GENERATE 1-9 a$ A 1.2.3.$\n",
         "1: expected a record, $ORIGIN, $TTL or $INCLUDE, found \"$GENERATE\""                          },
        {"$INCLUDE\n",                   "1: expected $INCLUDE, a file's name, and an origin if any"     },
        {"\na 5 TXT (\n \"b\"\n",        "2: the parenthesis is not closed"                              },
        {"a 5 TXT b )\n",                "1: a parenthesis is closed that was not opened"                },
        {"a 5 TXT \"b\nc 5 TXT d\n",     "1: the quote is not closed on its line"                        },
        {"a..b 5 A 192.0.2.1\n",         "1: expected a name, found \"a..b\""                            },
    };
    const support::TemporaryFolder folder;
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(reading::joined(records_of(folder, row.text).problems) == row.expected + "\n");
    }
}

TEST_CASE("a relative name needs an origin") {
    const support::TemporaryFolder folder;
    const auto [lines, problems] =
        records_of(folder, "a 5 A 192.0.2.1\na.test. 5 A 192.0.2.1\n", std::nullopt);
    CHECK(lines == std::vector<std::string>{"a.test. 5 A 192.0.2.1"});
    CHECK(reading::joined(problems) == "1: \"a\" is relative, and there is no $ORIGIN before it\n");
}

TEST_CASE("a file that includes itself is a fault and no crash") {
    const support::TemporaryFolder folder;
    CHECK(reading::joined(records_of(folder, "$INCLUDE zone\n").problems) ==
          "1: more than 16 files include one another\n");
}

TEST_CASE("files that include one another many times over end, with a fault") {
    const support::TemporaryFolder folder;
    std::string inner, outer;
    for (int i = 0; i < 40; ++i) {
        inner += "$INCLUDE leaf\n";
        outer += "$INCLUDE inner\n";
    }
    folder.write("leaf", "a 5 A 192.0.2.1\n");
    folder.write("inner", inner);
    const auto problems = records_of(folder, outer).problems;
    REQUIRE(!problems.empty());
    CHECK(problems.front().find("more than 1000 files are included") != std::string::npos);
    // Each line twice would be 65,536 reads.
    CHECK(!records_of(folder, "$INCLUDE zone\n$INCLUDE zone\n").problems.empty());
}

TEST_CASE("a zone file makes the zone that its JSON makes") {
    const support::TemporaryFolder folder;
    const auto path = folder.write("example.com.zone", head +
                                                           "@ 600 SRV 0 5 5061 sip.example.net.\n"
                                                           "www A 192.0.2.2\n"
                                                           "    TXT \"a\" b\n"
                                                           "*.any CNAME www\n"
                                                           "www A 192.0.2.3\n"
                                                           "ns1 AAAA 2001:db8::1\n"
                                                           "sub NS ns.sub\n"
                                                           "ns.sub 60 A 192.0.2.4\n"
                                                           "odd\\.name TYPE65280 \\# 2 abcd\n"
                                                           "tab NAPTR 1 1 \"u\" \"a\tb\" \"\" .\n"
                                                           "mail 60 MX 10 www\n"
                                                           "     60 MX 20 mail.example.net.\n");
    geo::Problems problems;
    const auto zone = zones::load_zone(path, problems);
    const auto text = zones::import_zone(path, zones::origin_of(path), problems);
    CHECK(reading::joined(reading::lines_of(problems)).empty());
    REQUIRE(zone != nullptr);
    REQUIRE(text.has_value());
    const auto [imported, faults] = reading::read(*text);
    CHECK(reading::joined(faults).empty());
    REQUIRE(imported != nullptr);
    CHECK(zone->serial() == 7);
    CHECK(imported->serial() == 7);
    CHECK(zone->name_count() == imported->name_count());
    REQUIRE(zone->name_servers().size() == 1);
    CHECK(zone->name_servers()[0].addresses.size() == 2);
    std::size_t answers = 0;
    for (const std::string name :
         {"@", "www", "x.any", "ns1", "sub", "ns.sub", "odd\\.name", "tab", "mail"}) {
        for (const auto type :
             {A, AAAA, CNAME, MX, NS, SOA, SRV, TXT, zones::RrType{35}, zones::RrType{65280}}) {
            const auto full = *zones::Name::from_text(name, zone->apex());
            CAPTURE(name);
            CAPTURE(type);
            CHECK(answer(*zone, full, type) == answer(*imported, full, type));
            if (!answer(*zone, full, type).empty()) ++answers;
        }
    }
    CHECK(answers == 13);
}

TEST_CASE("what is wrong with a zone out of a zone file is told with its line") {
    struct Row {
        std::string text;
        std::string expected;
    };
    const Row rows[] = {
        {"a 5 A 192.0.2.1\n",                                                           "1: expected the zone's SOA as the first record, found A\n"},
        {head + "a CNAME ns1\na A 192.0.2.1\n",
         "5: CNAME allows no other data at its name (RFC 1034 §3.6.2), found A\n"                                                                 },
        {head + "else.test. A 192.0.2.1\n",                                             "5: else.test. is outside of the zone example.com.\n"      },
        {head + "_probes TXT a\n",
         "5: the server answers _probes.example.com. itself: the dashboard\n"                                                                      },
        {head + "@ NS ns2\n",
         "3: the name server ns2.example.com. is inside this zone and has no address here\n"                                                       },
        {head + "a A 192.0.2.1\na 60 A 192.0.2.2\na A 192.0.2.1\n",
         "6: warning: all records of a name and type have one TTL (RFC 2181 §5.2): the lowest, 60, "
         "is used\n"
         "7: warning: the record stands here twice\n"                                                                                              },
        {head + "@ RRSIG A 8 2 60 20300101000000 20200101000000 1 example.com. AAAA\n",
         "5: warning: this and all other records of DNSSEC but DS (1 in all) are left out: the "
         "zone is "
         "served unsigned\n"                                                                                                                       },
    };
    const support::TemporaryFolder folder;
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto path = folder.write("example.com.zone", row.text);
        geo::Problems problems;
        const auto zone = zones::load_zone(path, problems);
        const bool faulty = row.expected.find("warning: ") == std::string::npos;
        CHECK((zone == nullptr) == faulty);
        CHECK(reading::joined(reading::lines_of(problems)) == row.expected);
    }
}

TEST_CASE("a file that ends in .zone may hold JSON") {
    const support::TemporaryFolder folder;
    const auto path =
        folder.write("a.zone", R"({"zone": "example.com", "nameservers": {"ns1": "192.0.2.1"}})");
    geo::Problems problems;
    CHECK(zones::load_zone(path, problems) != nullptr);
    CHECK(problems.empty());
}
