// SPDX-License-Identifier: Apache-2.0
// What a monitor takes over: from an earlier process, and from a check that is asked otherwise.

#include "probes/check/monitor.hpp"
#include "tests/probes/check/watch.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <chrono>

namespace check_monitor_memory_test {

using namespace std::chrono_literals;
using probes::CheckPtr;
using probes::Clock;
using probes::State;
using probes_test::file_check;
using probes_test::Watch;

TEST_CASE("what an earlier process knew is taken up by a target that is watched in time") {
    const support::TemporaryFolder folder;
    const auto known = file_check(folder.path("a"));
    const auto later = file_check(folder.path("b"));
    const auto since = Clock::now() - 1h;
    const auto memory = [&](const CheckPtr& check) {
        return probes::SavedTarget{
            key_of(*check), {.state = State::Down, .since = since, .downs = {}, .held_until = {}}};
    };
    Watch seen;
    seen.monitor->restore({memory(known), memory(later)}, Clock::now() + 1h);
    seen.watch({known});
    CHECK(seen.target(known).tracker.state() == State::Down);
    CHECK(seen.target(known).tracker.since() == since);
    CHECK_FALSE(seen.monitor->first_round_done());
    CHECK(seen.monitor->memories().size() == 2);  // the other may be watched again soon
    seen.watch({known, later});
    CHECK(seen.target(later).tracker.state() == State::Down);
}

TEST_CASE("what an earlier process knew is forgotten when nobody wants it for too long") {
    const support::TemporaryFolder folder;
    const auto check = file_check(folder.path("a"));
    Watch seen;
    seen.monitor->restore(
        {{key_of(*check), {.state = State::Down, .since = {}, .downs = {}, .held_until = {}}}},
        Clock::now());
    CHECK(seen.monitor->memories().empty());
    seen.watch({check});
    CHECK(seen.target(check).tracker.state() == State::Unknown);
}

TEST_CASE("a check that is asked otherwise goes on with the state it had") {
    const support::TemporaryFolder folder;
    const auto path = folder.write("state", "down\n");
    Watch world;
    const auto before = file_check(path, 200ms);
    world.watch({before});
    world.run_until([&] { return world.target(before).tracker.state() == State::Down; });
    const auto since = world.target(before).tracker.since();
    const auto after = file_check(path, 300ms);
    const auto other = file_check(folder.path("other"), 300ms);
    world.watch({after, other});
    CHECK(world.monitor->find(key_of(*before)) == nullptr);
    CHECK(world.target(after).tracker.state() == State::Down);
    CHECK(world.target(after).tracker.since() == since);
    CHECK(world.target(other).tracker.state() == State::Unknown);
}

}  // namespace check_monitor_memory_test
