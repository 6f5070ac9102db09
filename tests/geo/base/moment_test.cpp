// SPDX-License-Identifier: Apache-2.0
#include "geo/base/moment.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>

using namespace std::chrono_literals;
using probes::Moment;
using std::chrono::seconds;

TEST_CASE("what has elapsed is told by the time since boot, and by the wall clock across boots") {
    struct Row {
        std::string name;
        std::string boot;    // of the earlier moment; the later one is of boot "b"
        seconds since_boot;  // from the earlier to the later
        seconds wall;        // the same
        std::optional<seconds> expected;
    };
    const Row rows[] = {
        {"nothing", "b", 0s, 0s, 0s},
        {"one boot", "b", 90s, 90s, 90s},
        {"the wall clock leaps ahead", "b", 90s, 9'000h, 90s},
        {"the wall clock is set back", "b", 90s, -9'000h, 90s},
        {"time since boot goes back", "b", -1s, 90s, std::nullopt},
        {"another boot", "a", -500s, 90s, 90s},
        {"another boot, later in it", "a", 90s, 4'000s, 4'000s},
        {"another boot, clock set back", "a", 90s, -1s, std::nullopt},
        {"a year", "a", 0s, 8'766h, 8'766h},
        {"eleven years", "a", 0s, 96'426h, std::nullopt},
        {"boots without an identity", "", 90s, 4'000s, 4'000s},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const Moment earlier{{}, 10'000s, row.boot, 1'700'000'000s};
        const Moment later{{}, 10'000s + row.since_boot, "b", 1'700'000'000s + row.wall};
        CHECK(probes::elapsed(earlier, later) == row.expected);
    }
    CHECK(probes::elapsed({{}, 0s, "", 50s}, {{}, 10s, "", 150s}) == 100s);
}

TEST_CASE("now is told by the clocks of this machine") {
    const auto before = probes::Clock::now();
    const auto first = probes::now();
    const auto second = probes::now();
    CHECK(first.steady >= before);
    CHECK(second.steady >= first.steady);
    CHECK(first.boot_id.size() == 36);
    CHECK(second.boot_id == first.boot_id);
    CHECK(first.since_boot >= std::chrono::floor<seconds>(before.time_since_epoch()));
    CHECK(first.wall > 1'700'000'000s);
    const auto gone = probes::elapsed(first, second);
    REQUIRE(gone);
    CHECK(*gone <= 60s);
}
