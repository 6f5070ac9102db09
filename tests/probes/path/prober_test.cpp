// SPDX-License-Identifier: Apache-2.0
#include "probes/path/prober.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace path_prober_test {

using namespace std::chrono_literals;
using geo::Population;
using probes::Candidate;
using probes::Prober;
using probes::Time;

namespace {

const Time now{std::chrono::hours{1000}};

Candidate candidate(const char* address, std::optional<Time> measured = std::nullopt,
                    Time seen = now) {
    return {.population = Population::Clients,
            .address = *geo::read_address(address),
            .seen = seen,
            .measured = measured};
}

std::string order(Prober& prober) {
    std::string text;
    while (const auto next = prober.next()) text += to_text(next->address) + ' ';
    return text;
}

}  // namespace

TEST_CASE("networks in use that lack a fresh measurement are asked, the least known first") {
    Prober prober;
    const Candidate all[] = {
        candidate("8.8.1.1", now - 7h),     candidate("8.8.2.1"),
        candidate("8.8.3.1", now - 30min),  candidate("8.8.4.1", now - 9h),
        candidate("8.8.5.1", {}, now + 1s), candidate("8.8.6.1", {}, now - 25h),
    };
    prober.consider(all, now);
    CHECK(order(prober) == "8.8.5.1 8.8.2.1 8.8.4.1 8.8.1.1 ");
    CHECK_FALSE(prober.next().has_value());
}

TEST_CASE("private and reserved space is never asked") {
    for (const auto* address :
         {"10.1.2.3", "192.168.1.1", "172.16.0.1", "100.64.0.1", "127.0.0.1", "169.254.1.1",
          "0.0.0.0", "224.0.0.1", "255.255.255.255", "198.18.0.1", "::1", "fe80::1", "fd00::1",
          "ff02::1", "::ffff:10.0.0.1", "64:ff9b::c0a8:101", "2002:a00:1::1"}) {
        CAPTURE(address);
        Prober prober;
        const Candidate all[] = {candidate(address)};
        prober.consider(all, now);
        CHECK_FALSE(prober.next().has_value());
    }
}

TEST_CASE("networks that do not answer are asked less and less, and at once after an answer") {
    Prober prober;
    const Candidate all[] = {candidate("8.8.8.8", {}, now + 1000h)};
    auto at = now;
    const auto asked_after = [&] {
        const auto from = at;
        for (;; at += 10min) {
            prober.consider(all, at);
            if (prober.next()) return at - from;
        }
    };
    CHECK(asked_after() == 0h);
    for (const auto expected : {1h, 2h, 4h, 8h, 16h, 32h, 64h, 128h, 168h, 168h}) {
        prober.unanswered(all[0], at);
        CHECK(asked_after() == expected);
    }
    prober.answered(all[0]);
    CHECK(asked_after() == 0h);
    prober.unanswered(all[0], at);
    CHECK(asked_after() == 1h);
}

TEST_CASE("an address that is silent as a client may be asked as a resolver") {
    Prober prober;
    auto client = candidate("8.8.8.8");
    prober.unanswered(client, now);
    auto resolver = client;
    resolver.population = Population::Resolvers;
    const Candidate all[] = {client, resolver};
    prober.consider(all, now);
    const auto next = prober.next();
    REQUIRE(next.has_value());
    CHECK(next->population == Population::Resolvers);
    CHECK_FALSE(prober.next().has_value());
}

TEST_CASE("what is remembered of silent networks, and what waits, is bounded") {
    Prober prober{{.silent = 100, .queue = 50}};
    std::vector<Candidate> all;
    for (unsigned i = 0; i < 1000; ++i) {
        auto one = candidate("8.8.8.8");
        one.address.bits = geo::Bits{0x08000000U + (i << 8)} << 96;
        all.push_back(one);
    }
    for (int again = 0; again < 5; ++again) prober.unanswered(all[0], now);  // the most silent
    for (const auto& one : all) prober.unanswered(one, now);
    prober.consider(all, now + 2h);
    CHECK(prober.waiting() == 50);
    while (const auto next = prober.next()) CHECK(next->address != all[0].address);
}

TEST_CASE("however many resolvers there are, and made-up ones, clients have half of the turns") {
    Prober prober;
    const auto add = [](std::vector<Candidate>& to, std::uint32_t first, unsigned count,
                        Candidate like) {
        for (unsigned i = 0; i < count; ++i) {
            like.address.bits = geo::Bits{first + (i << 8)} << 96;
            to.push_back(like);
        }
    };
    std::vector<Candidate> all;
    // Never measured and seen just now: by age alone they all come first.
    auto made_up = candidate("8.8.8.8");
    made_up.population = Population::Resolvers;
    made_up.claimed = true;
    add(all, 0x08000000U, 5000, made_up);
    auto resolver = candidate("9.9.9.9");
    resolver.population = Population::Resolvers;
    add(all, 0x09000000U, 5000, resolver);
    add(all, 0x0B000000U, 50, candidate("11.0.0.1", now - 2h, now - 1h));
    prober.consider(all, now);
    unsigned clients = 0;
    unsigned resolvers = 0;
    unsigned claimed = 0;
    for (int i = 0; i < 100; ++i) {
        const auto next = prober.next();
        REQUIRE(next.has_value());
        clients += next->population == Population::Clients ? 1U : 0U;
        resolvers += next->population == Population::Resolvers && !next->claimed ? 1U : 0U;
        claimed += next->claimed ? 1U : 0U;
    }
    CHECK(clients == 50);
    CHECK(resolvers == 40);
    CHECK(claimed == 10);
    // With no client left the others go on.
    for (int i = 0; i < 100; ++i) {
        const auto next = prober.next();
        REQUIRE(next.has_value());
        claimed += next->claimed ? 1U : 0U;
    }
    CHECK(claimed == 20);
}

}  // namespace path_prober_test
