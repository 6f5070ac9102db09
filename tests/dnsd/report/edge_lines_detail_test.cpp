// SPDX-License-Identifier: Apache-2.0
// The dashboard of one edge: its line, its checks and what their last attempts said.
#include "dnsd/report/edge_lines.hpp"
#include "tests/dnsd/report/edge_statuses.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

namespace report_edge_lines_detail_test {

using namespace std::chrono_literals;
using namespace report_test;
using probes::Verdict;

TEST_CASE("what an attempt said is cut in the summary, and whole in the detail") {
    auto target = failing();
    target.attempts.front().text = "certificate expired 12 days ago";
    const auto lines = control::detail(edge(target), now);
    REQUIRE(lines.size() == 3);
    CHECK(lines[0].find(" said=certificate_expired_1... ") != std::string::npos);
    CHECK(lines[2] == "ago=2s result=fail said=certificate_expired_12_days_ago");
}

TEST_CASE("the detail of an edge has its targets, each with its last ten attempts") {
    auto own = damped(passing());
    own.interval = 850ms;
    own.attempts.clear();
    for (int i = 0; i < 12; ++i) {
        own.attempts.push_back({now - 4s - i * 1min, Verdict::Pass, 12'300us, "connected"});
    }
    own.attempts[1] = {now - 64s, Verdict::Fail, 0us, "no answer in time"};
    own.attempts[2] = {now - 124s, Verdict::NoWord, 0us, ""};
    auto status = drained(edge(own, of_home(failing())));
    status.addresses = "192.0.2.10 2001:db8::10";
    status.location = "New York, US";
    const std::vector<std::string> expected{
        line(status),
        "addresses=192.0.2.10,2001:db8::10 location=New_York,_US drained_for=12m",
        "check=tcp:192.0.2.10:32400 state=up since=3h12m rise=2 fall=3 interval=850ms damped=3m50s",
        "ago=4s result=ok rtt=12.3ms said=connected",
        "ago=1m4s result=fail said=no_answer_in_time",
        "ago=2m4s result=no_word",
        "ago=3m4s result=ok rtt=12.3ms said=connected",
        "ago=4m4s result=ok rtt=12.3ms said=connected",
        "ago=5m4s result=ok rtt=12.3ms said=connected",
        "ago=6m4s result=ok rtt=12.3ms said=connected",
        "ago=7m4s result=ok rtt=12.3ms said=connected",
        "ago=8m4s result=ok rtt=12.3ms said=connected",
        "ago=9m4s result=ok rtt=12.3ms said=connected",
        "check=http://192.0.2.10:80/identity asks=home state=down since=4m10s rise=2 fall=3 "
        "interval=10s",
        "ago=2s result=fail said=HTTP_503",
    };
    CHECK(control::detail(status, now) == expected);
}

TEST_CASE("the detail of an edge of which nothing is known is its line") {
    CHECK(control::detail(edge(), now) == std::vector<std::string>{"edge=newyork state=unchecked"});
}

}  // namespace report_edge_lines_detail_test
