// SPDX-License-Identifier: Apache-2.0
#include "tests/probes/health/saved_states.hpp"

#include <doctest/doctest.h>

namespace probes_test {

using namespace std::chrono_literals;
using probes::Moment;
using probes::SavedState;
using probes::State;
using probes::Time;
using std::chrono::seconds;

namespace {

constexpr auto max_age = 600s;

}  // namespace

const Moment writing{Time{50'000s}, 60'000s, "boot-1", 1'700'000'000s};

Moment after(seconds gone) {
    return {writing.steady + gone, writing.since_boot + gone, writing.boot_id, writing.wall + gone};
}

Moment rebooted(seconds gone) {
    return {Time{20s}, 20s, "boot-2", writing.wall + gone};
}

SavedState example() {
    SavedState state;
    state.targets.push_back({"tcp:192.0.2.10:32400 1:a", {State::Up, writing.steady - 3h, {}, {}}});
    state.targets.push_back({"tcp:198.51.100.20:32400",
                             {State::Down,
                              writing.steady - 5s,
                              {writing.steady - 400s, writing.steady - 60s, writing.steady - 5s},
                              writing.steady + 55s}});
    state.targets.push_back({"file:/run/edge", {State::Unknown, writing.steady, {}, {}}});
    state.drains.push_back({"plex.example.com.", "newyork", writing.steady - 2h, {}});
    state.drains.push_back(
        {"plex.example.com.", "sydney", writing.steady - 60s, writing.steady + 1h});
    state.drains.push_back({.zone = "plex.example.com.",
                            .edge = "tokyo",
                            .since = writing.steady,
                            .until = {},
                            .reach = probes::DrainReach::ThisNode});
    state.words.push_back({"plex.example.com.", "newyork", {.said = 1'699'992'800'123ms}});
    state.words.push_back(
        {"plex.example.com.", "sydney", {.said = 1'699'999'940'000ms, .until = 1'700'003'600s}});
    state.words.push_back(
        {"plex.example.com.", "osaka", {.said = 1'699'999'940'000ms, .until = {}, .over = true}});
    state.agreements.push_back({"plex.example.com", {"newyork", State::Up, false, writing.steady}});
    state.agreements.push_back(
        {"plex.example.com", {"sydney", State::Down, true, writing.steady - 90s, 0xFF}});
    return state;
}

const std::string example_text =
    "isochrone-state 1\n"
    "written 60000 boot-1 1700000000\n"
    "target up 10800000 - - tcp:192.0.2.10:32400%201:a\n"
    "target down 5000 55000 400000,60000,5000 tcp:198.51.100.20:32400\n"
    "target unknown 0 - - file:/run/edge\n"
    "drain plex.example.com. newyork 7200000 -\n"
    "drain plex.example.com. sydney 60000 3600000\n"
    "here plex.example.com. tokyo 0 -\n"
    "word plex.example.com. newyork 1699992800123 -\n"
    "word plex.example.com. sydney 1699999940000 1700003600\n"
    "word plex.example.com. osaka 1699999940000 over\n"
    "agreed plex.example.com newyork up no 0 -\n"
    "agreed plex.example.com sydney down yes 90000 00000000000000ff\n"
    "end\n";

void check_equal(const SavedState& left, const SavedState& right) {
    REQUIRE(left.targets.size() == right.targets.size());
    for (std::size_t i = 0; i < left.targets.size(); ++i) {
        const auto& [left_key, a] = left.targets[i];
        const auto& [right_key, b] = right.targets[i];
        CHECK(left_key == right_key);
        CHECK(a.state == b.state);
        CHECK(a.since == b.since);
        CHECK(a.downs == b.downs);
        CHECK(a.held_until == b.held_until);
    }
    REQUIRE(left.drains.size() == right.drains.size());
    for (std::size_t i = 0; i < left.drains.size(); ++i) {
        CHECK(left.drains[i].zone == right.drains[i].zone);
        CHECK(left.drains[i].edge == right.drains[i].edge);
        CHECK(left.drains[i].since == right.drains[i].since);
        CHECK(left.drains[i].until == right.drains[i].until);
        CHECK(left.drains[i].reach == right.drains[i].reach);
    }
    CHECK(left.words == right.words);
    REQUIRE(left.agreements.size() == right.agreements.size());
    for (std::size_t i = 0; i < left.agreements.size(); ++i) {
        const auto& [left_zone, a] = left.agreements[i];
        const auto& [right_zone, b] = right.agreements[i];
        CHECK(left_zone == right_zone);
        CHECK(a.edge == b.edge);
        CHECK(a.state == b.state);
        CHECK(a.lost_home == b.lost_home);
        CHECK(a.held == b.held);
        CHECK(a.asked == b.asked);
    }
}

SavedState read(const std::string& text, const Moment& at, std::string& fault) {
    return probes::read_state(text, at, max_age, fault);
}

SavedState read_well(const std::string& text, const Moment& at) {
    std::string fault = "left from before";
    auto state = read(text, at, fault);
    CHECK(fault.empty());
    return state;
}

}  // namespace probes_test
