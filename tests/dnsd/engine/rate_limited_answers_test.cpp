// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/query_counters.hpp"
#include "dnsd/engine/rate_limit.hpp"
#include "tests/dnsd/world.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace engine_rate_limited_answers_test {

using engine::RateLimiter;
using engine::RateSettings;
using support::Bytes;
using support::Opt;
using support::Query;
using support::World;
using Action = RateLimiter::Action;
using namespace std::chrono_literals;

namespace {

constexpr geo::SipKey secret{.low = 0x0123456789ABCDEF, .high = 0x5DEECE66D1F00D17};
constexpr std::chrono::nanoseconds start = 1'700'000'000s;

/// Names of all kinds, asked by whoever, with a limit of 10 answers and 3 errors a second.
class Limited {
 public:
    explicit Limited(RateSettings settings = {.per_second = 10, .errors_per_second = 10}) {
        world.snapshot.limits = engine::rate_limits(settings, 1);
        world.snapshot.cookie_secrets = {secret};
        world.client.limiter = limiter_.get();
        world.client.counters = counters_.get();
        world.client.now = start;
        from("198.51.100.7");
    }
    void from(std::string_view address) { world.client.address = *geo::read_address(address); }

    /// How many of so many queries at once are answered with all that there is.
    unsigned whole(const Query& query, unsigned count = 50) {
        unsigned answered = 0;
        for (unsigned i = 0; i < count; ++i) {
            const auto answer = world.ask(query);
            answered += !answer.silent() && !answer.tc() && !bad_cookie(answer);
        }
        return answered;
    }
    [[nodiscard]] engine::QueryCounts counts() const {
        engine::QueryCounts counts;
        counters_->add_to(counts);
        return counts;
    }
    /// RCODE 23, which ldns has no name for: 7 and an upper bit in OPT.
    static bool bad_cookie(const support::Answer& answer) {
        return (answer.flags & 0xF) == 7 && answer.rcode != "YXRRSET";
    }

    World world = zones();

