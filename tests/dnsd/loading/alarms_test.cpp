// SPDX-License-Identifier: Apache-2.0
#include "dnsd/loading/alarms.hpp"

#include <doctest/doctest.h>

namespace loading_alarms_test {

using control::Alarm;
using control::Alarms;
using namespace std::chrono_literals;

namespace {

using Texts = std::vector<std::string>;

zones::Name name(const char* text) {
    return *zones::Name::from_text(text, zones::Name{});
}

}  // namespace

TEST_CASE(
    "an alarm is logged when it begins, each hour while it holds, and no more once it is over") {
    Alarms alarms;
    const geo::Time begin{1000h};
    const Alarm first{name("a."), "alarm=first", "first"};
    const Alarm second{{}, "alarm=second", "second"};
    CHECK(alarms.due(begin).empty());
    alarms.set({first});
    CHECK(alarms.due(begin) == Texts{"first"});
    CHECK(alarms.due(begin + 59min).empty());
    alarms.set({first, second});
    CHECK(alarms.due(begin + 59min) == Texts{"second"});
    CHECK(alarms.due(begin + 60min) == Texts{"first"});
    alarms.set({second});
    CHECK(alarms.due(begin + 119min) == Texts{"second"});
    alarms.set({first, second});
    CHECK(alarms.due(begin + 120min) == Texts{"first"});
}

TEST_CASE("a zone has its own alarms and those of all zones") {
    Alarms alarms;
    alarms.set({{{}, "alarm=all", ""}, {name("a."), "alarm=a", ""}, {name("b."), "alarm=b", ""}});
    const auto a = name("a.");
    CHECK(alarms.lines(&a) == Texts{"alarm=all", "alarm=a"});
    CHECK(alarms.lines() == Texts{"alarm=all", "alarm=a", "alarm=b"});
}

}  // namespace loading_alarms_test
