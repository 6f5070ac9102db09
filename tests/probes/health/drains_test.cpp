// SPDX-License-Identifier: Apache-2.0
#include "probes/health/drains.hpp"

#include "probes/health/recent_count.hpp"

#include <doctest/doctest.h>

namespace health_drains_test {

using namespace std::chrono_literals;
using probes::Drain;
using probes::Drains;
using probes::RecentCount;
using probes::Time;

namespace {

const Time start{1000s};

Drain drain(const char* zone, const char* edge, std::optional<Time> until = {}) {
    return {.zone = zone, .edge = edge, .since = start, .until = until};
}

}  // namespace

TEST_CASE("a drain is found by zone and edge, and another one takes its place") {
    Drains drains;
    CHECK(drains.find("a.test", "one") == nullptr);
    drains.add(drain("a.test", "one"));
    REQUIRE(drains.find("a.test", "one") != nullptr);
    CHECK_FALSE(drains.find("a.test", "one")->until);
    CHECK(drains.find("a.test", "two") == nullptr);
    CHECK(drains.find("b.test", "one") == nullptr);
    drains.add(drain("a.test", "one", start + 5s));
    CHECK(drains.find("a.test", "one")->until == start + 5s);
    CHECK(drains.all().size() == 1);
}

TEST_CASE("drains end by pattern or by time, and the next end is known") {
    Drains drains;
    CHECK_FALSE(drains.next_end());
    drains.add(drain("a.test", "one", start + 5s));
    drains.add(drain("a.test", "two", start + 3s));
    drains.add(drain("b.test", "one"));
    CHECK(drains.next_end() == start + 3s);
    CHECK(drains.ends_in("a.test"));
    CHECK_FALSE(drains.ends_in("b.test"));
    CHECK_FALSE(drains.ends_in("a.tes"));
    CHECK_FALSE(drains.end_until(start + 2s));
    CHECK(drains.end_until(start + 3s));
    CHECK(drains.find("a.test", "two") == nullptr);
    CHECK(drains.end_matching({"three"}).empty());
    CHECK(drains.end_matching({"three", "on*"}).size() == 2);
    CHECK(drains.all().empty());
}

TEST_CASE("a drain of this node alone stands beside that of all nodes, and the longer one counts") {
    Drains drains;
    auto here = drain("a.test", "one", start + 5s);
    here.reach = probes::DrainReach::ThisNode;
    drains.add(here);
    drains.add(drain("a.test", "one", start + 3s));
    CHECK(drains.find("a.test", "one")->until == start + 5s);
    drains.add(drain("a.test", "one"));
    CHECK_FALSE(drains.find("a.test", "one")->until);
    CHECK(drains.ends_in("a.test"));
    drains.end("a.test", "one");
    CHECK(drains.find("a.test", "one")->until == start + 5s);
    drains.add(drain("a.test", "one"));
    CHECK(drains.end_matching({"one"}).size() == 2);
    CHECK(drains.find("a.test", "one") == nullptr);
}

TEST_CASE("a recent count is what was added in the last samples") {
    RecentCount count;
    CHECK(count.recent(0) == 0);
    CHECK(count.recent(7) == 7);
    count.sample(7);
    CHECK(count.recent(10) == 10);
    for (std::size_t i = 1; i < RecentCount::kept; ++i) count.sample(10);
    CHECK(count.recent(10) == 10);
    count.sample(10);  // the seven are forgotten now
    CHECK(count.recent(10) == 3);
    count.begin_anew();
    CHECK(count.recent(4) == 7);
    count.sample(4);
    CHECK(count.recent(6) == 6 + 0);
}

}  // namespace health_drains_test
