// SPDX-License-Identifier: Apache-2.0
#include "dnsd/nodes/published_records.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

namespace nodes_published_records_test {

using control::Telling;
using probes::ToldMeasurement;

namespace {

using Owners = std::vector<std::string>;

constexpr std::chrono::sys_seconds now{std::chrono::seconds{1'795'530'000}};

ToldMeasurement told(double milliseconds) {
    ToldMeasurement told;
    told.round_trip_ms = milliseconds;
    told.samples = 3;
    told.seen = now;
    return told;
}

}  // namespace

TEST_CASE("of measurements only those that are new, gone or clearly different are told") {
    Telling telling;
    const auto first = telling.measured({{"home", told(40)}, {"b", told(10)}});
    CHECK(first.set ==
          std::map<std::string, std::string, std::less<>>{{"home", probes::told_text(told(40))},
                                                          {"b", probes::told_text(told(10))}});
    CHECK(first.removed.empty());

    const auto second = telling.measured({{"home", told(40.1)}, {"c", told(20)}});
    CHECK(second.set ==
          std::map<std::string, std::string, std::less<>>{{"c", probes::told_text(told(20))}});
    CHECK(second.removed == Owners{"b"});

    const auto third = telling.measured({{"home", told(40.1)}, {"c", told(20)}});
    CHECK(third.empty());
}

TEST_CASE("what drifts slowly is told again once it is far from what was told") {
    Telling telling;
    std::size_t times = 0;
    for (int step = 0; step <= 100; ++step)
        times += telling.measured({{"home", told(40 + step * 0.1)}}).set.size();
    CHECK(times == 11);
}

TEST_CASE("of lines of text those are told that differ at all") {
    Telling telling;
    CHECK(telling.stated({{"a", "1"}, {"b", "2"}}).set.size() == 2);
    CHECK(telling.stated({{"a", "1"}, {"b", "2"}}).empty());
    const auto changes = telling.stated({{"a", "3"}});
    CHECK(changes.set.at("a") == "3");
    CHECK(changes.removed == Owners{"b"});
    CHECK(telling.measured({}).empty());
}

}  // namespace nodes_published_records_test
