// SPDX-License-Identifier: Apache-2.0
#include "probes/prober.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

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
    Prober prober{
        {.silent = 100, .queue = 50}
    };
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
