// SPDX-License-Identifier: Apache-2.0
#include "probes/health/told_health.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <vector>

namespace health_told_health_test {

using namespace std::chrono_literals;
using probes::State;
using probes::Time;
using probes::ToldHealth;
using Contact = probes::ToldHealth::Contact;
using Seen = std::vector<probes::ToldHealth::Seen>;

namespace {
constexpr Time now{1'000'000s};
constexpr auto wall = 1'795'540'000s;
}  // namespace

TEST_CASE("a node tells what it sees of each edge, and that it is not cut off") {
    ToldHealth told;
    const Seen seen{{"newyork", State::Up, now - 100s},
                    {"sydney", State::Down, now - 1500ms},
                    {"tokyo", State::Unknown, now}};
    CHECK(told.tell(seen, Contact::Connected, now, wall));
    CHECK(told.records() ==
          probes::HealthLines{{"health", "cut_off=no"},
                              {"newyork.health", "state=up since=1795539900 sees=yes"},
                              {"sydney.health", "state=down since=1795539999 sees=yes"},
                              {"tokyo.health", "state=unknown since=1795540000 sees=no"}});
}

TEST_CASE("a node that is cut off tells that it sees nothing") {
    ToldHealth told;
    told.tell(Seen{{"newyork", State::Down, now}}, Contact::CutOff, now, wall);
    CHECK(told.records() ==
          probes::HealthLines{{"health", "cut_off=yes"},
                              {"newyork.health", "state=down since=1795540000 sees=no"}});
}

TEST_CASE("records change when a state turns or an edge goes, and not with the clocks") {
    ToldHealth told;
    Seen seen{{"newyork", State::Up, now - 10s}, {"sydney", State::Down, now - 10s}};
    REQUIRE(told.tell(seen, Contact::Connected, now, wall));
    CHECK_FALSE(told.tell(seen, Contact::Connected, now + 700ms, wall + 1s));
    CHECK_FALSE(told.tell(seen, Contact::Connected, now + 5s, wall - 1h));
    seen[0] = {"newyork", State::Down, now + 6s};
    CHECK(told.tell(seen, Contact::Connected, now + 6s, wall + 6s));
    CHECK(told.records().at("newyork.health") == "state=down since=1795540006 sees=yes");
    CHECK(told.records().at("sydney.health") == "state=down since=1795539990 sees=yes");
    seen.pop_back();
    CHECK(told.tell(seen, Contact::Connected, now + 6s, wall + 6s));
    CHECK_FALSE(told.records().contains("sydney.health"));
    CHECK(told.tell(seen, Contact::CutOff, now + 6s, wall + 6s));
}

TEST_CASE("a state that is older than the wall clock began in 1970") {
    ToldHealth told;
    told.tell(Seen{{"newyork", State::Up, now - 100s}}, Contact::Connected, now, 60s);
    CHECK(told.records().at("newyork.health") == "state=up since=0 sees=yes");
}

TEST_CASE("a node tells what it checks, and tells again when that is something else") {
    ToldHealth told;
    Seen seen{{"newyork", State::Up, now, 0xABC}};
    REQUIRE(told.tell(seen, Contact::Connected, now, wall));
    CHECK(told.records().at("newyork.health") ==
          "state=up since=1795540000 sees=yes check=0000000000000abc");
    seen[0].check = 0xABD;
    CHECK(told.tell(seen, Contact::Connected, now, wall));
}

}  // namespace health_told_health_test
