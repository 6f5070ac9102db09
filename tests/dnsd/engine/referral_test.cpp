// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/respond.hpp"
#include "tests/dnsd/world.hpp"

#include <doctest/doctest.h>

namespace engine_referral_test {

using support::Lines;
using support::Opt;
using support::Query;
using support::World;

namespace {

const std::string ds = "1 13 2 0000000000000000000000000000000000000000000000000000000000000001";

const World& world() {
    static const World instance{{support::zone_text("example.", R"(
        "sub": {"NS": ["ns.sub", "ns.sibling", "ns1", "ns.example.org."], "DS": ")" +
                                                                    ds + R"("},
        "ns.sub": {"A": "192.0.2.1", "AAAA": "2001:db8::1"},
        "sibling": {"NS": "ns.sibling"},
        "ns.sibling": {"A": "192.0.2.2"},
        "self": {"NS": "self", "A": "192.0.2.3"},
        "bare": {"NS": "ns.example.org."},
        "a.deep.cut": {"NS": "ns1"})")}};
    return instance;
}

/// A delegation to this many name servers inside of the zone that is delegated.
std::string with_servers(int count) {
    std::string names;
    std::string glue;
    for (int i = 0; i < count; ++i) {
        const auto name = "server-" + std::to_string(10 + i) + ".sub";
        names += (i > 0 ? ", \"" : "\"") + name + "\"";
        glue += ", \"" + name + R"(": {"A": "192.0.2.)" + std::to_string(i) +
                R"(", "AAAA": "2001:db8::)" + std::to_string(i) + "\"}";
    }
    return support::zone_text("example.", R"("sub": {"NS": [)" + names + "]}" + glue);
}

}  // namespace

TEST_CASE(
    "below a cut there is a referral with glue, not ours to be authoritative for (RFC 1034)") {
    const Lines servers{"ns.sub.example.", "ns.sibling.example.", "ns1.example.",
                        "ns.example.org."};
    for (const auto* name :
         {"sub.example.", "www.sub.example.", "a.b.sub.example.", "ns.sub.example."}) {
        for (const auto* type : {"A", "NS", "SOA", "ANY", "TYPE65280", "CNAME"}) {
            CAPTURE(name);
            CAPTURE(type);
            const auto answer = world().ask(name, type);
            CHECK(answer.rcode == "NOERROR");
            CHECK_FALSE(answer.aa());
            CHECK(answer.answer.empty());
            Lines expected;
            for (const auto& server : servers)
                expected.push_back("sub.example. 3600 IN NS " + server);
            CHECK(answer.authority == expected);
            CHECK(answer.additional == Lines{"ns.sub.example. 3600 IN A 192.0.2.1",
                                             "ns.sub.example. 3600 IN AAAA 2001:db8::1",
                                             "ns.sibling.example. 3600 IN A 192.0.2.2",
                                             "ns1.example. 3600 IN A 192.0.2.53"});
        }
    }
}

TEST_CASE("a name server can have the name of the zone that it serves") {
    const auto answer = world().ask("www.self.example.", "A");
    CHECK(answer.authority == Lines{"self.example. 3600 IN NS self.example."});
    CHECK(answer.additional == Lines{"self.example. 3600 IN A 192.0.2.3"});
    CHECK(world().ask("self.example.", "A").answer.empty());
}

TEST_CASE("a cut below empty non-terminals leaves these ours") {
    CHECK(world().ask("deep.cut.example.", "A").aa());
    CHECK(world().ask("deep.cut.example.", "A").rcode == "NOERROR");
    CHECK(world().ask("b.deep.cut.example.", "A").rcode == "NXDOMAIN");
    CHECK_FALSE(world().ask("x.a.deep.cut.example.", "A").aa());
    CHECK(world().ask("x.bare.example.", "A").additional.empty());
}

TEST_CASE("DS at a cut is the parent's to answer (RFC 4035 section 3.1.4.1)") {
    const auto there = world().ask("sub.example.", "DS");
    CHECK(there.aa());
    CHECK(there.data("DS").size() == 1);
    const auto none = world().ask("bare.example.", "DS");
    CHECK(none.aa());
    CHECK(none.rcode == "NOERROR");
    CHECK(none.answer.empty());
    CHECK(none.authority.at(0).starts_with("example. 60 IN SOA "));
    const auto below = world().ask("www.sub.example.", "DS");
    CHECK_FALSE(below.aa());
    CHECK(below.authority.size() == 4);
}

TEST_CASE("DS at a zone's own apex comes from the parent zone when that is served too") {
    const auto child = support::zone_text("sub.example.", R"("www": {"A": "192.0.2.1"})");
    const auto parent = support::zone_text("example.", R"("sub": {"NS": "ns1.sub", "DS": ")" + ds +
                                                           R"("}, "ns1.sub": {"A": "192.0.2.53"})");
    const auto both = World{{child, parent}}.ask("sub.example.", "DS");
    CHECK(both.data("DS").size() == 1);
    CHECK(both.aa());
    const auto alone = World{{child}}.ask("sub.example.", "DS");
    CHECK(alone.rcode == "NOERROR");
    CHECK(alone.aa());
    CHECK(alone.authority.at(0).starts_with("sub.example. 60 IN SOA "));
    CHECK(World{{child, parent}}
              .ask("www.sub.example.", "DS")
              .authority.at(0)
              .starts_with("sub.example. "));
    // Nobody is asked for the parent of a zone whose parent is not here.
    CHECK(World{{parent}}.ask("example.", "DS").authority.at(0).starts_with("example. "));
}

TEST_CASE("glue that is required and does not fit sets TC (RFC 9471 section 3.1)") {
    for (const int count : {2, 8, 13}) {
        const World served{{with_servers(count)}};
        const auto whole = served.over_tcp().ask(Query{.name = "www.sub.example.", .opt = Opt{}});
        REQUIRE(whole.additional.size() == 2 * static_cast<std::size_t>(count));
        for (std::uint16_t payload = 512; payload <= 1232; ++payload) {
            CAPTURE(count);
            CAPTURE(payload);
            const auto answer =
                served.ask(Query{.name = "www.sub.example.", .opt = Opt{.payload = payload}});
            CHECK(answer.bytes.size() <= payload);
            const bool complete = answer.additional == whole.additional;
            CHECK(answer.tc() == !complete);
            CHECK(complete == (whole.bytes.size() + 6 <= payload));
            CHECK(answer.authority == whole.authority);
        }
    }
}

TEST_CASE("addresses of name servers that are not glue may stay away without TC") {
    std::string names;
    std::string records;
    for (int i = 10; i < 40; ++i) {
        const auto name = "server-" + std::to_string(i);
        names += (i > 10 ? ", \"" : "\"") + name + "\"";
        records += ", \"" + name + R"(": {"AAAA": "2001:db8::)" + std::to_string(i) + "\"}";
    }
    const World served{
        {support::zone_text("example.", R"("sub": {"NS": [)" + names + "]}" + records)}};
    const Query query{.name = "sub.example.", .opt = Opt{.payload = 1000}};
    CHECK_FALSE(served.ask(query).tc());
    CHECK(served.ask(query).additional.size() < 30);
    CHECK(served.ask(query).authority.size() == 30);
    CHECK(served.over_tcp().ask(query).additional.size() == 30);
}

}  // namespace engine_referral_test
