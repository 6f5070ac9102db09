// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/beat.hpp"

#include "tests/dnsd/server_parts.hpp"
#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

namespace server_beat_test {

using namespace std::chrono_literals;
using control::Steered;
using support::ServerParts;

namespace {

control::NodeSettings node() {
    return {.edge = "a",
            .zone = *zones::Name::from_text("one.example.", {}),
            .key_file = {},
            .peers = {}};
}

/// A beat of a millisecond, with what it learns and shows.
class Beating {
 public:
    Beating() : parts{node()} {}
    ~Beating() { loads.join(); }
    Beating(const Beating&) = delete;
    Beating& operator=(const Beating&) = delete;

    template <class Predicate>
    void run_until(Predicate there) {
        while (!there()) parts.world.context.run_one();
    }

    ServerParts parts;
    /// Called on the thread of loads.
    std::function<void(Steered&)> steer = [](Steered&) {};
    std::vector<std::size_t> shown;  // zones, at each time
    bool refuse = false;             // to show zones
    std::mutex mutex;
    std::vector<std::string> heard;  // edges
    control::Loads loads{parts.world.context};
    control::Beat beat{parts.world.context,
                       loads,
                       {parts.link, *parts.world.health, parts.measuring},
                       {.hear =
                            [this](const std::string& edge, const transfer::Changes&) {
                                const std::lock_guard lock{mutex};
                                heard.push_back(edge);
                            },
                        .steer = [this](Steered& steered) { steer(steered); }},
                       1ms,
                       [this](const zones::Catalog& catalog) {
                           if (refuse) throw std::runtime_error{"no memory"};
                           shown.push_back(catalog.zones().size());
                       }};
};

}  // namespace

TEST_CASE("at its beat a node tells what it has measured") {
    Beating at;
    at.parts.relay.measurements().add(support::address("203.0.113.5"), 20ms, 1ms,
                                      probes::Clock::now());
    at.beat.start();
    at.run_until([&] { return !at.parts.measured.empty(); });
    CHECK(at.parts.measured[0].set.contains("203-0-113-0/24.clients"));
}

TEST_CASE("zones that steering has made are shown; where nothing was due, none are") {
    Beating at;
    std::atomic<unsigned> looks{0};
    at.steer = [&](Steered& steered) {
        if (++looks == 3)
            steered.catalog = ServerParts::catalog({at.parts.world.zone("one.example.", {"a"})});
    };
    at.beat.start();
    at.run_until([&] { return !at.shown.empty(); });
    CHECK(at.shown == std::vector<std::size_t>{1});
    CHECK(looks >= 3);
}

TEST_CASE("steering that takes longer than a beat is not begun twice") {
    Beating at;
    std::promise<void> go_on;
    std::atomic<unsigned> begun{0};
    at.steer = [&, wait = go_on.get_future().share()](Steered&) {
        if (++begun == 1) wait.wait();
    };
    at.beat.start();
    // Each beat is one event. The first one begins to steer, and the others find that at work.
    for (int beats = 0; beats < 5; ++beats) at.parts.world.context.run_one();
    go_on.set_value();
    at.loads.join();
    CHECK(begun == 1);
}

TEST_CASE("a beat goes on after steering has failed, and after zones could not be shown") {
    Beating at;
    std::atomic<unsigned> looks{0};
    at.steer = [&](Steered& steered) {
        if (++looks == 1) throw std::runtime_error{"no memory"};
        steered.catalog.emplace();
    };
    at.refuse = true;
    at.beat.start();
    CHECK_THROWS(at.run_until([] { return false; }));
    at.refuse = false;
    at.run_until([&] { return !at.shown.empty(); });
    CHECK(looks >= 3);
}

TEST_CASE("what is heard waits for the thread of loads, in order, and then leaves its place") {
    Beating at;
    transfer::Backlog backlog;
    std::promise<void> go_on;
    at.loads.run("a long load", [wait = go_on.get_future().share()] { wait.wait(); });
    at.beat.hear("b", {}, backlog.add(5));
    at.beat.hear("c", {}, backlog.add(2));
    CHECK(backlog.waiting() == 7);
    go_on.set_value();
    at.loads.join();
    CHECK(backlog.waiting() == 0);
    CHECK(at.heard == std::vector<std::string>{"b", "c"});
}

}  // namespace server_beat_test
