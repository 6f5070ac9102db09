// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/cookie.hpp"
#include "dnsd/engine/query_counters.hpp"
#include "dnsd/engine/seen_resolvers.hpp"
#include "tests/dnsd/engine/example_cookies.hpp"
#include "tests/dnsd/world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace engine_cookie_answers_test {

using engine::CookieState;
using support::Bytes;
using support::client_cookie;
using support::first_secret;
using support::june_2019;
using support::octets;
using support::Opt;
using support::Query;
using support::without_question;
using support::World;

namespace {

constexpr std::uint16_t cookie_option = 10;

World cookie_world() {
    static const World plain{{support::zone_text("example.", R"("www": {"A": "192.0.2.1"})")}};
    auto world = plain;
    world.snapshot.cookie_secrets = {first_secret};
    world.client.address = *geo::read_address("198.51.100.100");
    world.client.now = std::chrono::seconds{june_2019};
    return world;
}

Query with(Bytes cookie, std::string name = "www.example.") {
    return {.name = std::move(name), .opt = Opt{.options = {{cookie_option, std::move(cookie)}}}};
}

}  // namespace

TEST_CASE("an answer has a server's cookie when its query has a client's (RFC 7873 section 5.2)") {
    const auto world = cookie_world();
    CHECK(world.ask("www.example.", "A").opt == std::nullopt);
    CHECK(world.ask({.name = "www.example.", .opt = Opt{}}).option(cookie_option) == std::nullopt);
    const auto good = octets("2464c4abcf10c957010000005cf79f111f8130c3eee29480");
    for (const auto& at : {world, world.over_tcp()}) {
        for (const auto& sent : {octets(client_cookie), good, Bytes(24, 7)}) {
            const auto answer = at.ask(with(sent));
            CHECK(answer.rcode == "NOERROR");
            CHECK(answer.answer.size() == 1);
            const auto cookie = answer.option(cookie_option);
            REQUIRE(cookie.has_value());
            CHECK(std::equal(sent.begin(), sent.begin() + 8, cookie->begin()));
            if (sent[0] == good[0]) CHECK(*cookie == good);
        }
    }
    CHECK(world.ask(with(octets(client_cookie), "other.")).rcode == "REFUSED");
    CHECK(world.ask(with(octets(client_cookie), "other.")).option(cookie_option) == good);
    auto without = world;
    without.snapshot.cookie_secrets.clear();
    CHECK(without.ask(with(good)).option(cookie_option) == std::nullopt);
}

TEST_CASE("a cookie of another length than 8 or 16 to 40 is FORMERR (RFC 7873 section 5.2.2)") {
    const auto world = cookie_world();
    for (std::size_t size = 0; size <= 80; ++size) {
        CAPTURE(size);
        const bool right = size == 8 || (size >= 16 && size <= 40);
        const auto answer = world.ask(with(Bytes(size, 7)));
        CHECK(answer.rcode == (right ? "NOERROR" : "FORMERR"));
        CHECK(answer.option(cookie_option).has_value() == right);
    }
}

TEST_CASE("of several cookies the first one counts (RFC 7873 section 5.2)") {
    const Query query{
        .name = "www.example.",
        .opt = Opt{.options = {{cookie_option, octets(client_cookie)}, {cookie_option, {1}}}}};
    const auto answer = cookie_world().ask(query);
    CHECK(answer.rcode == "NOERROR");
    CHECK(answer.option(cookie_option)->at(0) == 0x24);
    CHECK(std::ranges::count(answer.opt->options, cookie_option, &support::Option::code) == 1);
}

TEST_CASE("a cookie alone, without a question, is answered with one (RFC 7873 section 5.4)") {
    auto world = cookie_world();
    const auto message = without_question({.options = {{cookie_option, octets(client_cookie)}}});
    const auto answer = world.ask(message);
    CHECK(answer.rcode == "NOERROR");
    CHECK_FALSE(answer.aa());
    CHECK(answer.question.empty());
    CHECK(answer.answer.empty());
    CHECK(answer.authority.empty());
    CHECK(answer.option(cookie_option) ==
          octets("2464c4abcf10c957010000005cf79f111f8130c3eee29480"));
    CHECK(world.ask(without_question({})).rcode == "FORMERR");
    CHECK(world.ask(without_question({.options = {{cookie_option, {1, 2}}}})).rcode == "FORMERR");
    CHECK(world.ask(without_question({.options = {{3, {}}}})).rcode == "FORMERR");
    world.snapshot.cookie_secrets.clear();
    CHECK(world.ask(message).rcode == "FORMERR");
}

