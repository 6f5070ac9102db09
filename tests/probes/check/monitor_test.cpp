// SPDX-License-Identifier: Apache-2.0
#include "probes/check/monitor.hpp"

#include "tests/probes/check/watch.hpp"
#include "tests/probes/server.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/asio/post.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace check_monitor_test {

using namespace std::chrono_literals;
using probes::Check;
using probes::Monitor;
using probes::State;
using probes::Verdict;
using probes_test::file_check;
using probes_test::tcp_check;
using probes_test::Watch;

TEST_CASE("equal checks are one target, asked once a beat") {
    const support::TemporaryFolder folder;
    const auto path = folder.write("a", "up");
    Watch seen;
    const auto first = file_check(path, 1h);
    seen.watch({first, file_check(path, 1h), file_check(folder.write("b", "up"), 1h), first});
    CHECK(seen.monitor->size() == 2);
    seen.run_until([&] { return seen.monitor->first_round_done(); });
    CHECK(seen.told.size() == 2);
    CHECK(seen.told_of(first) == 1);
}

TEST_CASE("checks that differ in anything are targets of their own") {
    const support::TemporaryFolder folder;
    const auto path = folder.write("a", "up");
    Watch seen;
    seen.watch({file_check(path, 1h), file_check(path, 2h)});
    CHECK(seen.monitor->size() == 2);
}

TEST_CASE("the first round is done when everything has been asked, and at once without anything") {
    const support::TemporaryFolder folder;
    const auto silent = probes_test::FullListener{};
    Watch seen;
    CHECK(seen.monitor->first_round_done());
    const auto slow = tcp_check(silent.port(), 1s);
    seen.watch({file_check(folder.write("a", "up")), slow});
    CHECK_FALSE(seen.monitor->first_round_done());
    seen.run_attempts(1);
    CHECK_FALSE(seen.monitor->first_round_done());
    seen.run_until([&] { return seen.monitor->first_round_done(); });
    CHECK(seen.target(slow).tracker.state() == State::Down);
}

TEST_CASE("the first result of a target is told, with its state, whatever that is") {
    const support::TemporaryFolder folder;
    struct Row {
        const char* word;
        Verdict verdict;
        State state;
        bool turned;
    };
    const Row rows[] = {
        {"up", Verdict::Pass, State::Up, true},
        {"down", Verdict::Fail, State::Down, true},
        {"dunno", Verdict::NoWord, State::Unknown, false},
    };
    for (const auto& row : rows) {
        CAPTURE(row.word);
        Watch seen;
        const auto check = file_check(folder.write(row.word, row.word), 1h);
        seen.watch({check});
        seen.run_attempts(1);
        CHECK(seen.told[0].verdict == row.verdict);
        CHECK(seen.told[0].turned == row.turned);
        CHECK(seen.target(check).tracker.state() == row.state);
    }
}

TEST_CASE("nobody is told of an attempt before `watch` has returned") {
    const support::TemporaryFolder folder;
    Watch seen;
    // As on a reload: from within the context, where a coroutine could begin at once.
    const auto check = file_check(folder.write("a", "up"), 1h);
    bool watched = false;
    std::size_t told_meanwhile = 0;
    boost::asio::post(seen.context, [&] {
        seen.watch({check});
        told_meanwhile = seen.told.size();
        watched = true;
    });
    seen.run_until([&] { return watched && seen.told.size() == 1; });
    CHECK(told_meanwhile == 0);
}

TEST_CASE("what is watched already goes on as it is, and is not asked out of turn") {
    const support::TemporaryFolder folder;
    Watch seen;
    const auto first = file_check(folder.write("a", "down"), 1h);
    seen.watch({first});
    seen.run_attempts(1);
    const auto* target = seen.monitor->find(key_of(*first));
    const auto other = file_check(folder.write("b", "up"), 1h);
    seen.watch({other, file_check(first->file, 1h)});
    CHECK(seen.monitor->find(key_of(*first)) == target);
    CHECK(target->tracker.state() == State::Down);
    CHECK_FALSE(seen.monitor->first_round_done());
    seen.run_until([&] { return seen.monitor->first_round_done(); });
    CHECK(seen.told_of(first) == 1);
    CHECK(seen.told_of(other) == 1);
}

TEST_CASE("what is no longer watched is asked no more, and one that stays is") {
    const support::TemporaryFolder folder;
    Watch seen;
    const auto gone = file_check(folder.write("a", "up"));
    const auto kept = file_check(folder.write("b", "up"));
    seen.watch({gone, kept});
    seen.run_until([&] { return seen.monitor->first_round_done(); });
    seen.watch({kept});
    CHECK(seen.monitor->size() == 1);
    CHECK(seen.monitor->find(key_of(*gone)) == nullptr);
    const auto before = seen.told_of(gone);
    const auto kept_before = seen.told_of(kept);
    seen.run_until([&] { return seen.told_of(kept) >= kept_before + 3; });
    CHECK(seen.told_of(gone) == before);
}

