// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/reloads.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <vector>

using control::Reloads;
using Action = control::Reloads::Action;

namespace {

enum class Event { Signal, Gathered, Tick, Taken, NotTaken };
using enum Event;

Action tell(Reloads& reloads, Event event) {
    switch (event) {
        case Signal:
            return reloads.signal();
        case Gathered:
            return reloads.gathered();
        case Tick:
            return reloads.tick();
        case Taken:
            return reloads.taken();
        case NotTaken:
            reloads.not_taken();
    }
    return Action::Nothing;
}

/// After these events, with all begun that they ask for.
Reloads after(const std::vector<Event>& events) {
    Reloads reloads;
    for (const auto event : events) reloads.begun(tell(reloads, event));
    return reloads;
}

// All states there are.
const Reloads idle;
const Reloads due = after({Tick, NotTaken});
const Reloads gathering = after({Signal});
const Reloads loading = after({Tick});
const Reloads loading_gathering = after({Tick, Signal});
const Reloads loading_due = after({Tick, Signal, Gathered});

}  // namespace

TEST_CASE("what a reload's events lead to in every state") {
    struct Row {
        const char* name;
        Reloads state;
        Event event;
        Action action;
        Reloads begun;      // when the action has begun
        Reloads not_begun;  // when it could not
    };
    const Row rows[] = {
        {"a signal is gathered", idle, Signal, Action::Gather, gathering, due},
        {"without one, changes are looked for", idle, Tick, Action::LoadChanges, loading, idle},
        {"a signal before the load that is due", due, Signal, Action::Gather, gathering, due},
        {"a load that is due", due, Tick, Action::LoadEverything, loading, due},
        {"one more signal", gathering, Signal, Action::Nothing, gathering, gathering},
        {"a look waits for the signals", gathering, Tick, Action::Nothing, gathering, gathering},
        {"signals together", gathering, Gathered, Action::LoadEverything, loading, due},
        {"a signal while loading", loading, Signal, Action::Gather, loading_gathering, loading_due},
        {"a look while loading", loading, Tick, Action::Nothing, loading, loading},
        {"a load ends", loading, Taken, Action::Nothing, idle, idle},
        {"a load is in vain", loading, NotTaken, Action::Nothing, due, due},
        {"one more signal while loading", loading_gathering, Signal, Action::Nothing,
         loading_gathering, loading_gathering},
        {"a look while loading and gathering", loading_gathering, Tick, Action::Nothing,
         loading_gathering, loading_gathering},
        {"signals together while loading", loading_gathering, Gathered, Action::Nothing,
         loading_due, loading_due},
        {"a load ends while gathering", loading_gathering, Taken, Action::Nothing, gathering,
         gathering},
        {"a load is in vain while gathering", loading_gathering, NotTaken, Action::Nothing,
         gathering, gathering},
        {"a signal after those of the next load", loading_due, Signal, Action::Gather,
         loading_gathering, loading_due},
        {"a look before the next load", loading_due, Tick, Action::Nothing, loading_due,
         loading_due},
        {"the next load", loading_due, Taken, Action::LoadEverything, loading, due},
        {"a load is in vain before the next", loading_due, NotTaken, Action::Nothing, due, due},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        auto reloads = row.state;
        CHECK(tell(reloads, row.event) == row.action);
        CHECK(reloads == row.not_begun);
        reloads.begun(row.action);
        CHECK(reloads == row.begun);
    }
}

TEST_CASE("the states of reloads are six") {
    const std::vector<Reloads> states{idle,       due, gathering, loading, loading_gathering,
                                      loading_due};
    for (std::size_t i = 0; i < states.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) CHECK_FALSE(states[i] == states[j]);
    }
}

TEST_CASE("which loads follow what happens") {
    constexpr auto changes = Action::LoadChanges;
    constexpr auto everything = Action::LoadEverything;
    struct Row {
        const char* name;
        std::vector<Event> events;
        std::vector<Action> loads;
    };
    const Row rows[] = {
        {"signals that come together", {Signal, Signal, Signal, Gathered, Taken}, {everything}},
        {"a look among them", {Signal, Tick, Signal, Gathered, Tick, Taken}, {everything}},
        {"a signal during a load", {Tick, Signal, Gathered, Taken, Taken}, {changes, everything}},
        {"signals apart, during a load",
         {Tick, Signal, Gathered, Signal, Gathered, Taken, Taken},
         {changes, everything}},
        {"a load that ends while signals are gathered",
         {Tick, Signal, Taken, Tick, Gathered, Taken},
         {changes, everything}},
        {"a result that could not be taken",
         {Tick, NotTaken, Tick, Taken, Tick},
         {changes, everything, changes}},
        {"one of everything that could not be taken",
         {Signal, Gathered, NotTaken, Tick, Taken, Tick},
         {everything, everything, changes}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        Reloads reloads;
        std::vector<Action> loads;
        for (const auto event : row.events) {
            const auto action = tell(reloads, event);
            if (action == changes || action == everything) loads.push_back(action);
            reloads.begun(action);
        }
        CHECK(std::ranges::equal(loads, row.loads));
    }
}

TEST_CASE("a signal that could not be gathered is obeyed by the next look") {
    Reloads reloads;
    CHECK(reloads.signal() == Action::Gather);
    CHECK(reloads.tick() == Action::LoadEverything);
    CHECK(reloads.tick() == Action::LoadEverything);  // that has not begun either
}
