// SPDX-License-Identifier: Apache-2.0
#include "probes/health/dashboard.hpp"

#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace health_dashboard_test {

using namespace std::chrono_literals;
using probes::Attempt;
using probes::EdgeStatus;
using probes::Removed;
using probes::State;
using probes::TargetStatus;
using probes::Time;
using probes::Verdict;

namespace {

constexpr Time now{1'000'000s};

TargetStatus passing(std::chrono::microseconds round_trip = 12'345us) {
    TargetStatus target;
    target.check = "tcp:192.0.2.10:32400";
    target.state = State::Up;
    target.since = now - 3h - 12min;
    target.rise = 2;
    target.fall = 3;
    target.interval = 10s;
    target.attempts.assign(1, Attempt{now - 4s, Verdict::Pass, round_trip, "connected"});
    return target;
}

TargetStatus failing(std::string check = "tcp:198.51.100.20:32400") {
    auto target = passing();
    target.check = std::move(check);
    target.state = State::Down;
    target.since = now - 4min - 10s;
    target.attempts.assign(1, Attempt{now - 2s, Verdict::Fail, 0us, "connection refused"});
    return target;
}

TargetStatus untried() {
    auto target = passing();
    target.state = State::Unknown;
    target.attempts.clear();
    return target;
}

TargetStatus unclear() {
    auto target = untried();
    target.check = "file:/run/edge";
    target.attempts.assign(1, Attempt{now - 1s, Verdict::NoWord, 0us, "no such file"});
    return target;
}

TargetStatus of_home(TargetStatus target) {
    target.check = "http://192.0.2.10:80/identity";
    target.origin = true;
    if (target.state == State::Down) target.attempts.front().text = "HTTP 503";
    return target;
}

TargetStatus damped(TargetStatus target) {
    target.held_for = 3min + 49s + 1ms;
    return target;
}

/// With the state that the worst of its own targets has, since when that has it.
template <class... Targets>
EdgeStatus edge(const Targets&... given) {
    std::vector<TargetStatus> targets{given...};
    EdgeStatus made;
    made.name = "newyork";
    std::vector<State> states;
    for (const auto& target : targets) {
        if (!target.origin) states.push_back(target.state);
    }
    made.state = probes::worst_of(states);
    for (const auto& target : targets) {
        if (target.state == made.state) made.since = target.since;
    }
    made.targets = std::move(targets);
    return made;
}

EdgeStatus out(Removed removed, EdgeStatus made) {
    made.removed = removed;
    return made;
}

EdgeStatus shared(EdgeStatus made, double share) {
    made.share = share;
    return made;
}

EdgeStatus drained(EdgeStatus made, std::optional<Time> until = {}) {
    made.removed = Removed::Drained;
    made.drained_since = now - 12min;
    made.drained_until = until;
    return made;
}

enum class Home : std::uint8_t { Up, Down };

std::vector<std::string> summary_of(std::vector<EdgeStatus> edges, Home home = Home::Up) {
    probes::ZoneStatus zone;
    zone.zone = "plex.example.com";
    zone.home_down = home == Home::Down;
    zone.edges = std::move(edges);
    return probes::summary(zone, now);
}

std::string line(const EdgeStatus& status) {
    const auto lines = summary_of({status});
    REQUIRE(lines.size() == 1);
    return lines.front();
}

void line_reads(std::string_view name, const EdgeStatus& status, std::string_view expected) {
    CAPTURE(name);
    CHECK(line(status) == expected);
}

bool plain(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7F; });
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
    const auto lines = probes::summary(zone, now);
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

TEST_CASE("what an attempt said is cut in the summary, and whole in the detail") {
    auto target = failing();
    target.attempts.front().text = "certificate expired 12 days ago";
    const auto lines = probes::detail(edge(target), now);
    REQUIRE(lines.size() == 3);
    CHECK(lines[0].find(" said=certificate_expired_1... ") != std::string::npos);
    CHECK(lines[2] == "ago=2s result=fail said=certificate_expired_12_days_ago");
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
    CHECK(probes::detail(status, now) == expected);
}

