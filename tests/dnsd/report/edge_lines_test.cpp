// SPDX-License-Identifier: Apache-2.0
// A zone's dashboard: a line for each edge.
#include "dnsd/report/edge_lines.hpp"

#include "tests/dnsd/report/edge_statuses.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace report_edge_lines_test {

using namespace std::chrono_literals;
using namespace report_test;
using probes::EdgeStatus;
using probes::Removed;
using probes::State;

namespace {

void line_reads(std::string_view name, const EdgeStatus& status, std::string_view expected) {
    CAPTURE(name);
    CHECK(line(status) == expected);
}

}  // namespace

TEST_CASE("an edge's line says what is known of it") {
    constexpr auto down = Removed::Down;
    constexpr auto origin = Removed::Origin;
    line_reads(
        "up", shared(edge(passing()), 0.41),
        "edge=newyork state=up since=3h12m last=ok ago=4s rtt=12.3ms check=tcp:192.0.2.10:32400 "
        "share=41%");
    line_reads(
        "down and damped", shared(out(down, edge(damped(failing()))), 0),
        "edge=newyork state=down out=down since=4m10s last=fail ago=2s said=connection_refused "
        "check=tcp:198.51.100.20:32400 damped=3m50s share=0%");
    line_reads("down, but answered as all are", edge(failing()),
               "edge=newyork state=down since=4m10s last=fail ago=2s said=connection_refused "
               "check=tcp:198.51.100.20:32400");
    line_reads("drained for a time", drained(edge(passing()), now + 1h + 58min),
               "edge=newyork state=up out=drained since=3h12m last=ok ago=4s rtt=12.3ms "
               "check=tcp:192.0.2.10:32400 drained=1h58m");
    line_reads(
        "drained, and down besides", drained(edge(damped(failing()))),
        "edge=newyork state=down out=drained since=4m10s last=fail ago=2s said=connection_refused "
        "check=tcp:198.51.100.20:32400 drained=yes");
    line_reads("not checked yet", edge(untried()),
               "edge=newyork state=unknown since=3h12m last=never check=tcp:192.0.2.10:32400");
    line_reads("a check without word", edge(unclear()),
               "edge=newyork state=unknown since=3h12m last=no_word ago=1s said=no_such_file "
               "check=file:/run/edge");
    line_reads("a success without round trip", edge(passing(0us)),
               "edge=newyork state=up since=3h12m last=ok ago=4s said=connected "
               "check=tcp:192.0.2.10:32400");
    line_reads(
        "of two the one that is down", out(down, edge(passing(2s), failing())),
        "edge=newyork state=down out=down since=4m10s last=fail ago=2s said=connection_refused "
        "check=tcp:198.51.100.20:32400 checks=1/2_up");
    line_reads("of two the one that is unknown", edge(unclear(), passing()),
               "edge=newyork state=unknown since=3h12m last=no_word ago=1s said=no_such_file "
               "check=file:/run/edge checks=1/2_up");
    line_reads(
        "of two that are up the slower one", edge(passing(1ms), passing(99ms)),
        "edge=newyork state=up since=3h12m last=ok ago=4s rtt=99.0ms check=tcp:192.0.2.10:32400 "
        "checks=2/2_up");
    line_reads(
        "origin in order", edge(passing(), of_home(passing(80ms))),
        "edge=newyork state=up since=3h12m last=ok ago=4s rtt=12.3ms check=tcp:192.0.2.10:32400 "
        "origin=up");
    line_reads("out because home is not reached", out(origin, edge(passing(), of_home(failing()))),
               "edge=newyork state=up out=origin since=3h12m last=fail ago=2s said=HTTP_503 "
               "check=http://192.0.2.10:80/identity origin=down");
    line_reads(
        "home is not reached, as the edge is down itself",
        out(down, edge(failing(), of_home(failing()))),
        "edge=newyork state=down out=down since=4m10s last=fail ago=2s said=connection_refused "
        "check=tcp:198.51.100.20:32400");
    line_reads("an origin check alone", edge(of_home(passing(80ms))),
               "edge=newyork state=unchecked last=ok ago=4s rtt=80.0ms "
               "check=http://192.0.2.10:80/identity origin=up");
    line_reads("an origin check alone, which fails", out(origin, edge(of_home(failing()))),
               "edge=newyork state=unchecked out=origin last=fail ago=2s said=HTTP_503 "
               "check=http://192.0.2.10:80/identity origin=down");
    auto refused = of_home(failing());
    refused.attempts.front().text = "connection refused";
    auto unreached = edge(passing(), refused);
    unreached.unreached = true;
    unreached.state = State::Down;
    unreached.since = refused.since;
    line_reads("nothing can be connected to where home would be asked", out(down, unreached),
               "edge=newyork state=down out=down since=4m10s last=fail ago=2s "
               "said=connection_refused check=http://192.0.2.10:80/identity");
}

TEST_CASE("the alarm is about home alone: edges that cannot be connected to are not counted") {
    auto unreached = edge(passing(), of_home(failing()));
    unreached.targets.back().attempts.front().text = "connection refused";
    unreached.unreached = true;
    const auto lines = summary_of({unreached, edge(passing(), of_home(failing()))}, Home::Down);
    CHECK(lines.front() ==
          "alarm=home_down zone=plex.example.com answers=as_if_up edges=1 said=HTTP_503");
}

