// SPDX-License-Identifier: Apache-2.0
#include "probes/path/path_record.hpp"

#include <doctest/doctest.h>

namespace path_path_record_test {

using namespace std::chrono_literals;
using probes::PathRecord;
using probes::Time;

namespace {

const Time start{std::chrono::hours{1000}};

}  // namespace

TEST_CASE("nothing is known of a path before its first answer") {
    PathRecord record;
    CHECK_FALSE(record.path().has_value());
    record.add(std::nullopt, start);
    CHECK_FALSE(record.path().has_value());
    record.add(20ms, start + 10s);
    REQUIRE(record.path().has_value());
    CHECK(record.path()->round_trip == 20ms);
    CHECK(record.path()->variation == 0ms);
    CHECK(record.path()->lost == doctest::Approx(0.5));
    CHECK(record.path()->samples == 1);
}

TEST_CASE("the round trip of a path is the least of two windows") {
    PathRecord record{5min};
    record.add(20ms, start);
    record.add(30ms, start + 1min);
    CHECK(record.path()->round_trip == 20ms);
    record.add(40ms, start + 5min);
    CHECK(record.path()->round_trip == 20ms);
    record.add(50ms, start + 10min);
    CHECK(record.path()->round_trip == 40ms);
    record.add(90ms, start + 60min);
    CHECK(record.path()->round_trip == 90ms);
    CHECK(record.path()->variation > 5ms);
}

TEST_CASE("the loss is that of the last askings, and stays known while there is no answer") {
    PathRecord record;
    for (int i = 0; i < 100; ++i) record.add(20ms, start + i * 10s);
    CHECK(record.path()->lost == 0);
    for (int i = 100; i < 108; ++i) record.add(std::nullopt, start + i * 10s);
    CHECK(record.path()->lost == doctest::Approx(0.25));
    for (int i = 108; i < 200; ++i) record.add(std::nullopt, start + i * 10s);
    CHECK(record.path()->lost == doctest::Approx(1));
    CHECK(record.path()->round_trip == 20ms);
    CHECK(record.path()->last == start + 990s);
    for (int i = 200; i < 232; ++i) record.add(20ms, start + i * 10s);
    CHECK(record.path()->lost == 0);
}

TEST_CASE("what the kernel knows of a path lowers its minimum and is no asking") {
    PathRecord record;
    record.add_least(0ms, start);
    CHECK_FALSE(record.path().has_value());
    record.add_least(15ms, start);
    record.add(20ms, start + 1s);
    record.add(20ms, start + 2s);
    CHECK(record.path()->round_trip == 15ms);
    CHECK(record.path()->variation == 0ms);
    CHECK(record.path()->lost == 0);
}

}  // namespace path_path_record_test
