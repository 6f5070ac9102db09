// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/rate_limit.hpp"

#include "geo/base/sip_hash.hpp"
#include "geo/place/address.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <ostream>
#include <string_view>

namespace engine_rate_limit_test {

using engine::RateLimiter;
using Action = RateLimiter::Action;
using namespace std::chrono_literals;

namespace {

constexpr geo::SipKey secret{.low = 0x0123456789ABCDEF, .high = 0x5DEECE66D1F00D17};
constexpr std::chrono::nanoseconds start = 1'700'000'000s;

struct Sent {
    unsigned whole = 0;
    unsigned slipped = 0;
    unsigned dropped = 0;
    bool operator==(const Sent&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Sent& sent) {
    return out << sent.whole << " whole, " << sent.slipped << " slipped, " << sent.dropped
               << " dropped";
}

Action check(RateLimiter& limiter, const engine::RateKey& key, std::chrono::nanoseconds now,
             const engine::RateLimits& limits) {
    return limiter.check(limiter.place_of(key), engine::AnswerKind::Positive, now, limits.answers,
                         limits.slip);
}

/// So many of a kind, at equal distances.
Sent flood(RateLimiter& limiter, const engine::RateKey& key, unsigned count,
           std::chrono::nanoseconds from, std::chrono::nanoseconds time,
           const engine::RateLimits& limits) {
    Sent sent;
    for (unsigned i = 0; i < count; ++i) {
        const auto action = check(limiter, key, from + time * i / count, limits);
        sent.whole += action == Action::Pass;
        sent.slipped += action == Action::Slip;
        sent.dropped += action == Action::Drop;
    }
    return sent;
}

engine::RateKey key_of(std::string_view address, std::uint32_t node = 0) {
    return engine::rate_key(*geo::read_address(address), 0, node);
}

}  // namespace

TEST_CASE("a flood gets what the limit says, and every second of the rest slips") {
    const auto limits = engine::rate_limits({.per_second = 200}, 1);
    RateLimiter limiter{secret};
    // One second's worth at once, then what comes with time.
    CHECK(flood(limiter, key_of("192.0.2.1"), 1000, start, 0s, limits) == Sent{200, 400, 400});
    const auto later = flood(limiter, key_of("192.0.2.1"), 100'000, start, 10s, limits);
    CHECK(later.whole <= 2000);
    CHECK(later.whole >= 1990);
    CHECK(later.slipped + later.dropped == 100'000 - later.whole);
    CHECK(later.slipped == doctest::Approx(49'000).epsilon(0.01));
}

TEST_CASE("slip says how many of what is too much are not dropped, 0 none and 1 all") {
    for (const unsigned slip : {0U, 1U, 2U, 3U, 10U}) {
        CAPTURE(slip);
        RateLimiter limiter{secret};
        const auto limits = engine::rate_limits({.per_second = 10, .slip = slip}, 1);
        const auto sent = flood(limiter, key_of("192.0.2.1"), 10 + 60, start, 0s, limits);
        CHECK(sent.whole == 10);
        CHECK(sent.slipped == (slip == 0 ? 0 : 60 / slip));
    }
}

TEST_CASE("whoever keeps to the limit is never limited") {
    const auto limits = engine::rate_limits({.per_second = 200}, 1);
    RateLimiter limiter{secret};
    CHECK(flood(limiter, key_of("192.0.2.1"), 12'000, start, 60s, limits) == Sent{12'000, 0, 0});
    // A coarse clock goes in steps of some milliseconds.
    Sent sent;
    for (int step = 0; step < 1000; ++step) {
        for (int i = 0; i < 2; ++i) {
            const auto action = check(limiter, key_of("192.0.3.1"), start + step * 10ms, limits);
            sent.whole += action == Action::Pass;
        }
    }
    CHECK(sent.whole == 2000);
}

TEST_CASE("a debt ends by itself, and a clock that is set back keeps nobody waiting") {
    const auto limits = engine::rate_limits({.per_second = 100}, 1);
    RateLimiter limiter{secret};
    const auto key = key_of("192.0.2.1");
    CHECK(flood(limiter, key, 100'000, start, 0s, limits).whole == 100);
    CHECK(flood(limiter, key, 1000, start + 1s, 0s, limits).whole == 100);
    CHECK(flood(limiter, key, 1000, start + 1500ms, 0s, limits).whole == 50);
    CHECK(flood(limiter, key, 1000, start + 24h, 0s, limits).whole == 100);
    CHECK(flood(limiter, key, 1000, start, 0s, limits).whole == 100);
}

TEST_CASE("networks of /24 and /56 are limited by themselves, whatever else is in them") {
    struct Row {
        const char* one;
        const char* other;
        bool together;
    };
    const Row rows[] = {
        {"192.0.2.0", "192.0.2.255", true},
        {"192.0.2.255", "192.0.3.0", false},
        {"192.0.2.1", "192.0.1.1", false},
        {"2001:db8:0:ff::", "2001:db8:0:ff:ffff::1", true},
        {"2001:db8:0:1200::", "2001:db8:0:12ff:1:2:3:4", true},
        {"2001:db8:0:12ff::", "2001:db8:0:1300::", false},
        {"2001:db8:0:1200::", "2001:db8:1:1200::", false},
        {"192.0.2.1", "c000:0200::", false},
    };
    for (const auto& row : rows) {
        CAPTURE(row.one);
        CAPTURE(row.other);
        RateLimiter limiter{secret};
        const auto limits = engine::rate_limits({.per_second = 20}, 1);
        CHECK(flood(limiter, key_of(row.one), 100, start, 0s, limits).whole == 20);
        CHECK(flood(limiter, key_of(row.other), 100, start, 0s, limits).whole ==
              (row.together ? 0 : 20));
    }
}

TEST_CASE("a flood of other networks does not free one that is limited") {
    const auto limits = engine::rate_limits({.per_second = 100}, 1);
    RateLimiter limiter{secret};
    const auto victim = key_of("203.0.113.1");
    CHECK(flood(limiter, victim, 1000, start, 0s, limits).whole == 100);
    unsigned first = 0;
    constexpr std::uint32_t networks = 1'000'000;
    for (std::uint32_t i = 0; i < networks; ++i) {
        const geo::Address address{geo::Family::V4, geo::Bits{i << 8} << 96};
        first += check(limiter, engine::rate_key(address), start, limits) == Action::Pass;
    }
    CHECK(first == networks);  // nobody pays for others
    CHECK(flood(limiter, victim, 1000, start, 0s, limits).whole == 0);
}

TEST_CASE("threads share a limit, and each lets ten answers pass at once") {
    const auto shared = engine::rate_limits({.per_second = 200, .errors_per_second = 50}, 4);
    CHECK(shared.answers.every == 20ms);
    CHECK(shared.answers.depth == 1s);
    CHECK(shared.errors.every == 80ms);
    CHECK(shared.errors.depth == 1s);
    CHECK(shared.all_errors.every == 4ms);
    CHECK(engine::rate_limits({.per_second = 200}, 256).answers.depth == 12'800ms);
    CHECK(engine::rate_limits({.per_second = 0}, 4).answers.none());
    CHECK(engine::rate_limits({.per_second = 0}, 4).errors.none());
    CHECK(engine::rate_limits({.errors_per_second = 0}, 4).errors.none());
    CHECK(engine::rate_limits({.per_second = 1'000'000}, 1).answers.every == 1us);
}

}  // namespace engine_rate_limit_test
