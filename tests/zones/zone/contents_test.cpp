// SPDX-License-Identifier: Apache-2.0
#include "zones/zone/contents.hpp"

#include "geo/base/file_text.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/zones/reading.hpp"
#include "zones/file/zone_file.hpp"
#include "zones/zone/zone_builder.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace zone_contents_test {

namespace {

using reading::name;
using zones::Contents;
using Octets = std::vector<std::uint8_t>;

Contents json(std::string text) {
    geo::Problems problems;
    auto contents = zones::read_contents(std::move(text), "zone.json", 1, problems);
    CAPTURE(reading::joined(reading::lines_of(problems)));
    REQUIRE(contents.has_value());
    return std::move(*contents);
}

Contents master(const std::string& text) {
    const support::TemporaryFolder folder;
    const auto path = folder.write("a.example.zone", text);
    geo::Problems problems;
    zones::FilesOnDisk files;
    auto contents = zones::load_contents(path, problems, files);
    CAPTURE(reading::joined(reading::lines_of(problems)));
    REQUIRE(contents.has_value());
    return std::move(*contents);
}

/// A zone whose "records" are these.
std::string with_records(const std::string& records) {
    return R"({ "zone": "a.example",
        "soa": { "serial": 7, "primary": "ns1", "mailbox": "hostmaster@a.example" },
        "nameservers": { "ns1": "192.0.2.10" }, "records": { )" +
           records + "} }";
}

const std::string head =
    "@ 3600 IN SOA ns1 hostmaster 7 7200 900 1209600 60\n@ 3600 IN NS ns1\n"
    "ns1 3600 IN A 192.0.2.10\n";

/// A zone that has only these names below the apex, one TXT each.
Contents with_names(const std::vector<std::string>& names, const char* apex = "example.") {
    Contents contents{name(apex)};
    const zones::Rdata text{.octets = {1, 'x'}};
    for (const auto& owner : names) contents.add(name(owner), zones::rr::TXT, 60, {text}, {});
    return contents;
}

std::vector<std::string> canonical_names(const Contents& contents) {
    std::vector<std::string> names;
    for (const auto* set : contents.in_canonical_order())
        names.push_back(contents.owner(*set).text());
    return names;
}

const std::string steered = R"({ "zone": "a.example",
    "soa": { "serial": 7 }, "nameservers": { "ns1": "192.0.2.10" },
    "edges": { "one": { "addresses": "192.0.2.1", "check": { "tcp": 80 } },
               "two": { "addresses": "192.0.2.2", "check": { "tcp": 80 } } },
    "records": { "www": { "TXT": "a", "steer": { "failover": ["one", "two"] } } } })";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), by);
}

}  // namespace

TEST_CASE("a zone in JSON and the same zone in master format have the same contents") {
    const auto from_json = json(with_records(R"(
        "www": { "A": { "ttl": 60, "values": ["192.0.2.2", "192.0.2.1"] }, "AAAA": "2001:db8::1" },
        "@": { "MX": "10 Mail", "TXT": ["one", "two words"] },
        "*.deep.er": { "CNAME": "www" }, "cut": { "NS": "ns.example.net." } )"));
    const auto from_master =
        master("$TTL 1h\ncut NS ns.example.net.\n*.deep.er CNAME www\n" + head +
               "www 60 A 192.0.2.1\n@ TXT one\n@ TXT \"two words\"\n"
               "WWW 60 A 192.0.2.2\n@ MX 10 Mail\nwww AAAA 2001:DB8:0::1\n");
    CHECK(from_json == from_master);
    CHECK(from_json == json(with_records(R"(
        "*.deep.er": { "CNAME": "www" }, "cut": { "NS": "ns.example.net." },
        "@": { "TXT": ["two words", "one"], "MX": "10 Mail" },
        "www": { "AAAA": "2001:db8::1", "A": { "ttl": 60, "values": ["192.0.2.1", "192.0.2.2"] } }
        )")));
}

TEST_CASE("contents differ by a name, a type, a TTL, a record or the case of a name in it") {
    const auto one = json(with_records(R"("www": { "A": "192.0.2.1", "CAA": "0 issue \"a\"" },
                                          "m": { "MX": "10 www" })"));
    for (const std::string other : {
             R"("wwx": { "A": "192.0.2.1", "CAA": "0 issue \"a\"" }, "m": { "MX": "10 www" })",
             R"("www": { "A": "192.0.2.1" }, "m": { "MX": "10 www" })",
             R"("www": { "A": "192.0.2.1", "TXT": "0 issue a" }, "m": { "MX": "10 www" })",
             R"("www": { "A": { "ttl": 1, "values": "192.0.2.1" }, "CAA": "0 issue \"a\"" },
                "m": { "MX": "10 www" })",
             R"("www": { "A": "192.0.2.2", "CAA": "0 issue \"a\"" }, "m": { "MX": "10 www" })",
             R"("www": { "A": ["192.0.2.1", "192.0.2.2"], "CAA": "0 issue \"a\"" },
                "m": { "MX": "10 www" })",
             R"("www": { "A": "192.0.2.1", "CAA": "0 issue \"a\"" }, "m": { "MX": "10 WWW" })",
         }) {
        CAPTURE(other);
        CHECK_FALSE(one == json(with_records(other)));
    }
}

