// SPDX-License-Identifier: Apache-2.0
// Zone files in master format: their records, their faults, and the zones that come of them.
#include "zones/file/master_file.hpp"

#include "tests/support/temporary_folder.hpp"
#include "tests/zones/reading.hpp"
#include "zones/file/zone_import.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace file_master_file_test {

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
        {"\n  A 192.0.2.1\n", "2: the record has no owner: the line before it has none either"},
        {"a 5 A 192.0.2\n",
         "1: expected A, as in \"192.0.2.1\", found \"192.0.2\": that is no IPv4 address"},
        {"a 5 CH A 192.0.2.1\n", "1: expected the class IN, found CH"},
        {"a 5 IN\n", "1: expected a record type, found \"\""},
        {"a 5 IN B 192.0.2.1\n", "1: expected a record type, found \"B\""},
        {"a A 192.0.2.1\n", "1: the record has no TTL, and there is no $TTL before it"},
        {"a 2147483648 A 192.0.2.1\n",
         "1: expected a TTL from 0 to 2147483647, found \"2147483648\""},
        {"$TTL soon\n", "1: expected a TTL from 0 to 2147483647, found \"soon\""},
        {"$TTL 5 6\n", "1: there is something behind $TTL's value"},
        {"$ORIGIN a..b.\n", "1: expected a name, found \"a..b.\": a label is empty"},
        {"$GENERATE 1-9 a$ A 1.2.3.$\n",
         "1: expected a record, $ORIGIN, $TTL or $INCLUDE, found \"$GENERATE\""},
        {"$INCLUDE\n", "1: expected $INCLUDE, a file's name, and an origin if any"},
        {"\na 5 TXT (\n \"b\"\n", "2: the parenthesis is not closed"},
        {"a 5 TXT b )\n", "1: a parenthesis is closed that was not opened"},
        {"a 5 TXT \"b\nc 5 TXT d\n", "1: the quote is not closed on its line"},
        {"a..b 5 A 192.0.2.1\n", "1: expected a name, found \"a..b\": a label is empty"},
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
        {"a 5 A 192.0.2.1\n", " expected the zone's SOA record, found none\n"},
        {head + "a CNAME ns1\na A 192.0.2.1\n",
         "5: CNAME allows no other data at its name (RFC 1034 §3.6.2), found A\n"},
        {head + "else.test. A 192.0.2.1\n", "5: else.test. is outside of the zone example.com.\n"},
        {head + "_probes TXT a\n",
         "5: the server answers _probes.example.com. itself: the dashboard\n"},
        {head + "@ NS ns2\n",
         "3: the name server ns2.example.com. is inside this zone and has no address here\n"},
        {head + "a A 192.0.2.1\na 60 A 192.0.2.2\na A 192.0.2.1\n",
         "6: warning: all records of a name and type have one TTL (RFC 2181 §5.2): the lowest, 60, "
         "is used\n"
         "7: warning: the record stands here twice\n"},
        {head + "@ RRSIG A 8 2 60 20300101000000 20200101000000 1 example.com. AAAA\n",
         "5: warning: this and all other records of DNSSEC but DS (1 in all) are left out: the "
         "zone is "
         "served unsigned\n"},
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

