// SPDX-License-Identifier: Apache-2.0
#include "probes/health/state_file.hpp"

#include "tests/probes/health/saved_states.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

namespace health_state_file_test {

using namespace probes_test;
using namespace std::chrono_literals;
using probes::Moment;
using probes::SavedState;
using probes::State;
using probes::Time;

namespace {

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), by);
}

}  // namespace

TEST_CASE("a state is written as lines of ages, and read back in the same boot") {
    CHECK(probes::write_state(example(), writing) == example_text);
    check_equal(read_well(example_text, writing), example());
    check_equal(read_well(example_text, after(30s)), example());
    check_equal(read_well(probes::write_state({}, writing), writing), {});
}

TEST_CASE("ages go on through a reboot, by the wall clock") {
    const auto state = read_well(example_text, rebooted(30s));
    REQUIRE(state.targets.size() == 3);
    const auto& down = state.targets[1].memory;
    CHECK(down.since == Time{20s} - 35s);
    CHECK(down.downs == std::vector{Time{20s} - 430s, Time{20s} - 90s, Time{20s} - 35s});
    CHECK(down.held_until == Time{20s} + 25s);
    REQUIRE(state.drains.size() == 3);
    CHECK(state.drains[0].since == Time{20s} - 2h - 30s);
    CHECK(state.drains[1].until == Time{20s} + 1h - 30s);
}

