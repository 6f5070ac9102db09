// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/respond.hpp"
#include "tests/dnsd/world.hpp"

#include <doctest/doctest.h>

namespace engine_lookup_test {

using support::Lines;
using support::Opt;
using support::Query;
using support::World;

namespace {

const World& world() {
    static const World instance{{support::zone_text("example.", R"(
        "@": {"TXT": "apex", "TYPE65280": "\\# 3 010203"},
        "www": {"A": {"ttl": 300, "values": ["192.0.2.1", "192.0.2.2"]}, "MX": "10 Mail"},
        "mail": {"AAAA": "2001:db8::25"},
        "a.deep.name": {"TXT": "far down"},
        "*.wild": {"A": "192.0.2.7", "MX": "5 mail"},
        "x.there.wild": {"A": "192.0.2.8"},
        "*": {"TXT": "anything"},
        "*.only.below": {"A": "192.0.2.9"},
        "a\\.b": {"A": "192.0.2.10"},
        "\\000\\255": {"A": "192.0.2.11"},
        "_443._tcp": {"TYPE52": "\\# 4 03010100"})",
                                                    R"("ttl": 3600)")}};
    return instance;
}

const std::string soa = "example. 60 IN SOA ns1.example. hostmaster.example. 7 7200 900 1209600 60";

struct Row {
    const char* name;
    const char* type;
    const char* rcode;
    Lines answer;
    Lines authority;
};

void check(const World& served, const std::vector<Row>& rows) {
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CAPTURE(row.type);
        const auto answer = served.ask(row.name, row.type);
        CHECK(answer.rcode == row.rcode);
        CHECK(answer.answer == row.answer);
        CHECK(answer.authority == row.authority);
        CHECK(answer.aa());
        CHECK_FALSE(answer.tc());
    }
}

}  // namespace

TEST_CASE(
    "what stands at a name is answered in zone order, with its TTL (RFC 1034 section 4.3.2)") {
    check(world(),
          {
              {"www.example.",
               "A",
               "NOERROR",
               {"www.example. 300 IN A 192.0.2.1", "www.example. 300 IN A 192.0.2.2"},
               {}},
              {"www.example.", "MX", "NOERROR", {"www.example. 3600 IN MX 10 Mail.example."}, {}},
              {"example.", "TXT", "NOERROR", {"example. 3600 IN TXT \"apex\""}, {}},
              {"example.", "TYPE65280", "NOERROR", {"example. 3600 IN TYPE65280 \\# 3 010203"}, {}},
              {"a\\.b.example.", "A", "NOERROR", {"a\\.b.example. 3600 IN A 192.0.2.10"}, {}},
              {"\\000\\255.example.",
               "A",
               "NOERROR",
               {"\\000\\255.example. 3600 IN A 192.0.2.11"},
               {}},
              {"_443._tcp.example.",
               "TLSA",
               "NOERROR",
               {"_443._tcp.example. 3600 IN TLSA 3 1 1 00"},
               {}},
          });
    const auto apex = world().ask("example.", "SOA");
    REQUIRE(apex.answer.size() == 1);
    CHECK(apex.answer[0] ==
          "example. 3600 IN SOA ns1.example. hostmaster.example. 7 7200 900 1209600 60");
}

TEST_CASE("an answer of NS brings the addresses of the name servers that stand in the zone") {
    const auto answer = world().ask("example.", "NS");
    CHECK(answer.answer ==
          Lines{"example. 3600 IN NS ns1.example.", "example. 3600 IN NS ns2.example."});
    CHECK(answer.additional ==
          Lines{"ns1.example. 3600 IN A 192.0.2.53", "ns2.example. 3600 IN A 198.51.100.53"});
    CHECK(answer.aa());
}

TEST_CASE(
    "a name without the type is NODATA with the SOA (RFC 2308 section 2.2, RFC 3597, RFC 8659)") {
    check(world(), {
                       {"www.example.", "AAAA", "NOERROR", {}, {soa}},
                       {"www.example.", "CAA", "NOERROR", {}, {soa}},
                       {"www.example.", "TYPE65281", "NOERROR", {}, {soa}},
                       {"example.", "A", "NOERROR", {}, {soa}},
                       {"www.example.", "NS", "NOERROR", {}, {soa}},
                       {"www.example.", "SOA", "NOERROR", {}, {soa}},
                       {"www.example.", "RRSIG", "NOERROR", {}, {soa}},
                       {"www.example.", "DNSKEY", "NOERROR", {}, {soa}},
                       {"www.example.", "TYPE41", "NOERROR", {}, {soa}},
                       {"www.example.", "TYPE65535", "NOERROR", {}, {soa}},
                       {"www.example.", "MAILB", "NOERROR", {}, {soa}},
                   });
}

