// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/cookie.hpp"

#include "tests/dnsd/world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace engine_cookie_test {

using engine::CookieState;
using support::Bytes;
using support::Opt;
using support::Query;
using support::without_question;
using support::World;

namespace {

constexpr std::uint16_t cookie_option = 10;

Bytes octets(std::string_view digits) {
    Bytes bytes;
    for (std::size_t i = 0; i < digits.size(); i += 2)
        bytes.push_back(
            static_cast<std::uint8_t>(std::stoul(std::string{digits.substr(i, 2)}, nullptr, 16)));
    return bytes;
}

geo::SipKey secret(std::string_view digits) {
    const auto bytes = octets(digits);
    return geo::sip_key(std::span{bytes}.first<16>());
}

const auto first_secret = secret("e5e973e5a6b2a43f48e7dc849e37bfcf");
const auto second_secret = secret("445536bcd2513298075a5d379663c962");
constexpr std::uint32_t june_2019 = 1559731985;
constexpr auto client_cookie = "2464c4abcf10c957";

struct Judged {
    CookieState state;
    Bytes cookie;
};

Judged judge(const std::vector<geo::SipKey>& secrets, const Bytes& option, const char* address,
             std::uint32_t now) {
    const auto reply = engine::answer_cookie(secrets, option, *geo::read_address(address), now);
    return {reply.state, {reply.cookie.begin(), reply.cookie.end()}};
}

/// A cookie made at `then` and judged at `now`.
Judged judge_later(std::uint32_t then, std::uint32_t now) {
    const auto made = judge({first_secret}, octets(client_cookie), "192.0.2.1", then).cookie;
    return judge({first_secret}, made, "192.0.2.1", now);
}

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

TEST_CASE("SipHash-2-4 is that of its authors, for each rest of a message") {
    const auto key = secret("000102030405060708090a0b0c0d0e0f");
    struct Row {
        std::size_t length;
        std::uint64_t expected;
    };
    // Of the vectors beside the reference implementation.
    const Row rows[] = {
        {0, 0x726FDB47DD0E0E31}, {1, 0x74F839C593DC67FD},  {7, 0xAB0200F58B01D137},
        {8, 0x93F5F5799A932462}, {15, 0xA129CA6149BE45E5},
    };
    for (const auto& row : rows) {
        CAPTURE(row.length);
        Bytes message(row.length);
        for (std::size_t i = 0; i < message.size(); ++i) message[i] = static_cast<std::uint8_t>(i);
        CHECK(geo::SipHash{key}.of(message) == row.expected);
    }
}

TEST_CASE("the cookies of the examples are made octet for octet (RFC 9018 appendix A)") {
    const auto old_secret = secret("dd3bdf9344b678b185a6f5cb60fca715");
    struct Row {
        const char* name;
        std::vector<geo::SipKey> secrets;
        const char* asked;
        const char* address;
        std::uint32_t now;
        CookieState state;
        const char* expected;
    };
    const Row rows[] = {
        {"A.1 learning",
         {first_secret},
         "2464c4abcf10c957",
         "198.51.100.100",
         1559731985,
         CookieState::ClientOnly,
         "2464c4abcf10c957010000005cf79f111f8130c3eee29480"},
        {"A.2 renewed after 40 minutes",
         {first_secret},
         "2464c4abcf10c957010000005cf79f111f8130c3eee29480",
         "198.51.100.100",
         1559734385,
         CookieState::Good,
         "2464c4abcf10c957010000005cf7a871d4a564a1442aca77"},
        {"A.3 with reserved bits, too old",
         {first_secret},
         "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5",
         "203.0.113.203",
         1559734700,
         CookieState::Bad,
         "fc93fc62807ddb86010000005cf7a9acf73a7810aca2381e"},
        {"A.4 IPv6, by the secret before",
         {second_secret, old_secret},
         "22681ab97d52c298010000005cf7c57926556bd0934c72f8",
         "2001:db8:220:1:59de:d0f4:8769:82b8",
         1559741961,
         CookieState::Good,
         "22681ab97d52c298010000005cf7c609a6bb79d16625507a"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto judged = judge(row.secrets, octets(row.asked), row.address, row.now);
        CHECK(judged.state == row.state);
        CHECK(judged.cookie == octets(row.expected));
    }
    // Reserved bits are hashed as they come: while it is young, the cookie of A.3 is good.
    CHECK(judge({first_secret}, octets(rows[2].asked), rows[2].address, 1559727985).state ==
          CookieState::Good);
}

TEST_CASE(
    "a cookie is good for an hour and 5 minutes ahead, kept for half (RFC 9018 section 4.3)") {
    struct Row {
        std::int64_t age;
        CookieState state;
        bool kept;
    };
    const Row rows[] = {
        {0, CookieState::Good, true},     {1800, CookieState::Good, true},
        {1801, CookieState::Good, false}, {3600, CookieState::Good, false},
        {3601, CookieState::Bad, false},  {-300, CookieState::Good, true},
        {-301, CookieState::Bad, false},  {86400, CookieState::Bad, false},
    };
    // Also where 31 and 32 bits of seconds end, in 2038 and in 2106.
    for (const std::uint32_t made : {june_2019, 0x7FFFFFFFU, 0x80000000U, 0xFFFFFFFFU, 0U, 100U}) {
        for (const auto& row : rows) {
            CAPTURE(made);
            CAPTURE(row.age);
            const auto now = static_cast<std::uint32_t>(made + row.age);
            const auto judged = judge_later(made, now);
            CHECK(judged.state == row.state);
            const auto again = judge({first_secret}, judged.cookie, "192.0.2.1", now);
            CHECK(again.state == CookieState::Good);
            CHECK((judged.cookie ==
                   judge({first_secret}, octets(client_cookie), "192.0.2.1", made).cookie) ==
                  row.kept);
        }
    }
}

TEST_CASE(
    "a cookie is good for its client's cookie and address, and whole (RFC 9018 section 4.4)") {
    const auto made = judge({first_secret}, octets(client_cookie), "192.0.2.1", june_2019).cookie;
    const auto state = [&](const Bytes& cookie, const char* address) {
        return judge({first_secret}, cookie, address, june_2019).state;
    };
    CHECK(state(made, "192.0.2.1") == CookieState::Good);
    CHECK(state(made, "192.0.2.2") == CookieState::Bad);
    CHECK(state(made, "::ffff:192.0.2.1") == CookieState::Bad);
    for (std::size_t bit = 0; bit < 8 * made.size(); ++bit) {
        CAPTURE(bit);
        auto other = made;
        other[bit / 8] = static_cast<std::uint8_t>(other[bit / 8] ^ 1U << bit % 8);
        CHECK(state(other, "192.0.2.1") == CookieState::Bad);
    }
    for (const std::size_t size : {16U, 23U, 25U, 40U}) {
        auto other = made;
        other.resize(size);
        CHECK(state(other, "192.0.2.1") == CookieState::Bad);
    }
}

TEST_CASE(
    "a secret is rolled over without a bad cookie (RFC 7873 section 5.5, RFC 9018 section 5)") {
    const auto ask = [](const std::vector<geo::SipKey>& secrets, const Bytes& cookie) {
        return judge(secrets, cookie, "192.0.2.1", june_2019);
    };
    // The new one is known everywhere before anybody makes cookies with it.
    const std::vector before{first_secret, second_secret};
    const std::vector after{second_secret, first_secret};
    const auto old = ask({first_secret}, octets(client_cookie)).cookie;
    CHECK(ask(before, old).cookie == old);
    const auto fresh = ask(after, old);
    CHECK(fresh.state == CookieState::Good);
    CHECK(fresh.cookie != old);
    CHECK(ask(before, fresh.cookie).state == CookieState::Good);
    CHECK(ask({second_secret}, fresh.cookie).state == CookieState::Good);
    CHECK(ask({second_secret}, fresh.cookie).cookie == fresh.cookie);
    CHECK(ask({second_secret}, old).state == CookieState::Bad);
}

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

}  // namespace engine_cookie_test