TEST_CASE("an attempt under way of what is no longer watched ends without a word") {
    const probes_test::FullListener silent;
    const support::TemporaryFolder folder;
    Watch seen;
    const auto slow = tcp_check(silent.port(), 300ms);
    seen.watch({slow});
    while (seen.context.poll_one() > 0) {  // it has begun
    }
    const auto other = file_check(folder.write("a", "up"));
    seen.watch({other});
    seen.run_attempts(4);  // takes longer than its timeout
    CHECK(seen.told_of(slow) == 0);
    // And when it is watched again meanwhile, it begins anew.
    seen.watch({slow});
    while (seen.context.poll_one() > 0) {
    }
    seen.watch({});
    seen.watch({slow});
    seen.run_until([&] { return seen.told_of(slow) == 1; });
    CHECK(seen.target(slow).attempts.size() == 1);
}

TEST_CASE("a monitor that goes during an attempt leaves nothing that calls back") {
    const probes_test::FullListener silent;
    Watch seen;
    seen.watch({tcp_check(silent.port(), 200ms)});
    while (seen.context.poll_one() > 0) {
    }
    seen.monitor.reset();
    seen.context.run();  // until nothing is left to do
    CHECK(seen.told.empty());
}

TEST_CASE("a target that was up and fails is asked again soon, and is down after `fall` failures") {
    const support::TemporaryFolder folder;
    Check slow = *file_check(folder.write("a", "up"), 1h);
    slow.limits.fall = 3;
    const auto check = std::make_shared<const Check>(slow);
    Watch seen;
    seen.watch({check});
    seen.run_attempts(1);
    folder.write("a", "down");
    seen.monitor->ask_now(seen.target(check));
    seen.run_attempts(3);
    REQUIRE(seen.told.size() == 4);
    CHECK_FALSE(seen.told[1].turned);
    CHECK_FALSE(seen.told[2].turned);
    CHECK(seen.told[3].turned);
    CHECK(seen.target(check).tracker.state() == State::Down);
    // Two repetitions, each of a second rather than an hour.
    CHECK(seen.told[3].at - seen.told[1].at > 1900ms);
}

TEST_CASE("what says nothing of a target counts neither for it nor against it") {
    const support::TemporaryFolder folder;
    Check patient = *file_check(folder.write("a", "up"));
    patient.limits.fall = 2;
    const auto check = std::make_shared<const Check>(patient);
    Watch seen;
    seen.watch({check});
    seen.run_attempts(1);
    folder.write("a", "no idea");
    seen.run_attempts(4);
    CHECK(seen.target(check).tracker.state() == State::Up);
    CHECK(seen.target(check).tracker.against() == 0);
    folder.write("a", "down");
    seen.run_attempts(1);
    CHECK(seen.target(check).tracker.against() == 1);
    folder.write("a", "no idea");
    seen.run_attempts(2);
    CHECK(seen.target(check).tracker.against() == 1);
    folder.write("a", "down");
    seen.run_attempts(1);
    CHECK(seen.target(check).tracker.state() == State::Down);
}

TEST_CASE("the last ten attempts are kept, newest first") {
    const support::TemporaryFolder folder;
    Watch seen;
    const auto check = file_check(folder.write("a", "up"));
    seen.watch({check});
    seen.run_attempts(11);
    folder.write("a", "down");
    seen.run_attempts(1);
    const auto& attempts = seen.target(check).attempts;
    REQUIRE(attempts.size() == Monitor::max_attempts);
    CHECK(attempts[0].text == "down");
    CHECK(attempts[1].text == "up");
    CHECK(std::ranges::is_sorted(attempts, std::greater{}, &probes::Attempt::at));
}

TEST_CASE("a real listener is up, and down once it is gone") {
    auto listener = std::make_unique<probes_test::Server>(probes_test::wait_for_close);
    const auto check = tcp_check(listener->port());
    Watch seen;
    seen.watch({check});
    seen.run_attempts(1);
    CHECK(seen.target(check).tracker.state() == State::Up);
    listener.reset();
    seen.run_until([&] { return seen.target(check).tracker.state() == State::Down; });
    CHECK(seen.told.back().turned);
    CHECK(seen.target(check).attempts.front().text == "connection refused");
}

}  // namespace check_monitor_test