TEST_CASE("an empty non-terminal exists: NODATA, not NXDOMAIN (RFC 8020, RFC 4592 section 2.2.2)") {
    check(world(), {
                       {"deep.name.example.", "A", "NOERROR", {}, {soa}},
                       {"name.example.", "TXT", "NOERROR", {}, {soa}},
                       {"_tcp.example.", "ANY", "NOERROR", {}, {soa}},
                       {"wild.example.", "A", "NOERROR", {}, {soa}},
                       {"there.wild.example.", "A", "NOERROR", {}, {soa}},
                       {"only.below.example.", "A", "NOERROR", {}, {soa}},
                   });
}

TEST_CASE("a wildcard speaks for names that do not exist, below its closest encloser (RFC 4592)") {
    check(world(),
          {
              {"new.wild.example.", "A", "NOERROR", {"new.wild.example. 3600 IN A 192.0.2.7"}, {}},
              {"NEW.wild.example.", "A", "NOERROR", {"NEW.wild.example. 3600 IN A 192.0.2.7"}, {}},
              {"a.b.c.wild.example.",
               "MX",
               "NOERROR",
               {"a.b.c.wild.example. 3600 IN MX 5 mail.example."},
               {}},
              {"*.wild.example.", "A", "NOERROR", {"*.wild.example. 3600 IN A 192.0.2.7"}, {}},
              {"new.wild.example.", "AAAA", "NOERROR", {}, {soa}},
              {"new.wild.example.", "TXT", "NOERROR", {}, {soa}},
              {"x.there.wild.example.",
               "A",
               "NOERROR",
               {"x.there.wild.example. 3600 IN A 192.0.2.8"},
               {}},
              {"y.there.wild.example.", "A", "NXDOMAIN", {}, {soa}},
              {"y.*.wild.example.", "A", "NXDOMAIN", {}, {soa}},
              {"z.x.there.wild.example.", "A", "NXDOMAIN", {}, {soa}},
              {"new.example.", "TXT", "NOERROR", {"new.example. 3600 IN TXT \"anything\""}, {}},
              {"below.new.example.",
               "TXT",
               "NOERROR",
               {"below.new.example. 3600 IN TXT \"anything\""},
               {}},
              {"below.www.example.", "TXT", "NXDOMAIN", {}, {soa}},
              {"other.below.example.", "A", "NXDOMAIN", {}, {soa}},
              {"x.only.below.example.",
               "A",
               "NOERROR",
               {"x.only.below.example. 3600 IN A 192.0.2.9"},
               {}},
          });
}

TEST_CASE("a name that does not exist is NXDOMAIN with the SOA") {
    const World plain{{support::zone_text("example.", R"("www": {"A": "192.0.2.1"})")}};
    check(plain, {
                     {"nope.example.", "A", "NXDOMAIN", {}, {soa}},
                     {"a.www.example.", "A", "NXDOMAIN", {}, {soa}},
                     {"nope.example.", "ANY", "NXDOMAIN", {}, {soa}},
                     {"*.example.", "A", "NXDOMAIN", {}, {soa}},
                     {"ww.example.", "A", "NXDOMAIN", {}, {soa}},
                     {"wwww.example.", "SOA", "NXDOMAIN", {}, {soa}},
                 });
}

TEST_CASE(
    "the SOA of a negative answer has the lesser of its TTL and minimum (RFC 2308 section 5)") {
    struct Case {
        const char* soa;
        const char* ttl;
    };
    const Case cases[] = {
        {R"("ttl": 3600, "negative_ttl": 60)", "60"}, {R"("ttl": 30, "negative_ttl": 60)", "30"},
        {R"("ttl": 60, "negative_ttl": 60)", "60"},   {R"("ttl": 0, "negative_ttl": 60)", "0"},
        {R"("ttl": 3600, "negative_ttl": 0)", "0"},
    };
    for (const auto& [fields, ttl] : cases) {
        CAPTURE(fields);
        const World served{
            {std::string{R"({"zone": "example", "nameservers": {"ns": "192.0.2.53"}, "soa": {)"} +
             fields + "}}"}};
        for (const auto* name : {"example.", "nope.example."}) {
            const auto answer = served.ask(name, "TXT");
            REQUIRE(answer.authority.size() == 1);
            CHECK(answer.authority[0].starts_with("example. " + std::string{ttl} + " IN SOA "));
        }
    }
}

