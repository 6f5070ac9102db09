// SPDX-License-Identifier: Apache-2.0
#include "dnsd/steering/relay_watch.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using control::EndsAreTold;
using control::pause_between_readings;

TEST_CASE("where ends are not told readings follow each other closely, at a hundredth of a core") {
    struct Row {
        const char* name;
        std::chrono::milliseconds interval;
        std::chrono::nanoseconds took;
        EndsAreTold told;
        std::chrono::milliseconds expected;
    };
    const Row rows[] = {
        {"told", 10s, 1ms, EndsAreTold::Yes, 10s},
        {"not told", 10s, 1ms, EndsAreTold::No, 1s},
        {"not told, before the first", 10s, 0ns, EndsAreTold::No, 1s},
        {"many connections", 10s, 28ms, EndsAreTold::No, 2800ms},
        {"too many", 10s, 280ms, EndsAreTold::No, 10s},
        {"a short interval", 500ms, 1ms, EndsAreTold::No, 500ms},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(pause_between_readings(row.interval, row.took, row.told) == row.expected);
    }
}