TEST_CASE("what nodes agree on is said when not all of them say what this one sees") {
    using probes::Agreed;
    using probes::Basis;
    struct Row {
        const char* name;
        EdgeStatus edge;
        Agreed agreed;
        std::string expected;
    };
    const auto up = edge(passing());
    const auto down = edge(failing());
    const Row rows[] = {
        {"nobody else counts", up, {.state = State::Up}, ""},
        {"all say up", up, {.state = State::Up, .basis = Basis::Votes, .up = 3}, ""},
        {"all say down", down, {.state = State::Down, .basis = Basis::Votes, .down = 3}, ""},
        {"one differs", up, {State::Up, Basis::Votes, 2, 1}, "up:2_of_3"},
        {"this one differs", up, {State::Down, Basis::Votes, 1, 2}, "down:2_of_3"},
        {"a tie", down, {State::Up, Basis::Votes, 2, 2}, "up:2_of_4"},
        {"this one has no word", edge(untried()), {State::Up, Basis::Votes, 2, 0}, "up:2_of_2"},
        {"cut off", down, {.state = State::Up, .basis = Basis::LastAgreed}, "up:cut_off"},
        {"cut off, and no other", down, {State::Down, Basis::LastAgreed}, "down:cut_off"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        auto status = row.edge;
        status.agreed = row.agreed;
        auto expected = line(row.edge);
        if (!row.expected.empty()) expected += " agreed=" + row.expected;
        CHECK(line(status) == expected);
    }
}

TEST_CASE("nodes whose vote is not counted are named") {
    auto status = edge(passing());
    status.agreed = {.state = State::Up,
                     .basis = probes::Basis::Votes,
                     .up = 2,
                     .other_checks = {"singapore", "sydney"}};
    CHECK(line(status) == line(edge(passing())) + " other_check_at=singapore,sydney");
}

TEST_CASE("a node that takes itself for cut off says so before anything else") {
    probes::ZoneStatus zone;
    zone.zone = "plex.example.com";
    zone.cut_off = true;
    zone.edges = {edge(passing())};
    const auto lines = control::summary(zone, now);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0] == "cut_off=yes zone=plex.example.com answers=as_last_agreed");
}

TEST_CASE("an edge without checks is unchecked, and may be drained all the same") {
    CHECK(line(edge()) == "edge=newyork state=unchecked");
    CHECK(line(drained(edge())) == "edge=newyork state=unchecked out=drained drained=yes");
}

TEST_CASE("a share is rounded to percents, and little is not nothing") {
    struct Row {
        double share;
        std::string expected;
    };
    const Row rows[] = {
        {0, "0%"},       {1e-9, "<1%"}, {0.004, "<1%"}, {0.006, "1%"}, {0.414, "41%"},
        {0.996, "100%"}, {1, "100%"},   {7, "100%"},    {-1, "0%"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.share);
        CHECK(line(shared(edge(), row.share)) ==
              "edge=newyork state=unchecked share=" + row.expected);
    }
}

TEST_CASE("the summary has a line for each edge in order, below the alarm when home is down") {
    std::vector<EdgeStatus> edges{
        edge(passing(), of_home(failing())),
        out(Removed::Down, edge(failing(), of_home(failing()))),
        drained(edge(passing(), of_home(failing()))),
        edge(passing(), of_home(failing())),
    };
    for (std::size_t i = 0; i < edges.size(); ++i) edges[i].name = "edge" + std::to_string(i);
    const auto calm = summary_of(edges);
    REQUIRE(calm.size() == 4);
    for (std::size_t i = 0; i < calm.size(); ++i) {
        CHECK(calm[i].starts_with("edge=edge" + std::to_string(i) + " "));
    }
    auto alarmed = summary_of(edges, Home::Down);
    REQUIRE(alarmed.size() == 5);
    CHECK(alarmed.front() ==
          "alarm=home_down zone=plex.example.com answers=as_if_up edges=2 said=HTTP_503");
    alarmed.erase(alarmed.begin());
    CHECK(alarmed == calm);
    CHECK(summary_of({}).empty());
}

TEST_CASE("six lines of usual length fit into a message of 1,232 octets") {
    constexpr std::size_t usual = 165;
    auto slow = passing(2'999ms);
    auto dead = damped(failing());
    for (auto* target : {&slow, &dead}) {
        target->check = "tcp:198.151.100.200:32400";
        target->attempts.front().at = now - 59s;
    }
    dead.held_for = 9min + 59s;
    const auto up = edge(slow, of_home(passing()));
    const std::vector<EdgeStatus> edges{
        up,
        drained(up, now + 23h + 59min),
        out(Removed::Origin, edge(slow, slow, of_home(failing()))),
        out(Removed::Down, edge(slow, dead)),
        drained(edge(dead), now + 23h + 59min),
        out(Removed::Down, edge(dead, of_home(failing()))),
    };
    for (auto status : edges) {
        status.name = "twelve-chars";
        status.since = now - 23h - 59min;
        status.share = status.removed == Removed::No ? 1 : 0;
        const auto text = line(status);
        CAPTURE(text);
        CHECK(text.size() < usual);
    }
}

}  // namespace report_edge_lines_test
