// SPDX-License-Identifier: Apache-2.0
#include "zones/json/duration.hpp"

#include "tests/zones/reading.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>

TEST_CASE(
    "times are seconds or a number with a unit, up to 2^31 - 1 seconds (RFC 2181 section 8)") {
    struct Row {
        std::string text;
        std::optional<std::uint32_t> expected;
    };
    const Row rows[] = {
        {"0", 0U},
        {"90", 90U},
        {"2147483647", 2147483647U},
        {"\"90s\"", 90U},
        {"\"5m\"", 300U},
        {"\"1h\"", 3600U},
        {"\"2d\"", 172800U},
        {"\"1w\"", 604800U},
        {"\"007m\"", 420U},
        {"\"2147483647s\"", 2147483647U},
        {"\"3550w\"", 2147040000U},
        {"2147483648", std::nullopt},
        {"-1", std::nullopt},
        {"60.0", std::nullopt},
        {"99999999999999999999", std::nullopt},
        {"\"2147483648s\"", std::nullopt},
        {"\"3551w\"", std::nullopt},
        {"\"4294967297s\"", std::nullopt},
        {"\"99999999999999999999s\"", std::nullopt},
        {"\"-0s\"", std::nullopt},
        {"\"-5m\"", std::nullopt},
        {"\"+5m\"", std::nullopt},
        {"\"5\"", std::nullopt},
        {"\"m\"", std::nullopt},
        {"\"5M\"", std::nullopt},
        {"\"5 m\"", std::nullopt},
        {"\"1h30m\"", std::nullopt},
        {"\"\"", std::nullopt},
        {"true", std::nullopt},
        {"null", std::nullopt},
        {"[60]", std::nullopt},
        {"{}", std::nullopt},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        geo::Problems problems;
        const auto document = zones::JsonDocument::parse(row.text, "", problems);
        REQUIRE(document != nullptr);
        CHECK(zones::read_seconds(document->root()) == row.expected);
        CHECK(problems.size() == (row.expected ? 0 : 1));
    }
}

TEST_CASE("times of checks have milliseconds, and bounds of their own") {
    using namespace std::chrono_literals;
    struct Row {
        std::string text;
        std::optional<std::chrono::milliseconds> expected;
    };
    const Row rows[] = {
        {"1", 1000ms},
        {"0.2", 200ms},
        {"2.5", 2500ms},
        {"2.0004", 2000ms},
        {"3600", 1h},
        {"3.6e3", 1h},
        {"\"200ms\"", 200ms},
        {"\"0500ms\"", 500ms},
        {"\"3600000ms\"", 1h},
        {"\"10s\"", 10s},
        {"\"5m\"", 5min},
        {"\"1h\"", 1h},
        {"0", std::nullopt},
        {"0.1999", std::nullopt},
        {"3600.001", std::nullopt},
        {"-1", std::nullopt},
        {"1e300", std::nullopt},
        {"\"199ms\"", std::nullopt},
        {"\"3600001ms\"", std::nullopt},
        {"\"2h\"", std::nullopt},
        {"\"4294967295w\"", std::nullopt},
        {"\"18446744073709551816ms\"", std::nullopt},
        {"\"ms\"", std::nullopt},
        {"\"-500ms\"", std::nullopt},
        {"\"0.5s\"", std::nullopt},
        {"\"500 ms\"", std::nullopt},
        {"\"500MS\"", std::nullopt},
        {"\"500sms\"", std::nullopt},
        {"\"1s500ms\"", std::nullopt},
        {"\"\"", std::nullopt},
        {"true", std::nullopt},
        {"null", std::nullopt},
        {"[1]", std::nullopt},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        geo::Problems problems;
        const auto document = zones::JsonDocument::parse(row.text, "", problems);
        REQUIRE(document != nullptr);
        CHECK(zones::read_milliseconds(document->root(), 200ms, 1h, "a time") == row.expected);
        REQUIRE(problems.size() == (row.expected ? 0 : 1));
        if (!row.expected) CHECK(problems[0].text.starts_with("expected a time, found "));
    }
}
