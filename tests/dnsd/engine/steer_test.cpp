// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/respond.hpp"
#include "tests/dnsd/world.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

namespace engine_steer_test {

using support::Answer;
using support::Bytes;
using support::Lines;
using support::Opt;
using support::Query;
using support::World;

namespace {

const World& world() {
    static const World instance{{support::zone_text("example.", R"(
        "@": {"steer": {"nearest": ["newyork", "frankfurt", "singapore"]}, "TXT": "apex"},
        "geo": {"steer": {"ttl": 20, "geo": {"country:DE": "frankfurt", "24.1.2.0/24": "newyork",
                                             "2400:1::/32": "newyork", "*": "singapore"}}},
        "www": {"CNAME": "geo"},
        "*.wild": {"steer": {"geo": {"country:DE": "frankfurt", "*": "newyork"}}},
        "plain": {"A": "192.0.2.99"},
        "sub": {"NS": "ns.example.org."},
        "d": {"DNAME": "wild"})",
                                                    support::three_edges)}};
    return instance;
}

const std::string newyork = "192.0.2.1";
const std::string frankfurt = "192.0.2.2";
const std::string singapore = "192.0.2.3";

struct Row {
    const char* name;
    const char* asked;
    const char* subnet;  // empty: none
    std::string expected;
    int scope;
};

void check(const World& served, const std::vector<Row>& rows) {
    const auto tcp = served.over_tcp();
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto answer = served.ask(row.asked, "A", row.subnet);
        CHECK(answer.rcode == "NOERROR");
        CHECK(answer.data("A") == Lines{row.expected});
        CHECK(answer.scope() == row.scope);
        CHECK(tcp.ask(row.asked, "A", row.subnet).bytes == answer.bytes);
    }
}

}  // namespace

TEST_CASE(
    "without a client subnet the address that asks decides, and no option goes back (RFC 7871 "
    "§7.2.1)") {
    struct Client {
        const char* address;
        std::string expected;
    };
    const Client clients[] = {
        {"16.1.2.3", newyork},
        {"20.1.2.3", frankfurt},
        {"24.1.2.3", singapore},
        {"20.5.2.3", newyork},
        {"2600::1", newyork},
        {"2a00::1", frankfurt},
        {"2400::1", singapore},
        {"::ffff:20.1.2.3", frankfurt},
        {"64:ff9b::20.1.2.3", frankfurt},
        {"2002:1401:0203::1", frankfurt},
    };
    for (const auto& [address, expected] : clients) {
        CAPTURE(address);
        const auto asked = world().from(address);
        CHECK(asked.ask("example.", "A").data("A") == Lines{expected});
        CHECK_FALSE(asked.ask("example.", "A").opt.has_value());
        const auto with_opt = asked.ask(Query{.name = "example.", .opt = Opt{}});
        CHECK(with_opt.data("A") == Lines{expected});
        CHECK(with_opt.opt->options.empty());
    }
}

TEST_CASE("a client subnet decides, with the map's scope (RFC 7871 sections 7.2.1 and 7.3)") {
    check(world().from("16.1.2.3"),
          {
              {"v4", "geo.example.", "20.1.2.0/24", frankfurt, 14},
              {"inside of an exception", "example.", "20.5.2.0/24", newyork, 16},
              {"beside it", "example.", "20.4.2.0/24", frankfurt, 16},
              {"a scope longer than the source", "geo.example.", "24.1.0.0/16", singapore, 23},
              {"the prefix that the policy names", "geo.example.", "24.1.2.0/24", newyork, 24},
              {"an address in it", "geo.example.", "24.1.2.77/32", newyork, 24},
              {"the other half around it", "geo.example.", "24.1.3.0/24", singapore, 24},
              {"v6", "geo.example.", "2a00:1::/56", frankfurt, 12},
              {"v6 host", "geo.example.", "2a00:1::1/128", frankfurt, 12},
              {"v6, a prefix that the policy names", "geo.example.", "2400:1:2::/48", newyork, 32},
              {"v6, beside it", "geo.example.", "2400:0:2::/48", singapore, 32},
              {"mapped v4", "geo.example.", "::ffff:20.1.2.0/120", frankfurt, 110},
              {"NAT64", "geo.example.", "64:ff9b::20.1.2.0/120", frankfurt, 110},
              {"6to4", "geo.example.", "2002:1401:0200::/40", frankfurt, 30},
              {"by a wildcard", "x.wild.example.", "20.1.2.0/24", frankfurt, 14},
          });
}