TEST_CASE("ANY is answered with HINFO, or with the CNAME (RFC 8482 section 4.2)") {
    const World served{{support::zone_text("example.", R"(
        "www": {"A": "192.0.2.1", "TXT": "x"},
        "alias": {"CNAME": "www"},
        "*.wild": {"A": "192.0.2.7"},
        "near": {"steer": {"nearest": ["newyork", "frankfurt", "singapore"]}})",
                                           support::three_edges)}};
    const std::string minimal = " 3600 IN HINFO \"RFC8482\" \"\"";
    check(
        served,
        {
            {"www.example.", "ANY", "NOERROR", {"www.example." + minimal}, {}},
            {"example.", "ANY", "NOERROR", {"example." + minimal}, {}},
            {"near.example.", "ANY", "NOERROR", {"near.example." + minimal}, {}},
            {"x.wild.example.", "ANY", "NOERROR", {"x.wild.example." + minimal}, {}},
            {"alias.example.", "ANY", "NOERROR", {"alias.example. 3600 IN CNAME www.example."}, {}},
            {"wild.example.", "ANY", "NOERROR", {}, {soa}},
            {"nope.example.", "ANY", "NXDOMAIN", {}, {soa}},
        });
}

TEST_CASE("of nested zones the one nearest to the name answers (RFC 1034 section 4.3.2 step 2)") {
    const World served{{
        support::zone_text("example.",
                           R"("sub": {"NS": "ns1.sub"}, "ns1.sub": {"A": "192.0.2.53"},
                                          "www": {"A": "192.0.2.1"})"),
        support::zone_text("sub.example.", R"("www": {"A": "192.0.2.2"})"),
        support::zone_text("inner.sub.example.", R"("@": {"A": "192.0.2.3"})"),
    }};
    CHECK(served.ask("www.example.", "A").data("A") == Lines{"192.0.2.1"});
    CHECK(served.ask("www.sub.example.", "A").data("A") == Lines{"192.0.2.2"});
    CHECK(served.ask("inner.sub.example.", "A").data("A") == Lines{"192.0.2.3"});
    CHECK(served.ask("sub.example.", "SOA").data("SOA").size() == 1);
    CHECK(served.ask("nope.sub.example.", "A").authority.at(0).starts_with("sub.example. "));
    CHECK(
        served.ask("x.inner.sub.example.", "A").authority.at(0).starts_with("inner.sub.example. "));
}

TEST_CASE("the root can be served") {
    const World served{{support::zone_text(".", R"(
        "com": {"NS": ["ns.com", "ns1"]},
        "ns.com": {"A": "192.0.2.70"},
        "*.any": {"CNAME": "target.any."},
        "target.any": {"MX": "1 mail.any."})")}};
    const std::string root_soa = ". 60 IN SOA ns1. hostmaster. 7 7200 900 1209600 60";
    CHECK(served.ask(".", "SOA").aa());
    CHECK(served.ask(".", "NS").data("NS") == Lines{"ns1.", "ns2."});
    CHECK(served.ask(".", "DS").authority == Lines{root_soa});
    CHECK(served.ask("org.", "A").rcode == "NXDOMAIN");
    CHECK(served.ask("org.", "A").authority == Lines{root_soa});
    const auto alias = served.ask("x.any.", "MX");
    CHECK(alias.answer ==
          Lines{"x.any. 3600 IN CNAME target.any.", "target.any. 3600 IN MX 1 mail.any."});
    const auto referral = served.ask("www.com.", "A");
    CHECK_FALSE(referral.aa());
    CHECK(referral.authority == Lines{"com. 3600 IN NS ns.com.", "com. 3600 IN NS ns1."});
    CHECK(referral.additional ==
          Lines{"ns.com. 3600 IN A 192.0.2.70", "ns1. 3600 IN A 192.0.2.53"});
    CHECK(referral.rcode == "NOERROR");
}

}  // namespace engine_lookup_test