TEST_CASE("contents differ by a steer, an edge or a choice") {
    const auto one = json(steered);
    CHECK(one == json(steered));
    const std::pair<const char*, const char*> changes[] = {
        {"[\"one\", \"two\"]", "[\"two\", \"one\"]"},
        {"\"failover\"", "\"ttl\": 30, \"failover\""},
        {"\"failover\"", "\"min_ttl\": 3, \"failover\""},
        {"192.0.2.2", "192.0.2.3"},
        {"\"tcp\": 80", "\"tcp\": 81"},
        {"\"edges\"", "\"all_down\": \"nodata\", \"edges\""},
        {"\"edges\"", "\"missing_family\": \"next-edge\", \"edges\""},
        {"\"steer\": { \"failover\": [\"one\", \"two\"] }", "\"A\": \"192.0.2.1\""},
    };
    for (const auto& [what, by] : changes) {
        CAPTURE(by);
        auto text = replaced(steered, what, by);
        if (std::string{by}.starts_with("\"A\"")) {
            text = replaced(text, "\"TXT\": \"a\"",
                            "\"TXT\": \"a\" }, \"s\": { \"steer\": { \"failover\": [\"one\", "
                            "\"two\"] }");
        }
        CHECK_FALSE(one == json(text));
    }
}

TEST_CASE("names are enumerated in canonical order (RFC 4034 section 6.1)") {
    // The example of the RFC, but for "\001" and "\200", which come in as octets.
    const std::vector<std::string> expected{
        "example.",         "a.example.",      "yljkjljk.a.example.",
        "z.a.example.",     "zabc.a.example.", "z.example.",
        "\\001.z.example.", "*.z.example.",    "\\200.z.example.",
    };
    CHECK(canonical_names(with_names({"z.example.", "\\200.z.example.", "ZABC.a.EXAMPLE.",
                                      "*.z.example.", "a.example.", "Z.a.example.", "example.",
                                      "\\001.z.example.", "yljkjljk.a.example."})) == expected);
    // A dot in a label is no end of a label; a longer label comes after its beginning.
    CHECK(canonical_names(with_names({"ab.", "b.a.", "a\\.b.", "a."}, ".")) ==
          std::vector<std::string>{"a.", "b.a.", "a\\.b.", "ab."});
}