TEST_CASE("address and source prefix are echoed octet for octet (RFC 7871 section 7.2.1)") {
    const char* subnets[] = {"20.1.2.0/24", "20.1.2.3/32", "20.0.0.0/8", "20.1.2.0/23",
                             "16.0.0.0/5",  "2a00:1::/56", "2a00::/9",   "2a00:1:2:3:4:5:6:7/128",
                             "10.1.0.0/16"};
    for (const auto* subnet : subnets) {
        CAPTURE(subnet);
        auto expected = support::client_subnet(subnet).content;
        for (const auto* name :
             {"geo.example.", "plain.example.", "nope.example.", "x.example.org."}) {
            const auto answer = world().ask(name, "A", subnet);
            auto echoed = answer.option(8);
            REQUIRE(echoed.has_value());
            (*echoed)[3] = 0;
            CHECK(*echoed == expected);
        }
    }
}

TEST_CASE(
    "a source prefix of 0 asks for privacy: who asks decides, scope 0 (RFC 7871 section 7.1.2)") {
    const auto german = world().from("20.1.2.3");
    for (const Bytes& option : {Bytes{0, 1, 0, 0}, Bytes{0, 2, 0, 0}, Bytes{0, 0, 0, 0}}) {
        const auto answer =
            german.ask(Query{.name = "geo.example.", .opt = Opt{.options = {{8, option}}}});
        CHECK(answer.data("A") == Lines{frankfurt});
        CHECK(answer.option(8) == option);
    }
}

TEST_CASE(
    "a subnet that no client of the internet has counts as absent, and the scope covers its "
    "space (RFC 7871 section 10)") {
    struct Case {
        const char* subnet;
        int scope;
    };
    const Case cases[] = {
        {"10.0.0.0/8", 8},      {"10.1.2.0/24", 8},    {"192.168.1.0/24", 16},
        {"127.0.0.0/8", 8},     {"172.16.0.0/12", 12}, {"172.31.255.0/24", 12},
        {"169.254.0.0/16", 16}, {"100.64.0.0/10", 10}, {"224.0.0.0/4", 3},
        {"fc00::/7", 7},        {"fd00:1::/56", 7},    {"fe80::/64", 10},
        {"::1/128", 81},        {"ff00::/8", 8},       {"::ffff:10.0.0.0/104", 104},
    };
    const auto german = world().from("20.1.2.3");
    for (const auto& [subnet, scope] : cases) {
        CAPTURE(subnet);
        const auto answer = german.ask("geo.example.", "A", subnet);
        CHECK(answer.data("A") == Lines{frankfurt});
        CHECK(answer.scope() == scope);
        CHECK(german.ask("plain.example.", "A", subnet).scope() == 0);
    }
}

TEST_CASE(
    "a subnet that is not on the internet decides where the policy or the places file names it") {
    const support::TemporaryFolder folder;
    geo::Problems problems;
    const auto sources = geo::Sources::open(
        {.databases = {folder.write("three.mmdb", support::three_countries())},
         .places = folder.write("places.csv", "172.20.0.0/16,,,DE,\nfd00:2::/32,,,US,\n")},
        problems);
    REQUIRE(sources);
    const World served{{support::zone_text("example.", R"(
            "geo": {"steer": {"geo": {"country:DE": "frankfurt", "10.1.0.0/16": "newyork",
                                      "10.1.2.0/24": "singapore", "fd00:1::/32": "singapore",
                                      "8.0.0.0/5": "newyork", "*": "singapore"}}},
            "other": {"steer": {"geo": {"country:DE": "frankfurt", "*": "singapore"}}})",
                                           support::three_edges)},
                       &*sources};
    const auto far = served.from("24.1.2.3");
    check(far, {
                   {"named by the policy", "geo.example.", "10.1.3.0/24", newyork, 24},
                   {"the network itself", "geo.example.", "10.1.0.0/16", newyork, 23},
                   {"named in it", "geo.example.", "10.1.2.9/32", singapore, 24},
                   {"beside what is named", "geo.example.", "10.2.2.0/24", singapore, 15},
                   {"far from it", "geo.example.", "10.200.0.0/16", singapore, 9},
                   {"around it", "geo.example.", "10.0.0.0/8", singapore, 16},
                   {"mapped", "geo.example.", "::ffff:10.1.3.0/120", newyork, 120},
                   {"of IPv6", "geo.example.", "fd00:1:7::/48", singapore, 32},
                   {"of IPv6, beside it", "geo.example.", "fd00:0:7::/48", singapore, 32},
                   {"named by the places file", "geo.example.", "172.20.1.0/24", frankfurt, 16},
                   {"the same, for another name", "other.example.", "172.20.1.0/24", frankfurt, 16},
                   {"named by another name's alone", "other.example.", "10.1.3.0/24", singapore, 8},
                   {"private, named by nobody", "geo.example.", "192.168.1.0/24", singapore, 16},
               });
    // Who asks decides for what is not named.
    const auto german = served.from("20.1.2.3");
    CHECK(german.ask("geo.example.", "A", "10.2.2.0/24").data("A") == Lines{frankfurt});
    CHECK(german.ask("geo.example.", "A", "10.1.3.0/24").data("A") == Lines{newyork});
    CHECK(german.ask("other.example.", "A", "10.1.3.0/24").data("A") == Lines{frankfurt});
}