TEST_CASE("the SOA may stand anywhere, and one that lacks is one fault") {
    const support::TemporaryFolder folder;
    const auto load = [&](const std::string& text) {
        const auto path = folder.write("example.com.zone", text);
        geo::Problems problems;
        auto zone = zones::load_zone(path, problems);
        return std::pair{std::move(zone), reading::joined(reading::lines_of(problems))};
    };
    const std::string rest = "ns1 A 192.0.2.1\nwww 60 A 192.0.2.2\n@ NS ns1\nWWW 60 TXT a\n";
    const std::string soa = "@ SOA ns1 hostmaster 7 7200 900 1209600 60\n";
    const auto first = load("$TTL 1h\n" + soa + rest);
    const auto last = load("$TTL 1h\n" + rest + soa);
    const auto middle =
        load("$TTL 1h\n$ORIGIN .\nwww.example.com 60 A 192.0.2.2\n$ORIGIN example.com.\n" + soa +
             "ns1 A 192.0.2.1\n@ NS ns1\nwww 60 TXT a\n");
    for (const auto* loaded : {&first, &last, &middle}) {
        CHECK(loaded->second == "");
        REQUIRE(loaded->first != nullptr);
        CHECK(loaded->first->apex() == reading::name("example.com"));
        CHECK(loaded->first->serial() == 7);
        CHECK(loaded->first->name_count() == 3);
        CHECK(loaded->first->name_servers().size() == 1);
        for (const auto type : {A, TXT, NS, SOA}) {
            for (const auto* name : {"example.com", "www.example.com", "ns1.example.com"}) {
                const auto full = reading::name(name);
                CHECK(answer(*loaded->first, full, type) == answer(*first.first, full, type));
            }
        }
    }
    CHECK(load("$TTL 1h\n" + rest).second == " expected the zone's SOA record, found none\n");
    CHECK(load("$TTL 1h\nx.test. A 192.0.2.1\n" + rest + soa).second ==
          "2: x.test. is outside of the zone example.com.\n");
    CHECK(load("$TTL 1h\n@ SOA ns1 hostmaster\n" + rest).second.find("\n") ==
          load("$TTL 1h\n@ SOA ns1 hostmaster\n" + rest).second.size() - 1);
    CHECK(load("$TTL 1h\n" + soa + "@ NS a..b\nns1 A 192.0.2.1\n")
              .second.starts_with("3: expected NS"));
    CHECK(load("$TTL 1h\n" + soa + "@ NS a..b\nns1 A 192.0.2.1\n").second.find("no NS records") ==
          std::string::npos);
    CHECK(load(rest + "a A 192.0.2.1\n" + soa).second ==
          "1: the record has no TTL, and there is no $TTL before it\n");
}

TEST_CASE("names may stand in quotes") {
    const support::TemporaryFolder folder;
    const auto [lines, problems] = records_of(folder,
                                              "$TTL 5\n$ORIGIN \"sub\"\n\"www\" A 192.0.2.1\n"
                                              "\"@\" CNAME \"www.example.net.\"\n"
                                              "\"a.b\" MX 10 \"@\"\n");
    CHECK(reading::joined(problems) == "");
    CHECK(reading::joined(lines) ==
          "www.sub.example.com. 5 A 192.0.2.1\n"
          "sub.example.com. 5 CNAME www.example.net.\n"
          "a.b.sub.example.com. 5 MX 10 sub.example.com.\n");
}

TEST_CASE("what is wrong with an included file as a whole is told where it is included") {
    const support::TemporaryFolder folder;
    const auto problems_of = [&](const std::string& text) {
        const auto path = folder.write("zone", text);
        geo::Problems problems;
        zones::FilesOnDisk files;
        zones::MasterFile{problems, files}.read(path, reading::name("example.com"),
                                                [](const zones::MasterRecord&) {});
        std::string told;
        for (const auto& problem : problems) {
            told += problem.file == path ? "zone" : problem.file;
            told += geo::to_text(problem).substr(problem.file.size()) + "\n";
        }
        return told;
    };
    CHECK(problems_of("\n$INCLUDE missing\n") ==
          "zone:2: $INCLUDE \"missing\": cannot be read: No such file or directory\n");
    folder.write("wide", std::string_view{"\xFF\xFE"
                                          "a\0",
                                          4});
    CHECK(problems_of("$INCLUDE \"wide\"\n") ==
          "zone:1: $INCLUDE \"wide\": expected UTF-8, found UTF-16\n");
    folder.write("inner", "\n\n$INCLUDE nowhere\n");
    CHECK(problems_of("$INCLUDE inner\n").find("inner:3: $INCLUDE \"nowhere\": cannot be read") !=
          std::string::npos);
}

TEST_CASE("a byte order mark is skipped in a file and in those that it includes, UTF-16 is named") {
    const support::TemporaryFolder folder;
    const std::string mark = "\xEF\xBB\xBF";
    folder.write("more", mark + "b A 192.0.2.2\n");
    const auto [lines, problems] =
        records_of(folder, mark + "$TTL 5\r\na A 192.0.2.1\r\n$INCLUDE more\r\n");
    CHECK(reading::joined(problems) == "");
    CHECK(reading::joined(lines) == "a.example.com. 5 A 192.0.2.1\nb.example.com. 5 A 192.0.2.2\n");
    const std::string letters = "a 5 A 192.0.2.1\n";
    for (const bool big : {false, true}) {
        for (const bool marked : {false, true}) {
            std::string wide = marked ? big ? "\xFE\xFF" : "\xFF\xFE" : "";
            for (const char c : letters) wide += big ? std::string{'\0', c} : std::string{c, '\0'};
            CHECK(reading::joined(records_of(folder, wide).problems) ==
                  " expected UTF-8, found UTF-16\n");
        }
    }
    CHECK(reading::joined(
              records_of(folder, "a 5 A 192.0.2.1\n" + mark + "b 5 A 192.0.2.2\n").problems) ==
          "2: a byte order mark stands here: two files have been joined\n");
    const auto json = folder.write(
        "json.zone", mark + R"({"zone": "example.com", "nameservers": {"ns1": "192.0.2.1"}})");
    geo::Problems faults;
    CHECK(zones::load_zone(json, faults) != nullptr);
    CHECK(faults.empty());
}