TEST_CASE("the RRsets of a name are enumerated by type, each with its TTL and records") {
    const auto contents = json(with_records(
        R"("www": { "TXT": "x", "A": { "ttl": 60, "values": ["192.0.2.2", "192.0.2.1"] } })"));
    std::vector<std::string> lines;
    for (const auto* set : contents.in_canonical_order()) {
        auto line = contents.owner(*set).text() + " " + std::to_string(set->ttl) + " " +
                    zones::type_text(set->type);
        for (const auto rdata : contents.records(*set))
            line += " | " + zones::rdata_text(set->type, {rdata.begin(), rdata.end()});
        lines.push_back(line);
    }
    CHECK(lines ==
          std::vector<std::string>{
              "a.example. 3600 NS | ns1.a.example.",
              "a.example. 3600 SOA | ns1.a.example. hostmaster.a.example. 7 7200 900 1209600 60",
              "ns1.a.example. 3600 A | 192.0.2.10",
              "www.a.example. 60 A | 192.0.2.2 | 192.0.2.1",
              "www.a.example. 3600 TXT | \"x\"",
          });
}

TEST_CASE("one RRset is found by name and type, or the steer that stands there") {
    auto contents = json(steered);
    contents.sort();
    const auto* text = contents.find(name("www.a.example."), zones::rr::TXT);
    REQUIRE(text != nullptr);
    CHECK_FALSE(text->steered());
    CHECK(contents.records(*text).size() == 1);
    for (const auto type : {zones::rr::A, zones::rr::AAAA}) {
        const auto* steer = contents.find(name("www.a.example."), type);
        REQUIRE(steer != nullptr);
        CHECK(steer->steered());
        CHECK(contents.records(*steer).empty());
        CHECK(contents.steer(*steer).owner == name("www.a.example."));
        CHECK(steer->ttl == 60);
    }
    CHECK(contents.serial() == 7);
    CHECK(contents.find(name("www.a.example."), zones::rr::MX) == nullptr);
    CHECK(contents.find(name("wwx.a.example."), zones::rr::TXT) == nullptr);
    CHECK(contents.find(name("www.b.example."), zones::rr::TXT) == nullptr);
}

TEST_CASE("contents that are taken apart and filled again compile to the same zone") {
    auto whole = json(steered);
    Contents again{whole.apex()};
    again.settings() = whole.settings();
    for (const auto* set : whole.in_canonical_order()) {
        if (set->steered()) {
            if (set->type == zones::rr::A) again.add_steer(whole.steer(*set), {});
            continue;
        }
        const auto records = whole.records(*set);
        const std::vector<std::span<const std::uint8_t>> rdatas{records.begin(), records.end()};
        again.add(whole.owner(*set), set->type, set->ttl, rdatas, {});
    }
    CHECK(again == whole);
    struct : zones::Source {
        void fault_at(zones::FilePosition, std::string text) const override { FAIL(text); }
        void warn_at(zones::FilePosition, std::string text) const override { FAIL(text); }
    } source;
    const auto zone = zones::compile(again, source);
    REQUIRE(zone != nullptr);
    CHECK(again == whole);  // a copy was used up
    const auto expected = reading::read(steered).zone;
    REQUIRE(expected != nullptr);
    CHECK(zone->digest() == expected->digest());
    CHECK(zone->serial() == 7);
    CHECK(zone->name_count() == expected->name_count());
}

TEST_CASE("a removed RRset is no part of the contents any more") {
    auto contents = with_names({"a.example.", "b.example."});
    contents.remove_if(
        [&](const Contents::Set& set) { return contents.owner(set) == name("a.example."); });
    CHECK(contents == with_names({"b.example."}));
}

TEST_CASE("an RRset larger than a message is a fault, and the rest is checked all the same") {
    std::string values;
    for (int i = 0; i < 4000; ++i) {
        values += (i == 0 ? "\"" : ", \"") + std::to_string(i) + ".this.is.text.of.some.length\"";
    }
    const auto [zone, problems] = reading::read(
        with_records("\"big\": { \"TXT\": [" + values + R"(] }, "www": { "CNAME": "www" })"));
    CHECK(zone == nullptr);
    REQUIRE(problems.size() == 2);
    CHECK(problems[0].ends_with("records.big.TXT: TXT: does not fit into a DNS message"));
    CHECK(problems[1].ends_with("CNAME leads in a circle, or over more than 16 names"));
}

}  // namespace zone_contents_test
