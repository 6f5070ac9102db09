// SPDX-License-Identifier: Apache-2.0
// What health on the board makes of answers: which edges, which TTL, which scope.
#include "tests/dnsd/everything.hpp"

#include <doctest/doctest.h>

#include <set>

namespace engine_health_test {

using support::Answer;
using support::Lines;
using support::World;

namespace {

constexpr std::uint32_t no_limit = geo::EdgeHealth::no_limit;
constexpr const char* german = "20.1.2.0/24";

/// Edges a (192.0.2.1), b (192.0.2.2) and c (IPv4 192.0.2.3 alone), with TTL 60.
World with_steer(const std::string& steer, const std::string& members = {}) {
    const std::string text = R"({"zone": "example.", "soa": {"serial": 7},
        "nameservers": {"ns1": ["192.0.2.53"]}, "ttl": 60, "edges": {
            "a": {"addresses": ["192.0.2.1", "2001:db8::1"]},
            "b": {"addresses": ["192.0.2.2", "2001:db8::2"]},
            "c": {"addresses": ["192.0.2.3"]}})" +
                             members + R"(, "records": {"@": {"steer": )" + steer +
                             R"(}, "used": {"steer": {"all": ["a", "b", "c"]}}}})";
    return support::with_boards(World{{text}});
}

geo::EdgeBoard& board(const World& world) {
    return *world.snapshot.catalog.zones()[0].board;
}

void take_out(const World& world, std::initializer_list<geo::EdgeIndex> edges,
              std::uint32_t ttl_limit = no_limit) {
    for (const auto edge : edges) {
        board(world).set(edge, {.usable = false, .ttl_limit = ttl_limit});
    }
}

std::uint32_t ttl_of(const std::string& line) {
    const auto at = line.find(' ') + 1;
    return static_cast<std::uint32_t>(std::stoul(line.substr(at, line.find(' ', at) - at)));
}

std::set<std::uint32_t> ttls(const Lines& lines) {
    std::set<std::uint32_t> found;
    for (const auto& line : lines) found.insert(ttl_of(line));
    return found;
}

}  // namespace

TEST_CASE(
    "with all edges down the zone's wish decides, nothing is SERVFAIL or NXDOMAIN (RFC 9520 "
    "section 2)") {
    struct Row {
        const char* name;
        const char* members;
        const char* type;
        Lines expected;
    };
    const Row rows[] = {
        {"unsaid is as if up", "", "A", {"192.0.2.1"}},
        {"as if up", R"(, "all_down": "as-if-up")", "A", {"192.0.2.1"}},
        {"as if up, IPv6", R"(, "all_down": "as-if-up")", "AAAA", {"2001:db8::1"}},
        {"no data", R"(, "all_down": "nodata")", "A", {}},
        {"last resort", R"(, "all_down": {"last_resort": "c"})", "A", {"192.0.2.3"}},
        {"last resort without this family", R"(, "all_down": {"last_resort": "c"})", "AAAA", {}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto world = with_steer(R"({"failover": ["a", "b"]})", row.members);
        take_out(world, {0, 1});
        const auto got = world.ask("example.", row.type);
        CHECK(got.rcode == "NOERROR");
        CHECK(got.aa());
        CHECK(got.data(row.type) == row.expected);
        CHECK(got.authority.size() == (row.expected.empty() ? 1 : 0));
    }
}

TEST_CASE("the last resort is answered whatever health says of it, and only when it is one") {
    const auto world =
        with_steer(R"({"failover": ["a", "b"]})", R"(, "all_down": {"last_resort": "c"})");
    CHECK(world.ask("example.", "A").data("A") == Lines{"192.0.2.1"});
    take_out(world, {0});
    CHECK(world.ask("example.", "A").data("A") == Lines{"192.0.2.2"});
    take_out(world, {0, 1, 2});
    CHECK(world.ask("example.", "A").data("A") == Lines{"192.0.2.3"});
}

TEST_CASE("no address when all are down holds no longer than health does") {
    struct Row {
        const char* name;
        std::uint32_t limit;
        std::uint32_t expected;
    };
    const Row rows[] = {
        {"health can promise less than the SOA", 20, 20},
        {"never below min_ttl", 0, 8},
        {"never above what an answer would have", no_limit, 60},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto world =
            with_steer(R"({"failover": ["a", "b"], "min_ttl": 8})", R"(, "all_down": "nodata")");
        take_out(world, {0, 1}, row.limit);
        const auto got = world.ask("example.", "A", german);
        CHECK(got.answer.empty());
        REQUIRE(got.authority.size() == 1);
        CHECK(got.authority[0].find(" SOA ") != std::string::npos);
        CHECK(ttl_of(got.authority[0]) == row.expected);
    }
}

TEST_CASE("no address of a family, as the edge that has one is down, holds no longer either") {
    const auto world = with_steer(R"({"failover": ["a", "c"]})");
    CHECK(world.ask("example.", "AAAA").data("AAAA") == Lines{"2001:db8::1"});
    take_out(world, {0}, 20);
    const auto got = world.ask("example.", "AAAA");
    CHECK(got.rcode == "NOERROR");
    CHECK(got.answer.empty());
    REQUIRE(got.authority.size() == 1);
    CHECK(ttl_of(got.authority[0]) == 20);
    CHECK(world.ask("example.", "A").data("A") == Lines{"192.0.2.3"});
}

TEST_CASE("that no edge has an address of a family is not up to health") {
    const std::string text = R"({"zone": "example.", "nameservers": {"ns1": ["192.0.2.53"]},
        "ttl": 60, "edges": {"a": {"addresses": "192.0.2.1"}}, "records": {"@": {"steer": "a"}}})";
    const auto world = support::with_boards(World{{text}});
    const auto before = world.ask("example.", "AAAA").authority;
    board(world).set(0, {.usable = true, .ttl_limit = 9});
    CHECK(world.ask("example.", "AAAA").authority == before);
    CHECK(ttls(world.ask("example.", "A").answer) == std::set{9U});
}

