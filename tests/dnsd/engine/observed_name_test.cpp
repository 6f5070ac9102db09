// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/observed_name.hpp"

#include "dnsd/engine/cookie.hpp"
#include "dnsd/engine/observation.hpp"
#include "tests/dnsd/world.hpp"
#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

namespace engine_observed_name_test {

using support::Query;
using support::World;
using Kind = engine::ObservedName::Kind;

namespace {

constexpr const char* some_records =
    R"("@": {"steer": {"all": ["newyork", "frankfurt", "singapore"]}},
       "a.b": {"A": "192.0.2.7"}, "*.wild": {"A": "192.0.2.8"},
       "cut": {"NS": "ns.elsewhere.test."})";

World observed_world() {
    World world{{support::zone_text("example.", some_records, support::three_edges),
                 support::zone_text("plain.", R"("@": {"A": "192.0.2.1"})")}};
    world.snapshot.observers = {support::prefix("127.0.0.0/8"), support::prefix("::1/128")};
    return world;
}

/// What `respond` returns for the name: the size, or `deferred`.
std::size_t respond(const World& world, const Query& query,
                    const engine::Observation* observation = nullptr) {
    support::Bytes out(65535);
    geo::Random random{1};
    return engine::respond(world.snapshot, support::to_bytes(query), world.client, random, out,
                           nullptr, observation);
}

support::Answer answer(const World& world, const Query& query,
                       const engine::Observation& observation) {
    support::Bytes out(65535);
    geo::Random random{1};
    const auto size = engine::respond(world.snapshot, support::to_bytes(query), world.client,
                                      random, out, nullptr, &observation);
    return support::decode(std::span{out}.first(size));
}

}  // namespace

TEST_CASE(
    "observed names are those of the zone, its edges, and before every name that exists (RFC "
    "8020)") {
    const auto world = observed_world();
    const auto& zone = *world.snapshot.catalog.zones()[0].zone;
    struct Row {
        const char* name;
        Kind expected;
    };
    const Row rows[] = {
        {"example.", Kind::None},
        {"_probes.example.", Kind::Probes},
        {"_PROBES.example.", Kind::Probes},
        {"frankfurt._probes.example.", Kind::Edge},
        {"paris._probes.example.", Kind::Absent},
        {"a.frankfurt._probes.example.", Kind::Absent},
        {"_probes.a.b.example.", Kind::None},
        {"_why.example.", Kind::Why},
        {"_why.a.b.example.", Kind::Why},
        {"_why.b.example.", Kind::Why},  // an empty non-terminal is a name too
        {"_why.x.wild.example.", Kind::Why},
        {"_why.x.example.", Kind::None},
        {"_why.cut.example.", Kind::None},
        {"_why.x.cut.example.", Kind::None},
        {"_why._why.example.", Kind::None},
        {"why.example.", Kind::None},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto name = *zones::Name::from_text(row.name, zones::Name{});
        CHECK(engine::read_observed(zone, name).kind == row.expected);
    }
    const auto edge = *zones::Name::from_text("singapore._probes.example.", zones::Name{});
    CHECK(engine::read_observed(zone, edge).edge == 2);
    const auto plain = *zones::Name::from_text("_probes.plain.", zones::Name{});
    CHECK(engine::read_observed(*world.snapshot.catalog.zones()[1].zone, plain).kind == Kind::None);
}

TEST_CASE("a text question of an observer waits for its observation, whatever its case") {
    const auto world = observed_world();
    for (const auto* name : {"_probes.example.", "_Why.Example.", "newyork._probes.example."}) {
        CAPTURE(name);
        CHECK(respond(world, {.name = name, .type = "TXT"}) == engine::deferred);
        CHECK(respond(world, {.name = name, .type = "ANY"}) == engine::deferred);
    }
}

TEST_CASE("other types at an observed name are NODATA, absent edges NXDOMAIN, with TTL 0") {
    const auto world = observed_world();
    const auto nodata = world.ask("_probes.example.", "A");
    CHECK(nodata.rcode == "NOERROR");
    CHECK(nodata.answer.empty());
    REQUIRE(nodata.authority.size() == 1);
    CHECK(nodata.authority[0].starts_with("example. 0 IN SOA "));
    const auto absent = world.ask("paris._probes.example.", "TXT");
    CHECK(absent.rcode == "NXDOMAIN");
    REQUIRE(absent.authority.size() == 1);
    CHECK(absent.authority[0].starts_with("example. 0 IN SOA "));
}

