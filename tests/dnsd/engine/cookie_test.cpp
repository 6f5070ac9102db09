// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/cookie.hpp"

#include "geo/base/sip_hash.hpp"
#include "geo/place/address.hpp"
#include "tests/dnsd/engine/example_cookies.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

namespace engine_cookie_test {

using engine::CookieState;
using support::Bytes;
using support::client_cookie;
using support::first_secret;
using support::june_2019;
using support::octets;
using support::second_secret;
using support::secret;

namespace {

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

}  // namespace engine_cookie_test