TEST_CASE("a TTL is the least of its own and of what health can promise, and min_ttl at least") {
    struct Row {
        const char* name;
        const char* steer;
        std::uint32_t a;  // what health can promise of it
        std::uint32_t b;
        std::uint32_t expected;
    };
    const Row rows[] = {
        {"no limit", R"({"failover": ["a", "b"]})", no_limit, no_limit, 60},
        {"a limit above it", R"({"failover": ["a", "b"]})", 61, no_limit, 60},
        {"a limit below it", R"({"failover": ["a", "b"]})", 12, no_limit, 12},
        {"the default floor", R"({"failover": ["a", "b"]})", 1, no_limit, 5},
        {"its own floor", R"({"failover": ["a", "b"], "min_ttl": 30})", 12, no_limit, 30},
        {"no floor", R"({"failover": ["a", "b"], "min_ttl": 0})", 0, no_limit, 0},
        {"a TTL below the default floor", R"({"failover": ["a", "b"], "ttl": 3})", 0, no_limit, 3},
        {"what was not looked at", R"({"failover": ["a", "b"]})", no_limit, 12, 60},
        {"the least of all that are named", R"({"all": ["a", "b"]})", 40, 12, 12},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto world = with_steer(row.steer);
        board(world).set(0, {.usable = true, .ttl_limit = row.a});
        board(world).set(1, {.usable = true, .ttl_limit = row.b});
        CHECK(ttls(world.ask("example.", "A").answer) == std::set{row.expected});
    }
}

TEST_CASE("an edge that was passed over shrinks the TTL too, since it may come back") {
    const auto world = with_steer(R"({"failover": ["a", "b"]})");
    take_out(world, {0}, 15);
    const auto got = world.ask("example.", "A");
    CHECK(got.data("A") == Lines{"192.0.2.2"});
    CHECK(ttls(got.answer) == std::set{15U});
}

TEST_CASE(
    "a shrunk TTL is that of every record of the RRset, and of no other (RFC 2181 section 5.2)") {
    const World plain{{support::zone_text(
        "example.",
        R"("@": {"steer": {"all": ["newyork", "frankfurt", "singapore"]}}, "www": {"CNAME": "@"})",
        R"("ttl": 60, )" + support::three_edges)}};
    const auto world = support::with_boards(plain);
    board(world).set(1, {.usable = true, .ttl_limit = 9});
    for (const auto* type : {"A", "AAAA"}) {
        const auto got = world.ask("www.example.", type);
        REQUIRE(got.answer.size() == 4);
        CHECK(ttl_of(got.answer[0]) == 60);  // the CNAME
        CHECK(ttls({got.answer.begin() + 1, got.answer.end()}) == std::set{9U});
    }
}

TEST_CASE("the scope of a client subnet is the map's, whichever edges are down") {
    const std::string steer =
        R"({"geo": {"country:DE": {"failover": ["a", "b"]}, "*": {"failover": ["b", "a"]}}})";
    const auto healthy = with_steer(steer).ask("example.", "A", german);
    CHECK(healthy.data("A") == Lines{"192.0.2.1"});
    REQUIRE(healthy.scope() > 0);
    struct Row {
        const char* name;
        const char* members;
        std::initializer_list<geo::EdgeIndex> down;
        int expected;
    };
    const Row rows[] = {
        {"one down", "", {0}, healthy.scope()},
        {"all as if up", "", {0, 1}, healthy.scope()},
        {"the last resort", R"(, "all_down": {"last_resort": "c"})", {0, 1}, healthy.scope()},
        {"no data", R"(, "all_down": "nodata")", {0, 1}, healthy.scope()},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto world = with_steer(steer, row.members);
        take_out(world, row.down);
        CHECK(world.ask("example.", "A", german).scope() == row.expected);
    }
}

TEST_CASE("UDP and TCP give equal octets, whatever health says") {
    std::size_t compared = 0;
    for (const auto& world : support::everything_in_all_health()) {
        const auto over_tcp = world.over_tcp();
        for (auto query : support::queries_for_everything()) {
            if (query.opt) {  // the keepalive option is for TCP alone (RFC 7828)
                std::erase_if(query.opt->options,
                              [](const support::Option& option) { return option.code == 11; });
            }
            const auto over_udp = world.ask(query);
            if (over_udp.tc()) continue;
            CAPTURE(query.name);
            CAPTURE(query.type);
            REQUIRE(over_udp.bytes == over_tcp.ask(query).bytes);
            ++compared;
        }
    }
    CHECK(compared > 1000);
}

}  // namespace engine_health_test
