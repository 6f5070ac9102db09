// SPDX-License-Identifier: Apache-2.0
// Zones that come of files in master format, and of what these are imported as.
#include "zones/master/zone_import.hpp"

#include "tests/support/temporary_folder.hpp"
#include "tests/zones/reading.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace file_zone_import_test {

using zones::rr::A, zones::rr::AAAA, zones::rr::CNAME, zones::rr::MX, zones::rr::NS, zones::rr::SOA,
    zones::rr::SRV, zones::rr::TXT;

namespace {

const std::string head =
    "$TTL 1h\n"
    "@ SOA ns1 hostmaster 7 7200 900 1209600 60\n"
    "  NS ns1\n"
    "ns1 A 192.0.2.1\n";

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

}  // namespace file_zone_import_test
