// SPDX-License-Identifier: Apache-2.0
#include "probes/path/measurements.hpp"

#include "geo/place/network.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

namespace path_measurements_test {

using namespace std::chrono_literals;
using probes::Connection;
using probes::Measurements;
using probes::NetworkMeasurement;
using probes::Time;

namespace {

const Time start{std::chrono::hours{1000}};

Connection connection(std::uint64_t cookie, const char* client,
                      std::chrono::microseconds round_trip) {
    return {.cookie = cookie,
            .client = *geo::read_address(client),
            .round_trip = round_trip,
            .variation = 1000us,
            .min_round_trip = round_trip};
}

NetworkMeasurement measured(const Measurements& measurements, const char* network) {
    const auto found = measurements.find(*geo::read_prefix(network));
    REQUIRE(found.has_value());
    return *found;
}

}  // namespace

TEST_CASE("the round trip of a network is the least of its connections in two windows") {
    Measurements measurements{{.networks = 10, .window = 10min}};
    const auto see = [&](std::chrono::microseconds round_trip, Time at) {
        const std::array all{
            connection(static_cast<std::uint64_t>(round_trip.count()), "8.8.8.8", round_trip)};
        measurements.observe(all, at);
        return measured(measurements, "8.8.8.0/24").round_trip;
    };
    CHECK(see(30ms, start) == 30ms);
    CHECK(see(50ms, start + 1min) == 30ms);
    CHECK(see(20ms, start + 2min) == 20ms);
    CHECK(see(40ms, start + 11min) == 20ms);  // the window before still counts
    CHECK(see(45ms, start + 19min) == 20ms);
    CHECK(see(60ms, start + 22min) == 40ms);   // 20 ms is two windows old
    CHECK(see(70ms, start + 300min) == 70ms);  // nothing adjoins
}

TEST_CASE("a long connection counts once a window, as a short one does") {
    Measurements measurements{{.networks = 10, .window = 10min}};
    const std::array film{connection(1, "8.8.8.8", 30ms)};
    for (int i = 0; i < 60; ++i) measurements.observe(film, start + i * 10s);
    CHECK(measured(measurements, "8.8.8.0/24").samples == 1);
    CHECK(measured(measurements, "8.8.8.0/24").connections == 1);
    measurements.observe(film, start + 10min);
    CHECK(measured(measurements, "8.8.8.0/24").samples == 2);
    for (std::uint64_t cookie = 10; cookie < 15; ++cookie) {
        const std::array page{connection(cookie, "8.8.8.9", 31ms)};
        measurements.observe(page, start + 11min);
    }
    CHECK(measured(measurements, "8.8.8.0/24").samples == 7);
    measurements.observe(std::span<const Connection>{}, start + 12min);
    const auto last = measured(measurements, "8.8.8.0/24");
    CHECK(last.connections == 0);
    CHECK(last.last == start + 11min);
}

TEST_CASE("the share of segments sent again is that of what was sent since the last reading") {
    Measurements measurements;
    auto one = connection(1, "8.8.8.8", 30ms);
    const auto see = [&](std::uint64_t out, std::uint64_t again) {
        one.segments_out = out;
        one.segments_repeated = again;
        measurements.observe(std::array{one}, start);
        return measured(measurements, "8.8.8.0/24").repeated;
    };
    CHECK(see(1000, 100) == doctest::Approx(0.1));
    CHECK(see(1010, 110) == doctest::Approx(0.1));  // ten segments say nothing yet
    CHECK(see(2000, 100) == doctest::Approx(0.075));
    CHECK(see(100, 0) == doctest::Approx(0.075));  // never below nothing, whatever comes
}

TEST_CASE("a rate counts where the path and not the sender was the limit") {
    Measurements measurements;
    auto one = connection(1, "8.8.8.8", 30ms);
    const auto see = [&](std::uint64_t rate, bool limited) {
        one.delivery_rate = rate;
        one.application_limited = limited;
        measurements.observe(std::array{one}, start);
        return measured(measurements, "8.8.8.0/24").delivery_rate;
    };
    CHECK(see(9'000'000, true) == 0);
    CHECK(see(1'000'000, false) == 1'000'000);
    CHECK(see(500'000, false) == 1'000'000);
    CHECK(see(2'000'000, false) == 2'000'000);
}

TEST_CASE(
    "clients that are not on the internet, and what the kernel has not measured, are left out") {
    Measurements measurements;
    const std::array all{connection(1, "10.0.0.1", 30ms), connection(2, "127.0.0.1", 30ms),
                         connection(3, "fe80::1", 30ms), connection(4, "8.8.8.8", 0ms)};
    measurements.observe(all, start);
    CHECK(measurements.size() == 0);
}

TEST_CASE("at the limit those leave that were seen seldom and long ago") {
    Measurements measurements{{.networks = 1000, .window = 10min}};
    const auto client = [](unsigned number) {
        return geo::Address{geo::Family::V4, geo::Bits{0x08000000U + (number << 8) + 1} << 96};
    };
    std::uint64_t cookie = 0;
    const auto see = [&](unsigned number, Time at) {
        auto one = connection(++cookie, "8.8.8.8", 30ms);
        one.client = client(number);
        measurements.observe(std::array{one}, at);
    };
    // Often and long ago, seldom and long ago, and new ones.
    for (int i = 0; i < 50; ++i) see(0, start);
    for (unsigned i = 1; i < 500; ++i) see(i, start);
    for (unsigned i = 500; i < 1100; ++i) {
        see(i, start + 1h);
        REQUIRE(measurements.size() <= 1000);
    }
    CHECK(measurements.find(geo::path_network(client(0))).has_value());
    for (unsigned i = 500; i < 1100; ++i) {
        REQUIRE(measurements.find(geo::path_network(client(i))).has_value());
    }
    CHECK(measurements.size() >= 900);
}

TEST_CASE("what has not been seen for long is forgotten") {
    Measurements measurements;
    measurements.observe(std::array{connection(1, "8.8.8.8", 30ms)}, start);
    measurements.observe(std::array{connection(2, "8.8.4.4", 30ms)}, start + 1h);
    measurements.forget(start + 1h);
    CHECK(measurements.size() == 1);
    CHECK(measurements.find(*geo::read_prefix("8.8.4.0/24")).has_value());
}

TEST_CASE("the newest come first, and no more than are asked for") {
    Measurements measurements;
    for (int i = 1; i < 6; ++i) {
        const auto text = "8.8." + std::to_string(i) + ".1";
        measurements.observe(
            std::array{connection(static_cast<std::uint64_t>(i), text.c_str(), 30ms)},
            start + i * 1s);
    }
    const auto newest = measurements.newest(3);
    REQUIRE(newest.size() == 3);
    CHECK(to_text(newest[0].first) == "8.8.5.0/24");
    CHECK(to_text(newest[2].first) == "8.8.3.0/24");
    CHECK(measurements.newest(99).size() == 5);
}

TEST_CASE("what is asked and what the relay tells share one windowed minimum") {
    Measurements measurements;
    const auto address = *geo::read_address("8.8.8.9");
    measurements.observe(std::array{connection(1, "8.8.8.8", 30ms)}, start);
    measurements.add(address, 25ms, 2ms, start + 1min);
    const auto both = measured(measurements, "8.8.8.0/24");
    CHECK(both.round_trip == 25ms);
    CHECK(both.samples == 2);
    CHECK(both.last == start + 1min);
    CHECK(both.seen == start);
    CHECK(both.address == geo::read_address("8.8.8.8"));
    CHECK(both.variation > 1ms);
    CHECK(both.variation < 2ms);
    measurements.add(address, 40ms, 2ms, start + 25min);
    measurements.add(address, 50ms, 2ms, start + 50min);
    CHECK(measured(measurements, "8.8.8.0/24").round_trip == 50ms);
}

TEST_CASE("a network that was seen and not measured has no measurement, but is in use") {
    Measurements measurements;
    for (const auto* text : {"8.8.8.8", "2001:4860:4860::8844", "10.1.2.3", "::1"}) {
        measurements.note(*geo::read_address(text), start);
    }
    CHECK(measurements.size() == 0);
    CHECK(measurements.newest(9).empty());
    CHECK_FALSE(measurements.find(*geo::read_prefix("8.8.8.0/24")).has_value());
    const auto in_use = measurements.in_use(start);
    REQUIRE(in_use.size() == 2);
    CHECK(in_use[0].address == geo::read_address("8.8.8.8"));
    CHECK(in_use[1].address == geo::read_address("2001:4860:4860::8844"));
    CHECK_FALSE(in_use[1].measured.has_value());
    CHECK(measurements.in_use(start + 1s).empty());

    measurements.add(in_use[0].address, 20ms, 1ms, start + 1h);
    CHECK(measurements.size() == 1);
    CHECK(measurements.in_use(start).at(0).measured == start + 1h);
    CHECK(measurements.in_use(start + 1s).empty());  // to be asked is not to be in use
    measurements.forget(start + 1s);
    CHECK(measurements.size() == 1);
    CHECK(measurements.in_use(start).size() == 1);
}

TEST_CASE("the last address seen is the one to ask, whatever its host part") {
    Measurements measurements;
    for (const auto* text : {"203.0.113.0", "203.0.113.255", "2001:db8:1::",
                             "2001:db8:1:ffff:ffff:ffff:ffff:ffff", "2001:db8:1:2:3:4:5:6"}) {
        CAPTURE(text);
        const auto address = *geo::read_address(text);
        measurements.note(address, start);
        measurements.add(address, 1ms, 0ms, start);
        const auto found = measurements.find(geo::path_network(address));
        REQUIRE(found.has_value());
        CHECK(found->address == address);
    }
    CHECK(measurements.size() == 2);
}

TEST_CASE("name servers and edges are neither clients nor resolvers, also when they were before") {
    Measurements measurements;
    const auto known = [&](const char* network) {
        return measurements.find(*geo::read_prefix(network)).has_value();
    };
    measurements.observe(std::array{connection(1, "8.8.1.10", 9ms), connection(2, "8.8.2.1", 9ms),
                                    connection(3, "2001:db8:1::10", 9ms)},
                         start);
    measurements.note(*geo::read_address("8.8.4.10"), start);
    REQUIRE(measurements.size() == 3);
    measurements.leave_out({*geo::read_address("8.8.1.10"), *geo::read_address("8.8.4.10"),
                            *geo::read_address("8.8.5.10"), *geo::read_address("2001:db8:1::10")});
    CHECK(measurements.size() == 1);
    CHECK(known("8.8.2.0/24"));
    CHECK(measurements.in_use(start).size() == 1);
    measurements.observe(std::array{connection(1, "8.8.1.10", 9ms), connection(2, "8.8.2.1", 9ms),
                                    connection(4, "8.8.1.11", 20ms)},
                         start + 10s);
    measurements.observe_ended(std::array{connection(5, "8.8.5.10", 5ms)}, start + 11s);
    measurements.note(*geo::read_address("8.8.4.10"), start);
    CHECK(measurements.size() == 2);
    CHECK(measured(measurements, "8.8.1.0/24").round_trip == 20ms);  // its neighbour's
    CHECK(measurements.in_use(start).size() == 2);
    // The edge has moved: its address is one like others again.
    measurements.leave_out({*geo::read_address("8.8.9.10")});
    measurements.observe(std::array{connection(6, "8.8.5.10", 9ms)}, start + 20s);
    CHECK(known("8.8.5.0/24"));
}

TEST_CASE("a connection that ends between two readings counts once, if it has carried anything") {
    Measurements measurements;
    auto download = connection(1, "8.8.1.1", 30ms);
    download.octets_acknowledged = 2'000'000;
    auto scan = connection(2, "8.8.2.1", 30ms);
    scan.octets_acknowledged = 1;
    auto film = connection(3, "8.8.3.1", 30ms);
    film.octets_acknowledged = 5000;
    measurements.observe(std::array{film}, start);
    measurements.observe_ended(std::array{download, scan, film}, start + 9s);
    measurements.observe(std::span<const Connection>{}, start + 10s);
    CHECK(measurements.size() == 2);
    CHECK(measured(measurements, "8.8.1.0/24").samples == 1);
    CHECK(measured(measurements, "8.8.1.0/24").round_trip == 30ms);
    CHECK(measured(measurements, "8.8.1.0/24").connections == 0);
    CHECK(measured(measurements, "8.8.3.0/24").samples == 1);
}

}  // namespace path_measurements_test