TEST_CASE("letters outside of ASCII in a name are told of") {
    const support::TemporaryFolder folder;
    CHECK(reading::joined(records_of(folder, "b\u00FCcher 5 A 192.0.2.1\n").problems) ==
          "1: warning: \"b\u00FCcher\" is not ASCII: clients ask for such a name in its \"xn--\" "
          "form (RFC 5891)\n");
    CHECK(reading::joined(records_of(folder, "a 5 TXT \u201Cone two\u201D\n").problems) ==
          "1: warning: U+201C stands in it, which looks like a quote and is none\n");
}

TEST_CASE("no octet of a file commands the terminal that shows what is wrong with it") {
    const support::TemporaryFolder folder;
    const auto said = reading::joined(
        records_of(folder, "\x1B[31m 5 B \x9B\x7F\u009B\u202E\n$INCLUDE \x1B]0;x\x07\n").problems);
    CHECK(said.find("\\u001b") != std::string::npos);
    for (const char c : said) CHECK((static_cast<unsigned char>(c) >= ' ' || c == '\n'));
    CHECK(said.find('\x7F') == std::string::npos);
    CHECK(said.find("\xC2\x9B") == std::string::npos);
    CHECK(said.find("\u202E") == std::string::npos);
}

TEST_CASE("many records that stand twice are told of once") {
    const support::TemporaryFolder folder;
    std::string text = head;
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 100; ++i) text += "a TXT " + std::to_string(i) + "\n";
    }
    const auto path = folder.write("example.com.zone", text + "a MX 10 ns1\na MX 10 NS1\n");
    geo::Problems problems;
    CHECK(zones::load_zone(path, problems) != nullptr);
    CHECK(reading::joined(reading::lines_of(problems)) ==
          "206: warning: the record stands here twice\n"
          "105: warning: this record and 99 more of its name and type stand here twice\n");
}

TEST_CASE("an import keeps each TTL, and the case of names in values") {
    const support::TemporaryFolder folder;
    const auto path = folder.write(
        "example.com.zone",
        "$TTL 1d\n@ SOA NS1 Host.Master 7 7200 900 1209600 60\n"
        "@ NS NS1\n@ NS Out.Example.NET.\n@ NS Ns2.EXAMPLE.com.\nns1 A 192.0.2.1\nns2 A 192.0.2.2\n"
        "$TTL 60\nwww A 192.0.2.3\nalias CNAME WWW\n");
    geo::Problems problems;
    const auto zone = zones::load_zone(path, problems);
    auto text = zones::import_zone(path, zones::origin_of(path), problems);
    CHECK(reading::joined(reading::lines_of(problems)) == "");
    REQUIRE(zone != nullptr);
    REQUIRE(text.has_value());
    CHECK(text->find("\"ttl\": 86400,\n") != std::string::npos);
    const auto [imported, faults] = reading::read(*text);
    CHECK(reading::joined(faults) == "");
    REQUIRE(imported != nullptr);
    for (const auto* name :
         {"example.com", "ns1.example.com", "www.example.com", "alias.example.com"}) {
        for (const auto type : {A, CNAME, NS, SOA}) {
            const auto full = reading::name(name);
            CHECK(answer(*zone, full, type) == answer(*imported, full, type));
        }
    }
    const auto servers = answer(*imported, reading::name("example.com"), NS);
    CHECK(servers.find("\3NS1") != std::string::npos);
    CHECK(servers.find("\3Out\7Example\3NET") != std::string::npos);
    CHECK(servers.find("\3Ns2\7EXAMPLE") != std::string::npos);
    CHECK(answer(*imported, reading::name("alias.example.com"), CNAME).find("\3WWW") !=
          std::string::npos);
}

TEST_CASE("a file that ends in .zone may hold JSON") {
    const support::TemporaryFolder folder;
    const auto path =
        folder.write("a.zone", R"({"zone": "example.com", "nameservers": {"ns1": "192.0.2.1"}})");
    geo::Problems problems;
    CHECK(zones::load_zone(path, problems) != nullptr);
    CHECK(problems.empty());
}

}  // namespace file_master_file_test