TEST_CASE("no address for some clients has the scope of the others' addresses") {
    const auto served = support::with_boards(World{{support::zone_text("example.", R"(
        "@": {"steer": {"geo": {"country:DE": "both", "*": "only4"}}},
        "www": {"CNAME": "@"},
        "*.wild": {"steer": {"geo": {"country:DE": "both", "*": "only4"}}},
        "d": {"DNAME": "wild"},
        "v4": {"steer": {"geo": {"country:DE": "only4", "*": "more4"}}},
        "deep": {"steer": {"geo": {"country:DE": {"failover": ["only4", "both"]}, "*": "more4"}}})",
                                                                       R"("all_down": "nodata",
        "missing_family": "nodata",
        "edges": {"both": {"addresses": ["192.0.2.1", "2001:db8::1"]},
                  "only4": {"addresses": "192.0.2.2"}, "more4": {"addresses": "192.0.2.3"}})")}});
    auto& board = *served.snapshot.catalog.zones()[0].board;
    const auto scope = [&](const char* name, const char* type, const char* subnet) {
        const auto answer = served.ask(name, type, subnet);
        CHECK(answer.rcode == "NOERROR");
        return std::pair{!answer.data(type).empty(), answer.scope()};
    };
    using Got = std::pair<bool, int>;
    for (const auto* name : {"example.", "www.example.", "x.wild.example.", "x.d.example."}) {
        CAPTURE(name);
        CHECK(scope(name, "AAAA", "16.1.2.0/24") == Got{false, 6});
        CHECK(scope(name, "AAAA", "20.1.2.0/24") == Got{true, 14});
        CHECK(scope(name, "A", "16.1.2.0/24") == Got{true, 6});
        CHECK(scope(name, "AAAA", "10.1.2.0/24") == Got{false, 8});
        CHECK(scope(name, "AAAA", "0.0.0.0/0") == Got{false, 0});
        for (const auto* type : {"MX", "HTTPS", "ANY"})
            CHECK(scope(name, type, "16.1.2.0/24").second == 0);
    }
    // No edge of the name has IPv6, though one of the zone does.
    CHECK(scope("v4.example.", "AAAA", "16.1.2.0/24") == Got{false, 0});
    CHECK(scope("v4.example.", "AAAA", "20.1.2.0/24") == Got{false, 0});
    CHECK(scope("deep.example.", "AAAA", "16.1.2.0/24").second > 0);
    // The same of what health has taken.
    board.set(1, {.usable = false, .ttl_limit = 9});
    CHECK(scope("example.", "A", "16.1.2.0/24") == Got{false, 6});
    CHECK(scope("example.", "A", "20.1.2.0/24") == Got{true, 14});
    CHECK(scope("v4.example.", "AAAA", "20.1.2.0/24") == Got{false, 0});
}

TEST_CASE("no address lives no longer than an address would, for those who know no scope of it") {
    const World served{{support::zone_text("example.", R"(
        "@": {"steer": {"ttl": 7, "geo": {"country:DE": "both", "*": "only4"}}})",
                                           R"("missing_family": "nodata",
        "edges": {"both": {"addresses": ["192.0.2.1", "2001:db8::1"]},
                  "only4": {"addresses": "192.0.2.2"}})")}};
    const auto none = served.ask("example.", "AAAA", "16.1.2.0/24");
    REQUIRE(none.authority.size() == 1);
    CHECK(none.authority[0].starts_with("example. 7 IN SOA "));
}

TEST_CASE("what does not depend on the client has scope 0 (RFC 7871 sections 7.2.1 and 7.4)") {
    struct Case {
        const char* name;
        const char* type;
        const char* rcode;
    };
    const Case cases[] = {
        {"plain.example.", "A", "NOERROR"}, {"plain.example.", "AAAA", "NOERROR"},
        {"example.", "TXT", "NOERROR"},     {"example.", "SOA", "NOERROR"},
        {"geo.example.", "MX", "NOERROR"},  {"geo.example.", "ANY", "NOERROR"},
        {"www.example.", "TXT", "NOERROR"}, {"www.example.", "CNAME", "NOERROR"},
        {"nope.example.", "A", "NXDOMAIN"}, {"x.sub.example.", "A", "NOERROR"},
        {"x.example.org.", "A", "REFUSED"}, {"geo.example.", "AXFR", "REFUSED"},
    };
    for (const auto& [name, type, rcode] : cases) {
        for (const auto* subnet : {"20.1.2.0/24", "2a00:1::/56"}) {
            CAPTURE(name);
            CAPTURE(type);
            const auto answer = world().ask(name, type, subnet);
            CHECK(answer.rcode == rcode);
            CHECK(answer.scope() == 0);
        }
    }
}

TEST_CASE("an alias to a steered name carries its scope (RFC 7871 section 7.2.1)") {
    const auto alias = world().ask("www.example.", "A", "20.1.2.0/24");
    CHECK(alias.answer ==
          Lines{"www.example. 3600 IN CNAME geo.example.", "geo.example. 20 IN A 192.0.2.2"});
    CHECK(alias.scope() == 14);
    const auto dname = world().ask("x.d.example.", "AAAA", "2a00:1::/56");
    CHECK(dname.data("AAAA") == Lines{"2001:db8::2"});
    CHECK(dname.scope() == 12);
}

TEST_CASE("A and AAAA of a steered name have its TTL and one RRset each (RFC 2181 section 5.2)") {
    CHECK(world().ask("geo.example.", "A", "20.1.2.0/24").answer ==
          Lines{"geo.example. 20 IN A 192.0.2.2"});
    CHECK(world().ask("geo.example.", "AAAA", "20.1.2.0/24").answer ==
          Lines{"geo.example. 20 IN AAAA 2001:db8::2"});
    CHECK(world().ask("x.WILD.example.", "A", "20.1.2.0/24").answer ==
          Lines{"x.WILD.example. 60 IN A 192.0.2.2"});
}

TEST_CASE("a malformed subnet is FORMERR at a steered name too (RFC 7871 section 6)") {
    const auto answer = world().ask(
        Query{.name = "geo.example.", .opt = Opt{.options = {{8, {0, 1, 24, 0, 20, 1, 2, 3}}}}});
    CHECK(answer.rcode == "FORMERR");
    CHECK(answer.answer.empty());
}

TEST_CASE("the built-in database sends three continents to three edges") {
    geo::Problems problems;
    const auto builtin = geo::Sources::open({}, problems);
    REQUIRE(builtin.has_value());
    const World real{
        {support::zone_text("example.",
                            R"("@": {"steer": {"nearest": ["newyork", "frankfurt", "singapore"]}})",
                            support::three_edges)},
        &*builtin};
    struct Client {
        const char* subnet;
        std::string expected;
    };
    const Client clients[] = {
        {"8.8.8.0/24", newyork},          {"193.0.6.0/24", frankfurt},
        {"103.28.54.0/24", singapore},    {"49.36.0.0/24", singapore},
        {"2001:67c:2e8::/48", frankfurt},
    };
    for (const auto& [subnet, expected] : clients) {
        CAPTURE(subnet);
        const auto answer = real.ask("example.", "A", subnet);
        CHECK(answer.data("A") == Lines{expected});
        CHECK(answer.scope() > 0);
    }
}

}  // namespace engine_steer_test