TEST_CASE("an answer keeps room for its cookie (RFC 6891 section 6.2.3)") {
    std::string texts;
    for (int i = 0; i < 40; ++i)
        texts += (i == 0 ? "\"" : ", \"") + std::to_string(100 + i) + std::string(20, 'x') + "\"";
    auto world = World{{support::zone_text("example.", R"("big": {"TXT": [)" + texts + "]}")}};
    world.snapshot.cookie_secrets = {first_secret};
    for (std::uint16_t payload = 512; payload <= 1232; ++payload) {
        Query query{
            .name = "big.example.",
            .type = "TXT",
            .opt = Opt{.payload = payload, .options = {{cookie_option, octets(client_cookie)}}}};
        const auto answer = world.ask(query);
        CHECK(answer.bytes.size() <= payload);
        CHECK(answer.option(cookie_option).has_value());
    }
}

TEST_CASE("queries are counted by what their cookies are worth") {
    auto world = cookie_world();
    engine::QueryCounters counters;
    world.client.counters = &counters;
    const auto good = octets("2464c4abcf10c957010000005cf79f111f8130c3eee29480");
    for (int i = 0; i < 4; ++i) CHECK(world.ask(with(good)).rcode == "NOERROR");
    for (int i = 0; i < 3; ++i) CHECK(world.ask(with(Bytes(24, 1))).rcode == "NOERROR");
    for (int i = 0; i < 2; ++i) CHECK(world.ask(with(Bytes(8, 1))).rcode == "NOERROR");
    CHECK(world.ask("www.example.", "A").rcode == "NOERROR");
    engine::QueryCounts sum;
    counters.add_to(sum);
    CHECK(sum.with(CookieState::Good) == 4);
    CHECK(sum.with(CookieState::Bad) == 3);
    CHECK(sum.with(CookieState::ClientOnly) == 2);
    CHECK(sum.with(CookieState::None) == 1);
    counters.add_to(sum);
    CHECK(sum.with(CookieState::Good) == 8);
}

TEST_CASE("an address is taken as proved by TCP or a good cookie alone") {
    World world{{support::zone_text(
        "example.", R"("www": {"steer": {"nearest": ["newyork", "frankfurt", "singapore"]}})",
        support::three_edges)}};
    world.snapshot.cookie_secrets = {first_secret};
    world.client.address = *geo::read_address("198.51.100.100");
    world.client.now = std::chrono::seconds{june_2019};
    const auto seen = std::make_unique<engine::SeenResolvers>();
    world.client.seen = seen.get();
    const auto good = octets("2464c4abcf10c957010000005cf79f111f8130c3eee29480");
    struct Row {
        const char* name;
        bool tcp;
        Query query;
        engine::Origin origin;
    };
    const Row rows[] = {
        {"nothing", false, {.name = "www.example."}, engine::Origin::Claimed},
        {"a new cookie", false, with(octets(client_cookie)), engine::Origin::Claimed},
        {"a wrong cookie", false, with(Bytes(24, 7)), engine::Origin::Claimed},
        {"a good cookie", false, with(good), engine::Origin::Proved},
        {"TCP", true, {.name = "www.example."}, engine::Origin::Proved},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto& asked = row.tcp ? world.over_tcp() : world;
        CHECK(asked.ask(row.query).answer.size() == 1);
        for (const auto origin : {engine::Origin::Claimed, engine::Origin::Proved}) {
            std::vector<geo::Address> noted;
            seen->take(origin, noted);
            CHECK(noted.size() == (origin == row.origin ? 1U : 0U));
        }
    }
}

}  // namespace engine_cookie_answers_test
