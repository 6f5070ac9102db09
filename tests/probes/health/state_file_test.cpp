// SPDX-License-Identifier: Apache-2.0
#include "probes/health/state_file.hpp"

#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace health_state_file_test {

using namespace std::chrono_literals;
using probes::Drain;
using probes::Moment;
using probes::SavedState;
using probes::SavedTarget;
using probes::State;
using probes::Time;
using std::chrono::seconds;

namespace {

constexpr auto max_age = 600s;
const Moment writing{Time{50'000s}, 60'000s, "boot-1", 1'700'000'000s};

/// So long after writing, in the same boot.
Moment after(seconds gone) {
    return {writing.steady + gone, writing.since_boot + gone, writing.boot_id, writing.wall + gone};
}

/// So long after writing by the wall clock, in the boot that follows: steady begins anew.
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
                            .reach = probes::Reach::ThisNode});
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

namespace {

std::string random_octets(support::Generator& generator) {
    std::string text(support::draw(generator, 0, 40), ' ');
    for (auto& c : text) c = static_cast<char>(support::draw(generator, 0, 255));
    return text;
}

/// Of whole milliseconds.
std::chrono::milliseconds random_span(support::Generator& generator, std::uint64_t longest) {
    return std::chrono::milliseconds{
        support::draw(generator, 0, longest >> support::draw(generator, 0, 30))};
}

SavedTarget random_target(support::Generator& generator) {
    SavedTarget target;
    target.key = random_octets(generator);
    auto& memory = target.memory;
    memory.state = static_cast<State>(support::draw(generator, 0, 2));
    memory.since = writing.steady - random_span(generator, 1'000'000'000'000);
    for (auto i = support::draw(generator, 0, 5); i > 0; --i) {
        memory.downs.push_back(writing.steady - random_span(generator, 100'000'000));
    }
    std::ranges::sort(memory.downs);
    if (memory.state == State::Down && support::draw(generator, 0, 1) == 0) {
        memory.held_until = writing.steady + 601s + random_span(generator, 100'000'000);
    }
    return target;
}

SavedState random_state(support::Generator& generator) {
    SavedState state;
    for (auto i = support::draw(generator, 0, 4); i > 0; --i) {
        state.targets.push_back(random_target(generator));
    }
    for (auto i = support::draw(generator, 0, 4); i > 0; --i) {
        Drain drain;
        drain.zone = random_octets(generator);
        drain.edge = random_octets(generator);
        drain.since = writing.steady - random_span(generator, 1'000'000'000'000);
        if (support::draw(generator, 0, 1) == 0) {
            drain.until = writing.steady + 601s + random_span(generator, 100'000'000'000);
        }
        if (support::draw(generator, 0, 1) == 0) drain.reach = probes::Reach::ThisNode;
        state.drains.push_back(drain);
    }
    for (auto i = support::draw(generator, 0, 4); i > 0; --i) {
        probes::DrainWord word;
        word.said = std::chrono::milliseconds{support::draw(generator, 0, 1'000'000'000'000'000)};
        word.over = support::draw(generator, 0, 1) == 0;
        if (!word.over && support::draw(generator, 0, 1) == 0)
            word.until = seconds{support::draw(generator, 0, 1'000'000'000'000)};
        state.words.push_back({random_octets(generator), random_octets(generator), word});
    }
    for (auto i = support::draw(generator, 0, 4); i > 0; --i) {
        probes::LastAgreed last;
        last.edge = random_octets(generator);
        last.state = support::draw(generator, 0, 1) == 0 ? State::Up : State::Down;
        last.lost_home = support::draw(generator, 0, 1) == 0;
        last.held = writing.steady - random_span(generator, 1'000'000'000);
        state.agreements.push_back({random_octets(generator), std::move(last)});
    }
    return state;
}

}  // namespace

TEST_CASE("any state comes back as it was written") {
    support::Generator generator{5};
    for (int run = 0; run < 500; ++run) {
        const auto state = random_state(generator);
        const auto text = probes::write_state(state, writing);
        check_equal(read_well(text, after(seconds{support::draw(generator, 0, 600)})), state);
    }
}

TEST_CASE("a state that is cut short loses what is behind the cut, and says so") {
    const auto whole = read_well(example_text, writing);
    for (std::size_t length = 0; length < example_text.size(); ++length) {
        CAPTURE(length);
        std::string fault;
        const auto state = read(example_text.substr(0, length), writing, fault);
        CHECK_FALSE(fault.empty());
        REQUIRE(state.targets.size() <= whole.targets.size());
        REQUIRE(state.drains.size() <= whole.drains.size());
        REQUIRE(state.agreements.size() <= whole.agreements.size());
        auto head = whole;
        head.targets.resize(state.targets.size());
        head.drains.resize(state.drains.size());
        head.words.resize(state.words.size());
        head.agreements.resize(state.agreements.size());
        check_equal(state, head);
    }
}

TEST_CASE("no octets break the reader, and what it reads can be written and read again") {
    support::Generator generator{99};
    const std::string tempting = "0123456789-, %\ntargetdrainupdownwrittenend";
    std::size_t survived = 0;
    for (int run = 0; run < 5'000; ++run) {
        auto text = run % 10 == 0 ? "isochrone-state 1\n" + random_octets(generator)
                                  : probes::write_state(random_state(generator), writing);
        for (auto i = support::draw(generator, 0, 4); i > 0 && !text.empty(); --i) {
            const auto at = support::draw(generator, 0, text.size() - 1);
            const auto octet = support::draw(generator, 0, 1) == 0
                                   ? static_cast<char>(support::draw(generator, 0, 255))
                                   : tempting[support::draw(generator, 0, tempting.size() - 1)];
            if (support::draw(generator, 0, 2) == 0) {
                text.erase(at, support::draw(generator, 1, 20));
            } else {
                text[at] = octet;
            }
        }
        const auto moment = support::draw(generator, 0, 1) == 0 ? after(10s) : rebooted(10s);
        std::string fault;
        const auto state = read(text, moment, fault);
        survived += state.targets.size() + state.drains.size();
        for (const auto& target : state.targets) REQUIRE(target.memory.since <= moment.steady);
        for (const auto& drain : state.drains) REQUIRE(drain.since <= moment.steady);
        const auto again = read_well(probes::write_state(state, moment), moment);
        REQUIRE(again.targets.size() == state.targets.size());
        REQUIRE(again.drains.size() == state.drains.size());
        REQUIRE(again.words == state.words);
        REQUIRE(again.agreements.size() == state.agreements.size());
    }
    CHECK(survived > 5'000);
}

}  // namespace health_state_file_test
