// SPDX-License-Identifier: Apache-2.0
#include "probes/path/measurement_file.hpp"

#include <doctest/doctest.h>

#include <array>
#include <random>
#include <string>

namespace path_measurement_file_test {

using namespace std::chrono_literals;
using probes::Measurements;
using probes::Moment;
using probes::Time;

namespace {

constexpr std::chrono::seconds a_week{7 * 86400};

Moment moment(std::chrono::seconds since_boot, const char* boot, std::chrono::seconds wall) {
    return {.steady = Time{since_boot}, .since_boot = since_boot, .boot_id = boot, .wall = wall};
}

probes::Connection connection(std::uint64_t cookie, const char* client,
                              std::chrono::microseconds round_trip) {
    return {.cookie = cookie, .client = *geo::read_address(client), .min_round_trip = round_trip};
}

Measurements some(Time at) {
    Measurements measurements;
    auto film = connection(1, "8.8.8.8", 23'400us);
    film.variation = 1500us;
    film.segments_out = 1000;
    film.segments_repeated = 12;
    film.delivery_rate = 5'000'000;
    const std::array all{film, connection(2, "2a00:1450::1", 1'200us)};
    measurements.observe(all, at);
    return measurements;
}

}  // namespace

TEST_CASE("measurements come back as they were, older by the time that has gone by") {
    struct Row {
        const char* name;
        Moment written;
        Moment read;
        std::chrono::seconds expected_shift;  // of `last` against the reader's clock
    };
    const Row rows[] = {
        {"the same boot", moment(1000s, "a", 50000s), moment(1300s, "a", 50300s), 300s},
        {"the wall clock jumped a year", moment(1000s, "a", 50000s),
         moment(1300s, "a", 31'586'000s), 300s},
        {"another boot", moment(1000s, "a", 50000s), moment(20s, "b", 50600s), 600s},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto before = some(row.written.steady);
        const auto text = write_measurements(before, row.written);
        Measurements after;
        CHECK(read_measurements(text, row.read, a_week, after) == "");
        CHECK(after.size() == 2);
        for (const auto& [network, expected] : before.newest(9)) {
            CAPTURE(to_text(network));
            const auto got = after.find(network);
            REQUIRE(got.has_value());
            CHECK(got->round_trip == expected.round_trip);
            CHECK(got->variation == expected.variation);
            CHECK(got->samples == expected.samples);
            CHECK(got->repeated == doctest::Approx(expected.repeated));
            CHECK(got->delivery_rate == expected.delivery_rate);
            CHECK(got->connections == 0);
            CHECK(row.read.steady - got->last == row.expected_shift);
            CHECK(got->address == expected.address);
            CHECK(row.read.steady - got->seen.value_or(Time{}) == row.expected_shift);
        }
    }
}

TEST_CASE("a file of the version before is read; it does not know who was seen") {
    const auto at = moment(1000s, "a", 50000s);
    Measurements measurements;
    CHECK(read_measurements("isochrone-clients 1\nwritten 1000 a 50000\n"
                            "8.8.8.0/24 5000 23400 1500 7 12000 5000000\nend\n",
                            at, a_week, measurements) == "");
    const auto got = measurements.find(*geo::read_prefix("8.8.8.0/24"));
    REQUIRE(got.has_value());
    CHECK(got->round_trip == 23'400us);
    CHECK(got->last == at.steady - 5s);
    CHECK_FALSE(got->seen.has_value());
    CHECK_FALSE(got->address.has_value());
}

TEST_CASE("a network that was asked and not seen comes back as such") {
    const auto at = moment(1000s, "a", 50000s);
    Measurements before;
    before.add(*geo::read_address("8.8.8.8"), 20ms, 1ms, at.steady);
    Measurements after;
    CHECK(read_measurements(write_measurements(before, at), at, a_week, after) == "");
    REQUIRE(after.size() == 1);
    CHECK_FALSE(after.newest(1)[0].second.seen.has_value());
}

TEST_CASE("what is too old, or of an unknown age, is left out") {
    const auto written = moment(1000s, "a", 50000s);
    const auto text = write_measurements(some(written.steady), written);
    Measurements old;
    CHECK(read_measurements(text, moment(1000s + a_week + 1s, "a", 0s), a_week, old) == "");
    CHECK(old.size() == 0);
    Measurements unknown;
    CHECK(read_measurements(text, moment(20s, "b", 100s), a_week, unknown) != "");
    CHECK(unknown.size() == 0);
}

TEST_CASE("what is known already is not replaced by what is read") {
    const auto at = moment(1000s, "a", 50000s);
    const auto text = write_measurements(some(at.steady), at);
    auto measurements = some(at.steady + 50s);
    CHECK(read_measurements(text, at, a_week, measurements) == "");
    CHECK(measurements.find(*geo::read_prefix("8.8.8.0/24"))->last == at.steady + 50s);
}

TEST_CASE("a restored round trip leaves with its window as any other") {
    const auto at = moment(1000s, "a", 50000s);
    Measurements measurements;
    CHECK(read_measurements(write_measurements(some(at.steady), at), at, a_week, measurements) ==
          "");
    const std::array slow{connection(9, "8.8.8.9", 80'000us)};
    measurements.observe(slow, at.steady + 1min);
    CHECK(measurements.find(*geo::read_prefix("8.8.8.0/24"))->round_trip == 23'400us);
    measurements.observe(slow, at.steady + 11min);
    measurements.observe(slow, at.steady + 22min);
    CHECK(measurements.find(*geo::read_prefix("8.8.8.0/24"))->round_trip == 80'000us);
}

TEST_CASE("damage is told and costs what is damaged alone") {
    const auto at = moment(1000s, "a", 50000s);
    const auto text = write_measurements(some(at.steady), at);
    const auto line = text.find("8.8.8.0/24");
    struct Row {
        const char* name;
        std::string text;
        std::size_t expected;  // networks
    };
    auto other_length = text;
    other_length.replace(line, 10, "8.8.0.0/16");
    auto no_number = text;
    no_number.replace(line + 11, 1, "x");
    const Row rows[] = {
        {"empty", "", 0},
        {"another file", "isochrone-state 1\n", 0},
        {"no date", "isochrone-clients 1\n", 0},
        {"a network of other length", other_length, 1},
        {"a number that is none", no_number, 1},
        {"cut in the last line", text.substr(0, text.size() - 2), 2},
        {"a field too many",
         text.substr(0, text.find('\n', line)) + " 7" + text.substr(text.find('\n', line)), 1},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        Measurements measurements;
        CHECK(read_measurements(row.text, at, a_week, measurements) != "");
        CHECK(measurements.size() == row.expected);
    }
}

TEST_CASE("any octets can be read") {
    std::mt19937 generator{1};
    const auto at = moment(1000s, "a", 50000s);
    const auto good = write_measurements(some(at.steady), at);
    for (int i = 0; i < 20'000; ++i) {
        auto text = good;
        for (unsigned change = 0; change < 1 + generator() % 4; ++change) {
            text[generator() % text.size()] = static_cast<char>(generator());
        }
        text.resize(generator() % (text.size() + 1));
        Measurements measurements;
        [[maybe_unused]] const auto fault = read_measurements(text, at, a_week, measurements);
        CHECK(measurements.size() <= 2);
    }
}

}  // namespace path_measurement_file_test
