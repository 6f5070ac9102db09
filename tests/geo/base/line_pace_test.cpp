// SPDX-License-Identifier: Apache-2.0
#include "geo/base/line_pace.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using probes::LinePace;
using probes::Time;

TEST_CASE("some lines may be written at once, then one every ten seconds") {
    LinePace pace;
    Time now{1000h};
    const auto allowed = [&](int wanted) {
        int count = 0;
        for (int i = 0; i < wanted; ++i) count += pace.allow(now) ? 1 : 0;
        return count;
    };
    CHECK(allowed(100) == 6);
    int later = 0;
    for (int i = 0; i < 600; ++i, now += 100ms) later += allowed(1);  // ten a second, for a minute
    CHECK(later <= 6);
    CHECK(later >= 5);
    now += 1h;
    CHECK(allowed(100) == 6);
}