TEST_CASE("the detail of an edge of which nothing is known is its line") {
    CHECK(probes::detail(edge(), now) == std::vector<std::string>{"edge=newyork state=unchecked"});
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

namespace {

std::string random_octets(support::Generator& generator) {
    const std::size_t most[] = {0, 10, 100, 1000};
    std::string text(support::draw(generator, 0, most[support::draw(generator, 0, 3)]), ' ');
    for (auto& c : text) c = static_cast<char>(support::draw(generator, 0, 255));
    return text;
}

Time random_time(support::Generator& generator) {
    const auto shift = support::draw(generator, 1, 63);
    return Time{std::chrono::nanoseconds{static_cast<std::int64_t>(generator() >> shift)}};
}

TargetStatus random_target(support::Generator& generator) {
    TargetStatus target;
    target.check = random_octets(generator);
    target.state = static_cast<State>(support::draw(generator, 0, 2));
    target.since = random_time(generator);
    target.held_for = random_time(generator).time_since_epoch();
    target.rise = static_cast<std::uint8_t>(generator());
    target.fall = static_cast<std::uint8_t>(generator());
    target.interval = std::chrono::milliseconds{generator() >> 16};
    target.origin = support::draw(generator, 0, 1) == 0;
    for (auto i = support::draw(generator, 0, 10); i > 0; --i) {
        Attempt attempt;
        attempt.at = random_time(generator);
        attempt.verdict = static_cast<Verdict>(support::draw(generator, 0, 2));
        attempt.round_trip =
            std::chrono::microseconds{generator() >> support::draw(generator, 1, 63)};
        attempt.text = random_octets(generator);
        target.attempts.push_back(attempt);
    }
    return target;
}

EdgeStatus random_edge(support::Generator& generator) {
    EdgeStatus status;
    status.name = random_octets(generator);
    for (auto i = support::draw(generator, 0, 3); i > 0; --i) {
        status.targets.push_back(random_target(generator));
    }
    status.state = static_cast<State>(support::draw(generator, 0, 2));
    status.since = random_time(generator);
    status.removed = static_cast<Removed>(support::draw(generator, 0, 3));
    if (support::draw(generator, 0, 1) == 0) status.drained_since = random_time(generator);
    if (support::draw(generator, 0, 1) == 0) status.drained_until = random_time(generator);
    status.share = static_cast<double>(generator()) * 0x1p-63 - 0.5;
    status.addresses = random_octets(generator);
    status.location = random_octets(generator);
    return status;
}

/// Splits as a script would; every part must be a pair.
void check_pairs(const std::string& text) {
    REQUIRE(text.size() <= 255);
    REQUIRE(plain(text));
    std::size_t at = 0;
    while (at <= text.size()) {
        const auto end = std::min(text.find(' ', at), text.size());
        const auto pair = text.substr(at, end - at);
        const auto equals = pair.find('=');
        REQUIRE(equals != std::string::npos);
        REQUIRE(equals > 0);
        REQUIRE(equals + 1 < pair.size());
        at = end + 1;
    }
}

}  // namespace

TEST_CASE("every line has at most 255 octets of key=value pairs, whatever it is made of") {
    support::Generator generator{41};
    std::size_t full = 0;
    for (int run = 0; run < 300; ++run) {
        probes::ZoneStatus zone;
        zone.zone = random_octets(generator);
        zone.home_down = support::draw(generator, 0, 1) == 0;
        for (int i = 0; i < 3; ++i) zone.edges.push_back(random_edge(generator));
        auto lines = probes::summary(zone, random_time(generator));
        for (const auto& status : zone.edges) {
            for (auto& text : probes::detail(status, random_time(generator))) {
                lines.push_back(std::move(text));
            }
        }
        for (const auto& text : lines) {
            CAPTURE(text);
            check_pairs(text);
            full += text.size() == 255 ? 1U : 0U;
        }
    }
    CHECK(full > 500);
}

}  // namespace health_dashboard_test