 private:
    static const World& zones() {
        static const World made{{support::zone_text("example.", R"("www": {"A": "192.0.2.1"},
                                               "api": {"A": "192.0.2.2"},
                                               "*.wild": {"A": "192.0.2.3"},
                                               "sub": {"NS": "ns.other."},
                                               "cut": {"NS": "ns.other."})")}};
        return made;
    }
    std::shared_ptr<RateLimiter> limiter_ = std::make_shared<RateLimiter>(secret);
    std::shared_ptr<engine::QueryCounters> counters_ = std::make_shared<engine::QueryCounters>();
};

Query query(std::string name, std::string type = "A") {
    return {.name = std::move(name), .type = std::move(type)};
}

Query with_cookie(const Bytes& cookie) {
    return {.name = "www.example.", .opt = Opt{.options = {{10, cookie}}}};
}

}  // namespace

TEST_CASE("names that exist are limited by name, all others by zone") {
    Limited limited;
    CHECK(limited.whole(query("www.example.")) == 10);
    CHECK(limited.whole(query("WWW.example.", "A")) == 0);
    CHECK(limited.whole(query("api.example.")) == 10);
    CHECK(limited.whole(query("a.wild.example.")) == 10);
    CHECK(limited.whole(query("b.wild.example.")) == 0);  // of one wildcard
    CHECK(limited.whole(query("a.sub.example.")) == 10);
    CHECK(limited.whole(query("b.sub.example.")) == 0);
    CHECK(limited.whole(query("cut.example.")) == 10);
    CHECK(limited.whole(query("a.example.")) == 10);
    CHECK(limited.whole(query("b.example.")) == 0);
    CHECK(limited.whole(query("www.example.", "TXT")) == 10);
    CHECK(limited.whole(query("www.example.", "AAAA")) == 0);
    CHECK(limited.whole(query("api.example.", "AAAA")) == 10);
    limited.from("198.51.101.7");
    CHECK(limited.whole(query("www.example.")) == 10);
    limited.world.client.now += 1s;
    CHECK(limited.whole(query("b.example.")) == 10);
}

TEST_CASE("errors are limited together, and none slips") {
    Limited limited;
    CHECK(limited.whole(query("www.other.")) == 10);
    const auto before = limited.counts();
    CHECK(before.with(Action::Slip) == 0);
    CHECK(before.with(Action::Drop) == 40);
    limited.world.client.now += 1s;
    auto broken = to_bytes(query("www.example."));
    broken.pop_back();
    auto update = to_bytes(query("www.example."));
    update[support::flags_at] = 5 << 3;
    unsigned answers = 0;
    for (int i = 0; i < 10; ++i) {
        answers += !limited.world.ask(broken).silent();
        answers += !limited.world.ask(update).silent();
    }
    CHECK(answers == 10);
    CHECK(limited.whole(query("www.example.")) == 10);
    Limited unlimited{{.per_second = 10, .errors_per_second = 0}};
    CHECK(unlimited.whole(query("www.other.")) == 50);
}

TEST_CASE("errors are limited for all networks together, and answers are not") {
    Limited limited{
        {.per_second = 10, .errors_per_second = 5, .all_errors_per_second = 20, .slip = 1}};
    auto broken = to_bytes(query("www.example."));
    broken.pop_back();
    unsigned errors = 0;
    unsigned answers = 0;
    for (int network = 0; network < 100; ++network) {
        limited.from("198.51." + std::to_string(network) + ".1");
        errors += limited.whole(query("www.other."), 1);
        errors += !limited.world.ask(broken).silent();
        answers += limited.whole(query("www.example."), 1) + limited.whole(query("no.example."), 1);
    }
    CHECK(errors == 20);
    CHECK(answers == 200);
    CHECK(limited.counts().with(Action::Drop) == 180);
    limited.world.client.now += 500ms;
    limited.from("203.0.113.1");
    CHECK(limited.whole(query("www.other."), 4) == 4);
    Limited unlimited{{.per_second = 10, .errors_per_second = 5, .all_errors_per_second = 0}};
    for (int network = 0; network < 100; ++network) {
        unlimited.from("198.51." + std::to_string(network) + ".1");
        CHECK(unlimited.whole(query("www.other."), 1) == 1);
    }
    Limited in_all{{.per_second = 10, .errors_per_second = 0, .all_errors_per_second = 20}};
    CHECK(in_all.whole(query("www.other.")) == 20);
}

TEST_CASE("what one network has too much of is not taken from the errors of others") {
    Limited limited{
        {.per_second = 10, .errors_per_second = 15, .all_errors_per_second = 20, .slip = 1}};
    CHECK(limited.whole(query("www.other."), 1000) == 15);
    limited.from("203.0.113.1");
    CHECK(limited.whole(query("www.other.")) == 5);
}

TEST_CASE("a cookie can be had while errors are dropped (RFC 7873 section 5.4)") {
    Limited limited;
    CHECK(limited.whole(query("www.other.")) == 10);
    CHECK(limited.whole(query("www.other.")) == 0);
    const auto cookie_alone = support::without_question({.options = {{10, Bytes(8, 1)}}});
    CHECK(limited.world.ask(cookie_alone).option(10).has_value());
}

TEST_CASE("what slips is truncated, without a record, and sends the client to TCP") {
    Limited limited{{.per_second = 10, .slip = 1}};
    for (const auto* name : {"www.example.", "none.example."}) {
        limited.whole(query(name), 10);
        const auto answer = limited.world.ask(query(name));
        CHECK(answer.tc());
        CHECK(answer.rcode == "NOERROR");
        CHECK(answer.question.size() == 1);
        CHECK(answer.answer.empty());
        CHECK(answer.authority.empty());
        CHECK(answer.bytes.size() == to_bytes(query(name)).size());
    }
    CHECK(limited.counts().with(Action::Slip) == 2);
}

TEST_CASE("TCP, exempt networks and a limit of 0 are never limited") {
    Limited limited{{.per_second = 10, .exempt = {*geo::read_prefix("198.51.0.0/16")}}};
    CHECK(limited.whole(query("www.example.")) == 50);
    CHECK(limited.whole(query("www.other.")) == 50);
    limited.from("203.0.113.1");
    CHECK(limited.whole(query("www.example.")) == 10);
    limited.world.client.limiter = nullptr;  // as TCP has it
    CHECK(limited.whole(query("www.example.")) == 50);
    Limited off{{.per_second = 0}};
    CHECK(off.whole(query("www.example.")) == 50);
    CHECK(off.counts().with(Action::Drop) == 0);
}

TEST_CASE(
    "a client with a good cookie gets all its answers beside a flood (RFC 7873 section 5.2)") {
    Limited limited;
    CHECK(limited.whole(query("www.example."), 1000) == 10);
    // The first contact may be lost; one that slips brings the cookie.
    const auto dropped = limited.world.ask(with_cookie(Bytes(8, 1)));
    const auto refused = limited.world.ask(with_cookie(Bytes(8, 1)));
    const auto& slipped = dropped.silent() ? refused : dropped;
    CHECK(dropped.silent() != refused.silent());
    CHECK(Limited::bad_cookie(slipped));
    CHECK_FALSE(slipped.tc());
    CHECK_FALSE(slipped.aa());
    CHECK(slipped.answer.empty());
    const auto cookie = slipped.option(10);
    REQUIRE(cookie.has_value());
    CHECK(limited.whole(with_cookie(*cookie), 1000) == 1000);
    // Whoever forges the address has no cookie of it.
    CHECK(limited.whole(with_cookie(Bytes(24, 1)), 1000) == 0);
    limited.from("198.51.100.8");
    CHECK(limited.whole(with_cookie(*cookie), 1000) == 0);
}

TEST_CASE("a bad cookie is no fault where nothing is limited (RFC 7873 section 5.2.4)") {
    Limited limited;
    CHECK(limited.whole(with_cookie(Bytes(24, 1)), 10) == 10);
    CHECK(limited.world.ask(with_cookie(Bytes(24, 1))).answer.empty());
}

}  // namespace engine_rate_limited_answers_test