TEST_CASE("states of targets age, and drains end, by the clock that can be trusted") {
    auto leapt = after(30s);
    leapt.wall += 9'000h;
    auto set_back = after(30s);
    set_back.wall -= 9'000h;
    struct Row {
        std::string name;
        Moment at;
        std::size_t targets;
        std::size_t drains;
        bool faulty;
    };
    const Row rows[] = {
        {"at once", writing, 3, 2, false},
        {"as old as may be", after(600s), 3, 2, false},
        {"older", after(601s), 0, 2, false},
        {"when one drain ends", after(3600s), 0, 1, false},
        {"the wall clock leaps ahead", leapt, 3, 2, false},
        {"the wall clock is set back", set_back, 3, 2, false},
        {"a reboot", rebooted(600s), 3, 2, false},
        {"a long reboot", rebooted(601s), 0, 2, false},
        {"a very long reboot", rebooted(3600s), 0, 1, false},
        {"a reboot, and the clock is set back", rebooted(-1s), 0, 2, true},
        {"a reboot, and the clock is not set at all", rebooted(-1'700'000'000s), 0, 2, true},
        {"a reboot, and the clock is years ahead", rebooted(500'000h), 0, 2, true},
        {"time since boot goes back", after(-1s), 0, 2, true},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        std::string fault;
        const auto state = read(example_text, row.at, fault);
        CHECK(state.targets.size() == row.targets);
        CHECK(state.drains.size() == row.drains + 1);  // another one has no end
        CHECK(state.agreements.size() == (row.targets == 0 ? 0 : 2));
        CHECK((fault.find("nobody can tell how old it is") != std::string::npos) == row.faulty);
        CHECK(fault.empty() != row.faulty);
    }
}

TEST_CASE("when nobody can tell how old a state is, its drains have all of their time left") {
    std::string fault;
    const auto state = read(example_text, rebooted(-1s), fault);
    REQUIRE(state.drains.size() == 3);
    CHECK(state.drains[1].since == Time{20s} - 60s);
    CHECK(state.drains[1].until == Time{20s} + 1h);
}

TEST_CASE("what has ended is not kept: damping and drains") {
    auto state = example();
    state.targets[1].memory.held_until = writing.steady;
    state.drains[1].until = writing.steady - 1s;
    const auto again = read_well(probes::write_state(state, writing), writing);
    CHECK_FALSE(again.targets[1].memory.held_until);
    REQUIRE(again.drains.size() == 2);
    CHECK(again.drains[0].edge == "newyork");
    CHECK_FALSE(read_well(example_text, after(55s)).targets[1].memory.held_until);
}

TEST_CASE("instants that cannot be are written as the nearest that can") {
    SavedState state;
    state.targets.push_back({"ahead", {State::Up, writing.steady + 1h, {}, writing.steady + 1h}});
    state.targets.push_back({"ancient", {State::Up, writing.steady - 24h * 36'500, {}, {}}});
    const auto again = read_well(probes::write_state(state, writing), writing);
    REQUIRE(again.targets.size() == 2);
    CHECK(again.targets[0].memory.since == writing.steady);
    CHECK_FALSE(again.targets[0].memory.held_until);
    CHECK(again.targets[1].memory.since == writing.steady - 1'000'000'000s);
}

TEST_CASE("a damaged line is skipped and said, and the others are read") {
    struct Row {
        std::string name;
        std::string what;
        std::string by;
        std::size_t targets;
        std::size_t drains;
        std::string expected;
    };
    const std::string undated =
        "line 2 is damaged; nobody can tell how old it is, so that the states are forgotten";
    const std::string up = "target up 10800000 - - tcp";
    const std::string third = "line 3 is damaged";
    const std::string sixth = "line 6 is damaged";
    const std::string twelfth = "line 12 is damaged";
    const std::string fourteenth = "line 14 is damaged; its end is missing";
    const std::string fifteenth = "line 15 is damaged";
    const std::string agreed = "agreed plex.example.com newyork up no 0";
    const std::string endless = "its end is missing";
    const Row rows[] = {
        {"an unknown record", "target up", "target2 up", 2, 3, third},
        {"an empty line", up, "\n" + up, 3, 3, third},
        {"an unknown state", "target up", "target Up", 2, 3, third},
        {"a negative age", "10800000", "-1", 2, 3, third},
        {"an age with a sign", "10800000", "+1", 2, 3, third},
        {"an age with a unit", "10800000", "1s", 2, 3, third},
        {"an age without digits", "10800000", "-", 2, 3, third},
        {"an age of ages", "10800000", "1000000000001", 2, 3, third},
        {"an age past all numbers", "10800000", "99999999999999999999", 2, 3, third},
        {"held, but up", up, "target up 1 5 - tcp", 2, 3, third},
        {"downs in disorder", up, "target up 1 - 5,6 tcp", 2, 3, third},
        {"downs with a gap", up, "target up 1 - 6,,5 tcp", 2, 3, third},
        {"a broken escape", "%20", "%2g", 2, 3, third},
        {"a field too few", up, "target up 1 - tcp", 2, 3, third},
        {"a field too many", up, "target up 1 - - a tcp", 2, 3, third},
        {"two blanks", up, "target  up 1 - - tcp", 2, 3, third},
        {"a carriage return", "%201:a", "\r", 2, 3, third},
        {"a drain without its end", " 7200000 -", " 7200000", 3, 2, sixth},
        {"a drain of no number", " 7200000 -", " 7200000 x", 3, 2, sixth},
        {"no moment of writing", "written", "wrote", 0, 3, undated},
        {"a broken moment", "60000", "6e4", 0, 3, undated},
        {"a negative moment", "1700000000", "-5", 0, 3, undated},
        {"no end", "end\n", "", 3, 3, endless},
        {"more behind the end", "end\n", "end\ndrain a b 1 -\n", 3, 3, fifteenth},
        {"the last line cut short", "end\n", "drain a b 1 -", 3, 3, fourteenth},
        {"a word without its end", " 1699992800123 -", " 1699992800123", 3, 3, "line 9 is damaged"},
        {"a word of no number", " 1699992800123 -", " 1699992800123 soon", 3, 3,
         "line 9 is damaged"},
        {"a word said at no time", "1699992800123", "-1", 3, 3, "line 9 is damaged"},
        {"agreed on nothing", agreed, "agreed plex newyork unknown no 0", 3, 3, twelfth},
        {"agreed on a third thing", agreed, "agreed plex newyork up maybe 0", 3, 3, twelfth},
        {"agreed at no time", agreed, "agreed plex newyork up no", 3, 3, twelfth},
        {"agreed of no check", " no 0 -", " no 0 12", 3, 3, twelfth},
        {"of an early version", " no 0 -", " no 0", 3, 3, ""},
        {"agreed in the future", agreed, "agreed plex newyork up no -1", 3, 3, twelfth},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        std::string fault;
        const auto state = read(replaced(example_text, row.what, row.by), writing, fault);
        CHECK(state.targets.size() == row.targets);
        CHECK(state.drains.size() == row.drains);
        CHECK(fault == row.expected);
    }
}

TEST_CASE("many damaged lines are counted") {
    auto text = replaced(example_text, "target up", "target");
    text = replaced(text, "target down", "target");
    text = replaced(text, "drain", "Drain");
    std::string fault;
    const auto state = read(text, writing, fault);
    CHECK(state.targets.size() == 1);
    CHECK(state.drains.size() == 2);
    CHECK(fault == "line 3 is damaged; 2 lines more are");
}

TEST_CASE("a file of another kind or version is not read") {
    for (const std::string text :
         {"", "\n", "isochrone-state 1", "isochrone-state 2\nend\n", " isochrone-state 1\nend\n"}) {
        CAPTURE(text);
        std::string fault;
        const auto state = read(text, writing, fault);
        CHECK(state.targets.empty());
        CHECK(state.drains.empty());
        CHECK(fault == "line 1: expected \"isochrone-state 1\"");
    }
}

}  // namespace health_state_file_test
