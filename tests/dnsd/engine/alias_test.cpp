// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/respond.hpp"
#include "tests/dnsd/world.hpp"

#include <doctest/doctest.h>

namespace engine_alias_test {

using support::Lines;
using support::World;

namespace {

const World& world() {
    static const World instance{{support::zone_text("example.", R"(
        "www": {"A": "192.0.2.1", "MX": "1 mail"},
        "one": {"CNAME": {"ttl": 5, "values": "two"}},
        "two": {"CNAME": "www"},
        "out": {"CNAME": "www.example.org."},
        "out2": {"CNAME": "out"},
        "suffix": {"CNAME": "www.notexample."},
        "dead": {"CNAME": "nope"},
        "ent": {"CNAME": "b.name"},
        "a.b.name": {"TXT": "x"},
        "apex": {"CNAME": "@"},
        "cut": {"CNAME": "www.sub"},
        "sub": {"NS": "ns.sub", "DS": "1 13 2 0000000000000000000000000000000000000000000000000000000000000000"},
        "ns.sub": {"A": "192.0.2.9"},
        "tocut": {"CNAME": "sub"},
        "*.wild": {"CNAME": "www"},
        "towild": {"CNAME": "any.wild"},
        "self.wild": {"CNAME": "other.wild"})")}};
    return instance;
}

const std::string soa = "example. 60 IN SOA ns1.example. hostmaster.example. 7 7200 900 1209600 60";
const std::string address = "www.example. 3600 IN A 192.0.2.1";

}  // namespace

TEST_CASE("aliases are followed inside the zone (RFC 1034 section 4.3.2 step 3a)") {
    struct Row {
        const char* name;
        const char* type;
        const char* rcode;
        Lines answer;
        Lines authority;
    };
    const Row rows[] = {
        {"two.example.", "A", "NOERROR", {"two.example. 3600 IN CNAME www.example.", address}, {}},
        {"one.example.",
         "A",
         "NOERROR",
         {"one.example. 5 IN CNAME two.example.", "two.example. 3600 IN CNAME www.example.",
          address},
         {}},
        {"one.example.", "CNAME", "NOERROR", {"one.example. 5 IN CNAME two.example."}, {}},
        {"one.example.",
         "AAAA",
         "NOERROR",
         {"one.example. 5 IN CNAME two.example.", "two.example. 3600 IN CNAME www.example."},
         {soa}},
        {"out.example.", "A", "NOERROR", {"out.example. 3600 IN CNAME www.example.org."}, {}},
        {"out2.example.",
         "A",
         "NOERROR",
         {"out2.example. 3600 IN CNAME out.example.",
          "out.example. 3600 IN CNAME www.example.org."},
         {}},
        {"suffix.example.", "A", "NOERROR", {"suffix.example. 3600 IN CNAME www.notexample."}, {}},
        {"ent.example.", "A", "NOERROR", {"ent.example. 3600 IN CNAME b.name.example."}, {soa}},
        {"apex.example.", "TXT", "NOERROR", {"apex.example. 3600 IN CNAME example."}, {soa}},
        {"x.wild.example.",
         "A",
         "NOERROR",
         {"x.wild.example. 3600 IN CNAME www.example.", address},
         {}},
        {"towild.example.",
         "A",
         "NOERROR",
         {"towild.example. 3600 IN CNAME any.wild.example.",
          "any.wild.example. 3600 IN CNAME www.example.", address},
         {}},
        {"self.wild.example.",
         "A",
         "NOERROR",
         {"self.wild.example. 3600 IN CNAME other.wild.example.",
          "other.wild.example. 3600 IN CNAME www.example.", address},
         {}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto answer = world().ask(row.name, row.type);
        CHECK(answer.rcode == row.rcode);
        CHECK(answer.answer == row.answer);
        CHECK(answer.authority == row.authority);
        CHECK(answer.aa());
    }
}

TEST_CASE(
    "the RCODE is that of the last name of a chain (RFC 6604 section 3, RFC 2308 section 2.1)") {
    const auto answer = world().ask("dead.example.", "A");
    CHECK(answer.rcode == "NXDOMAIN");
    CHECK(answer.answer == Lines{"dead.example. 3600 IN CNAME nope.example."});
    CHECK(answer.authority == Lines{soa});
    CHECK(answer.aa());
}

TEST_CASE(
    "an alias to below a cut ends in a referral, its answer stays ours (RFC 1035 section 4.1.1)") {
    for (const auto* name : {"cut.example.", "tocut.example."}) {
        CAPTURE(name);
        const auto answer = world().ask(name, "A");
        CHECK(answer.aa());
        CHECK(answer.rcode == "NOERROR");
        CHECK(answer.answer.size() == 1);
        CHECK(answer.authority == Lines{"sub.example. 3600 IN NS ns.sub.example."});
        CHECK(answer.additional == Lines{"ns.sub.example. 3600 IN A 192.0.2.9"});
    }
    CHECK(world().ask("tocut.example.", "DS").data("DS").size() == 1);
}

TEST_CASE("a chain of the greatest length is answered whole") {
    std::string records = R"("end": {"A": "192.0.2.1"}, "c15": {"CNAME": "end"})";
    for (int i = 0; i < 15; ++i) {
        const auto number = std::to_string(i);
        records += ", \"c" + number + "\": {\"CNAME\": \"c" + std::to_string(i + 1) + "\"}";
    }
    const World chain{{support::zone_text("example.", records)}};
    const auto answer = chain.over_tcp().ask("c0.example.", "A");
    REQUIRE(answer.answer.size() == 17);
    CHECK(answer.answer.back() == "end.example. 3600 IN A 192.0.2.1");
    for (std::size_t i = 0; i < 16; ++i) {
        CHECK(answer.answer[i].starts_with("c" + std::to_string(i) + ".example. "));
    }
}

TEST_CASE("names of 255 octets chain over TCP and UDP, every pointer leads to the right name") {
    // Targets share nothing but the zone's name: a chain of nearly 4 KB.
    std::string records;
    std::string tail;
    for (int i = 0; i < 3; ++i) tail += std::string(59, static_cast<char>('x' + i)) + ".";
    const auto name = [&](int number) {
        return "n" + std::string(number < 10 ? "0" : "") + std::to_string(number) +
               std::string(55, 'a') + "." + tail + "nn";
    };
    for (int i = 0; i < 15; ++i) {
        records += (i > 0 ? ", \"" : "\"") + name(i) + "\": {\"CNAME\": \"" + name(i + 1) + "\"}";
    }
    records += ", \"" + name(15) + "\": {\"AAAA\": \"2001:db8::1\"}";
    const World chain{{support::zone_text("example.", records)}};
    const auto answer = chain.over_tcp().ask(name(0) + ".example.", "AAAA");
    REQUIRE(answer.answer.size() == 16);
    for (int i = 0; i < 16; ++i) {
        CHECK(support::owner_of(answer.answer[static_cast<std::size_t>(i)]) ==
              name(i) + ".example.");
    }
    const auto cut = chain.ask(name(0) + ".example.", "AAAA");
    CHECK(cut.tc());
    CHECK(cut.answer.empty());
}

}  // namespace engine_alias_test
