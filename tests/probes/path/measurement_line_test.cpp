// SPDX-License-Identifier: Apache-2.0
#include "probes/path/measurement_line.hpp"

#include "geo/text/fact_line.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>

namespace path_measurement_line_test {

using namespace std::chrono_literals;
using geo::Population;
using probes::ToldMeasurement;
using std::chrono::sys_seconds;

namespace {

constexpr sys_seconds now{1'795'530'000s};

ToldMeasurement some() {
    return {.round_trip_ms = 12.345,
            .variation_ms = 1.2,
            .samples = 17,
            .lost = 0.003,
            .rate = 1'250'000,
            .seen = now,
            .at = geo::read_address("203.0.113.57"),
            .place = std::nullopt};
}

}  // namespace

TEST_CASE("what is measured is told in one line") {
    CHECK(probes::told_text(some()) ==
          "rtt=12.345ms var=1.2ms samples=17 lost=0.3% rate=1250000 seen=1795530000 "
          "at=203.0.113.57");
    const ToldMeasurement landmark{.round_trip_ms = 70,
                                   .samples = 3,
                                   .seen = now + 59s,
                                   .at = std::nullopt,
                                   .place = geo::Coordinates{51.5, -0.12}};
    CHECK(probes::told_text(landmark) ==
          "rtt=70ms var=0ms samples=3 lost=0% seen=1795530000 lat=51.50 lon=-0.12");
}

TEST_CASE("numbers that cannot be are told as the nearest that can") {
    auto told = some();
    told.round_trip_ms = std::numeric_limits<double>::infinity();
    told.variation_ms = std::numeric_limits<double>::quiet_NaN();
    told.samples = ~0U;
    told.lost = -1;
    told.rate = ~std::uint64_t{0};
    CHECK(probes::read_told(probes::told_text(told), now).has_value());
    told.round_trip_ms = 0;
    told.seen = sys_seconds{-5s};
    CHECK(probes::told_text(told).starts_with("rtt=0.01ms "));
    CHECK(probes::read_told(probes::told_text(told), now).has_value());
}

TEST_CASE("what is told is read back as it was, whatever it is") {
    std::mt19937_64 random{4};
    const auto share = [&] { return std::uniform_real_distribution<>{0, 1}(random); };
    for (int i = 0; i < 20'000; ++i) {
        ToldMeasurement told{.round_trip_ms = 0.01 * std::pow(1e6, share()),
                             .variation_ms = 100 * share(),
                             .samples = static_cast<std::uint32_t>(random() % 1'000'001),
                             .lost = share(),
                             .rate = random() % 2 == 0 ? 0 : random() % 1'000'000'000'000,
                             .seen = sys_seconds{std::chrono::seconds{random() % 1'795'530'000}},
                             .at = std::nullopt,
                             .place = std::nullopt};
        if (i % 3 == 0)
            told.at = geo::read_address("2001:db8:1::" + std::to_string(random() % 999));
        if (i % 5 == 0) told.place = {180 * share() - 90, 360 * share() - 180};
        const auto text = probes::told_text(told);
        CAPTURE(text);
        CHECK(text.size() <= probes::FactLine::max_length);
        const auto read = probes::read_told(text, now);
        REQUIRE(read.has_value());
        CHECK(read->round_trip_ms == doctest::Approx(told.round_trip_ms).epsilon(0.1));
        CHECK(std::abs(read->round_trip_ms - told.round_trip_ms) < 0.0006);
        CHECK(read->samples == told.samples);
        CHECK(read->rate == told.rate);
        CHECK(read->at == told.at);
        CHECK(told.seen - read->seen < 1min);
        told.place = read->place;  // it is rounded
        CHECK_FALSE(differs_enough(told, *read));
        CHECK(probes::told_text(*read) == text);
    }
}

TEST_CASE("a hostile line is refused as a whole") {
    struct Row {
        const char* name;
        std::string_view text;
        bool expected;
    };
    const Row rows[] = {
        {"the least there is", "rtt=1ms samples=1 seen=1795530000", true},
        {"a key of a later version", "rtt=1ms jitter=3ms samples=1 seen=1795530000", true},
        {"nothing", "", false},
        {"no round trip", "samples=1 seen=1795530000", false},
        {"no time", "rtt=1ms samples=1", false},
        {"no unit", "rtt=1 samples=1 seen=1795530000", false},
        {"another unit", "rtt=1s samples=1 seen=1795530000", false},
        {"too short a round trip", "rtt=0.009ms samples=1 seen=1795530000", false},
        {"too long a round trip", "rtt=10000.1ms samples=1 seen=1795530000", false},
        {"a negative one", "rtt=-1ms samples=1 seen=1795530000", false},
        {"no number", "rtt=nanms samples=1 seen=1795530000", false},
        {"an endless one", "rtt=infms samples=1 seen=1795530000", false},
        {"an exponent", "rtt=1e3ms samples=1 seen=1795530000", false},
        {"a key twice", "rtt=1ms rtt=2ms samples=1 seen=1795530000", false},
        {"too many samples", "rtt=1ms samples=1000001 seen=1795530000", false},
        {"samples that wrap", "rtt=1ms samples=4294967297 seen=1795530000", false},
        {"fewer than no samples", "rtt=1ms samples=-1 seen=1795530000", false},
        {"a time before all", "rtt=1ms samples=1 seen=-60", false},
        {"a time that wraps", "rtt=1ms samples=1 seen=99999999999999999999", false},
        {"more lost than all", "rtt=1ms lost=100.1% samples=1 seen=1795530000", false},
        {"a share without its sign", "rtt=1ms lost=0.1 samples=1 seen=1795530000", false},
        {"too high a rate", "rtt=1ms rate=1000000000001 samples=1 seen=1795530000", false},
        {"an address that is none", "rtt=1ms at=203.0.113 samples=1 seen=1795530000", false},
        {"an address of one's own network", "rtt=1ms at=192.168.1.1 samples=1 seen=1795530000",
         false},
        {"loopback", "rtt=1ms at=::1 samples=1 seen=1795530000", false},
        {"half a place", "rtt=1ms lat=1 samples=1 seen=1795530000", false},
        {"a place off the earth", "rtt=1ms lat=91 lon=0 samples=1 seen=1795530000", false},
        {"two blanks", "rtt=1ms  samples=1 seen=1795530000", false},
        {"a word alone", "rtt=1ms hello samples=1 seen=1795530000", false},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(probes::read_told(row.text, now).has_value() == row.expected);
    }
    const std::string good = "rtt=1ms samples=1 seen=1795530000 later=";
    CHECK(probes::read_told(good + std::string(255 - good.size(), 'x'), now).has_value());
    CHECK_FALSE(probes::read_told(good + std::string(256 - good.size(), 'x'), now).has_value());
}

TEST_CASE("any octets end in a line or in none") {
    std::mt19937_64 random{7};
    const auto good = probes::told_text(some());
    for (int i = 0; i < 50'000; ++i) {
        auto text = good;
        for (auto changes = random() % 4; changes > 0; --changes) {
            text[random() % text.size()] = static_cast<char>(random());
        }
        const auto read = probes::read_told(text, now);
        if (!read) continue;
        CAPTURE(text);
        CHECK(read->round_trip_ms >= 0.01);
        CHECK(read->round_trip_ms <= 10'000);
        CHECK(read->lost >= 0);
        CHECK(read->lost <= 1);
        CHECK(read->seen <= now);
        CHECK((!read->at || geo::routable(*read->at)));
    }
}

TEST_CASE("a time in the future is now, as clocks differ") {
    const auto read = probes::read_told("rtt=1ms samples=1 seen=1795530240", now);
    REQUIRE(read.has_value());
    CHECK(read->seen == now);
}

TEST_CASE("only what matters is told again") {
    struct Row {
        const char* name;
        std::string_view part;  // of the line, which becomes:
        std::string_view other;
        bool expected;
    };
    const std::string told = "rtt=12ms samples=17 lost=0.3% rate=9 seen=1795500000 at=203.0.113.57";
    const Row rows[] = {
        {"nothing", "rtt", "rtt", false},
        {"0.2 ms of 12 ms", "12ms", "12.2ms", false},
        {"0.4 ms of 12 ms", "12ms", "12.4ms", true},
        {"0.4 ms less", "12ms", "11.6ms", true},
        {"samples up to the next power", "samples=17", "samples=31", false},
        {"samples that reach it", "samples=17", "samples=32", true},
        {"seen 10 minutes later", "1795500000", "1795500600", false},
        {"seen 11 minutes later", "1795500000", "1795500660", true},
        {"half a percentage point of loss", "lost=0.3%", "lost=0.8%", false},
        {"two percentage points of loss", "lost=0.3%", "lost=2.3%", true},
        {"another rate", "rate=9", "rate=90", false},
        {"another address of the network", "113.57", "113.9", false},
        {"no address to ask any more", " at=203.0.113.57", "", true},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        auto text = told;
        text.replace(text.find(row.part), row.part.size(), row.other);
        const auto later = probes::read_told(text, now);
        REQUIRE(later.has_value());
        CHECK(differs_enough(*probes::read_told(told, now), *later) == row.expected);
    }
    auto far = some();
    far.round_trip_ms = 200;
    auto later = far;
    later.round_trip_ms = 203.9;
    CHECK_FALSE(differs_enough(far, later));
    later.round_trip_ms = 204.1;
    CHECK(differs_enough(far, later));
}

TEST_CASE("networks are owners in one spelling alone") {
    struct Row {
        const char* owner;
        bool expected;
    };
    const Row rows[] = {
        {"203-0-113-0/24.clients", true},
        {"203-0-113-0/24.resolvers", true},
        {"2001:db8:1::/48.clients", true},
        {"2001:db8::/48.resolvers", true},
        {"203-0-113-0/24.landmarks", false},
        {"203-0-113-0/24", false},
        {"203-0-113-0/24.clients.x", false},
        {"203-0-113-0/25.clients", false},
        {"203-0-112-0/23.clients", false},
        {"203-0-113-1/24.clients", false},
        {"203-0-113-1.clients", false},
        {"2001:db8:1::/47.clients", false},
        {"2001:db8:1::/64.clients", false},
        {"2001:DB8:1::/48.clients", false},
        {"2001:db8:1:0::/48.clients", false},
        {"203.0.113.0/24.clients", false},
        {"10-0-0-0/24.clients", false},
        {"192-168-1-0/24.clients", false},
        {"fe80::/48.clients", false},
        {"fd00:1:2::/48.clients", false},
        {"home", false},
        {".clients", false},
        {"", false},
    };
    for (const auto& row : rows) {
        CAPTURE(row.owner);
        const auto read = probes::read_network_owner(row.owner);
        CHECK(read.has_value() == row.expected);
        if (read) CHECK(probes::network_owner(read->network, read->population) == row.owner);
    }
    CHECK(probes::read_network_owner("203-0-113-0/24.resolvers") ==
          probes::NetworkOwner{*geo::read_prefix("203.0.113.0/24"), Population::Resolvers});
}

}  // namespace path_measurement_line_test