TEST_CASE("by a datagram from elsewhere an observer learns to come by TCP, or with a cookie") {
    auto world = observed_world();
    world.snapshot.observers = {support::prefix("0.0.0.0/0"), support::prefix("::/0")};
    world.snapshot.cookie_secrets = {{1, 2}};
    world.client.now = std::chrono::seconds{1'700'000'000};
    for (const auto* address : {"198.51.100.7", "2001:db8::7", "::ffff:198.51.100.7"}) {
        auto far = world.from(address);
        const auto made =
            engine::make_cookie(far.snapshot.cookie_secrets[0], std::array<std::uint8_t, 8>{},
                                far.client.address, 1'700'000'000);
        const support::Option good{10, {made.begin(), made.end()}};
        const support::Option bad{10, support::Bytes(24, 1)};
        for (const auto* name : {"_probes.example.", "newyork._probes.example.", "_why.example.",
                                 "absent._probes.example."}) {
            for (const auto* type : {"TXT", "ANY", "A"}) {
                CAPTURE(name);
                Query query{.name = name, .type = type, .opt = support::Opt{}};
                const auto told = far.ask(query);
                CHECK(told.rcode == "NOERROR");
                CHECK(told.tc());
                CHECK(told.answer.empty());
                CHECK(told.authority.empty());
                CHECK(told.bytes.size() == support::to_bytes(query).size());
                query.opt->options = {bad};
                CHECK(far.ask(query).tc());
            }
            const Query plain{.name = name, .type = "TXT"};
            const Query with_cookie{
                .name = name, .type = "TXT", .opt = support::Opt{.options = {good}}};
            const auto here = respond(observed_world(), plain);
            CHECK((respond(far, with_cookie) == engine::deferred) == (here == engine::deferred));
            CHECK((respond(far.over_tcp(), plain) == engine::deferred) ==
                  (here == engine::deferred));
            far.client.known = true;  // by a signature
            CHECK((respond(far, plain) == engine::deferred) == (here == engine::deferred));
            far.client.known = false;
        }
        CHECK(far.ask("example.", "A").answer.size() == 3);
    }
}

TEST_CASE("what sends an observer to TCP is limited as answers are") {
    auto world = observed_world().from("198.51.100.7");
    world.snapshot.observers = {support::prefix("0.0.0.0/0")};
    world.snapshot.limits = engine::rate_limits({.per_second = 10}, 1);
    engine::RateLimiter limiter;
    world.client.limiter = &limiter;
    world.client.now = std::chrono::seconds{1'700'000'000};
    unsigned answers = 0;
    for (int i = 0; i < 1000; ++i)
        answers += !world.ask(i % 2 == 0 ? "_probes.example." : "_why.example.", "TXT").silent();
    CHECK(answers <= 10 + 990 / 2);  // every second one slips, as truncated as the others
}

TEST_CASE("to strangers observed names do not exist") {
    const auto world = observed_world().from("20.1.2.3");
    for (const auto* name : {"_probes.example.", "newyork._probes.example.", "_why.example."}) {
        CAPTURE(name);
        const auto got = world.ask(name, "TXT");
        const auto other = world.ask("no-such-name.example.", "TXT");
        CHECK(got.rcode == "NXDOMAIN");
        CHECK(got.authority == other.authority);
    }
    CHECK(world.ask("_why.x.wild.example.", "A").data("A") == support::Lines{"192.0.2.8"});
}

TEST_CASE("an observation is a TXT record a line, in order, with TTL 0 and its scope") {
    const auto world = observed_world();
    const engine::Observation observation{.lines = {"edge=newyork", std::string(255, 'x'), ""},
                                          .scope = 17};
    const auto got =
        answer(world, support::query_from("_why.example.", "TXT", "20.1.2.0/24"), observation);
    CHECK(got.rcode == "NOERROR");
    CHECK(got.answer == support::Lines{"_why.example. 0 IN TXT \"edge=newyork\"",
                                       "_why.example. 0 IN TXT \"" + std::string(255, 'x') + "\"",
                                       "_why.example. 0 IN TXT \"\""});
    CHECK(got.scope() == 17);
}

TEST_CASE("an observation that does not fit over UDP is truncated, and whole over TCP") {
    const auto world = observed_world();
    const engine::Observation observation{
        .lines = std::vector<std::string>(9, std::string(200, 'x')), .scope = 0};
    const Query query{.name = "_probes.example.", .type = "TXT", .opt = support::Opt{}};
    CHECK(answer(world, query, observation).tc());
    CHECK(answer(world, query, observation).answer.empty());
    CHECK(answer(world.over_tcp(), query, observation).answer.size() == 9);
}

TEST_CASE("answers are counted in the client's lane, by edge") {
    auto world = support::with_boards(observed_world(), 2);
    const auto& board = *world.snapshot.catalog.zones()[0].board;
    CHECK(world.ask("example.", "A").answer.size() == 3);  // has no lane
    CHECK(board.answers(0) == 0);
    world.client.lane = 1;
    for (int i = 0; i < 5; ++i) CHECK(world.ask("example.", "A").answer.size() == 3);
    for (geo::EdgeIndex edge = 0; edge < 3; ++edge) CHECK(board.answers(edge) == 5);
}

}  // namespace engine_observed_name_test
