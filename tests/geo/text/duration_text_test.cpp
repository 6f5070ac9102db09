// SPDX-License-Identifier: Apache-2.0
#include "geo/text/duration_text.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace std::chrono_literals;

TEST_CASE("durations read as their two largest units") {
    struct Row {
        std::chrono::nanoseconds duration;
        std::string expected;
    };
    const Row rows[] = {
        {0s, "0s"},
        {999ms, "0s"},
        {1s, "1s"},
        {4s, "4s"},
        {59s + 999ms, "59s"},
        {60s, "1m"},
        {61s, "1m1s"},
        {4min + 10s, "4m10s"},
        {59min + 59s, "59m59s"},
        {1h, "1h"},
        {1h + 59s, "1h"},
        {3h + 12min + 30s, "3h12m"},
        {23h + 59min + 59s, "23h59m"},
        {24h, "1d"},
        {24h + 59min, "1d"},
        {122h, "5d2h"},
        {24h * 400, "400d"},
        {std::chrono::nanoseconds::max(), "106751d23h"},
        {-1ns, "0s"},
        {-5s, "0s"},
        {std::chrono::nanoseconds::min(), "0s"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.duration.count());
        CHECK(probes::duration_text(row.duration) == row.expected);
    }
}

TEST_CASE("a time left is over only when it reads so") {
    struct Row {
        std::chrono::nanoseconds duration;
        std::string expected;
    };
    const Row rows[] = {
        {0s, "0s"},        {1ns, "1s"},           {1s, "1s"},
        {59s + 1ms, "1m"}, {3min + 50s, "3m50s"}, {-1500ms, "0s"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.duration.count());
        CHECK(probes::time_left_text(row.duration) == row.expected);
    }
}

TEST_CASE("intervals keep their milliseconds") {
    struct Row {
        std::chrono::milliseconds interval;
        std::string expected;
    };
    const Row rows[] = {
        {850ms, "850ms"}, {1000ms, "1s"}, {1500ms, "1500ms"},
        {10s, "10s"},     {90s, "1m30s"}, {24h * 400'000, "400000d"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.interval.count());
        CHECK(probes::interval_text(row.interval) == row.expected);
    }
}

TEST_CASE("round trips read as milliseconds of three digits") {
    struct Row {
        std::chrono::microseconds round_trip;
        std::string expected;
    };
    const Row rows[] = {
        {0us, "0.00ms"},      {9us, "0.00ms"},      {10us, "0.01ms"},     {999us, "0.99ms"},
        {1000us, "1.0ms"},    {12'345us, "12.3ms"}, {99'999us, "99.9ms"}, {100ms, "100ms"},
        {850'900us, "850ms"}, {3s, "3000ms"},       {-7us, "0.00ms"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.round_trip.count());
        CHECK(probes::round_trip_text(row.round_trip) == row.expected);
    }
}
