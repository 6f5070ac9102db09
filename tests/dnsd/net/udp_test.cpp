// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/udp.hpp"

#include "dnsd/net/coarse_clock.hpp"
#include "tests/dnsd/net/served_socket.hpp"
#include "tests/dnsd/nobody_else.hpp"
#include "tests/dnsd/world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <numeric>
#include <thread>
#include <vector>

namespace net_udp_test {

using namespace std::chrono_literals;
using engine::RateLimiter;

namespace {

constexpr unsigned batch = 64;

/// Two names, and a client who gets ten answers for each at once and learns of all that is too much.
class Limited {
 public:
    void ask(std::string name, std::size_t id) const {
        socket_.ask(
            support::to_bytes({.name = std::move(name), .id = static_cast<std::uint16_t>(id)}));
    }
    void ask_from(std::size_t first, std::size_t count) const {
        for (auto id = first; id < first + count; ++id) ask("www.example.", id);
    }
    [[nodiscard]] support::ServedSocket& socket() { return socket_; }

    /// So many answers in the order in which they came.
    struct Answers {
        std::vector<std::size_t> ids;
        std::size_t truncated = 0;
    };
    [[nodiscard]] Answers answers(std::size_t count) {
        Answers answers;
        while (answers.ids.size() < count) {
            const auto octets = socket_.receive(room_);
            if (octets.empty()) break;
            const auto answer = support::decode(octets);
            CHECK(answer.tc() == answer.answer.empty());
            answers.truncated += answer.tc();
            answers.ids.push_back(answer.id);
        }
        return answers;
    }
    [[nodiscard]] std::uint64_t slipped() const {
        engine::QueryCounts sum;
        for (const auto& lane : counters_) lane.add_to(sum);
        return sum.with(RateLimiter::Action::Slip);
    }

 private:
    static std::shared_ptr<const engine::Snapshot> snapshot() {
        support::World world{{support::zone_text(
            "example.", R"("www": {"A": "192.0.2.1"}, "api": {"A": "192.0.2.2"})")}};
        world.snapshot.limits = engine::rate_limits({.per_second = 10, .slip = 1}, 1);
        return std::make_shared<const engine::Snapshot>(std::move(world.snapshot));
    }

    engine::Snapshots snapshots_{snapshot()};
    support::NobodyElse observer_;
    std::vector<engine::QueryCounters> counters_{1};
    support::ServedSocket socket_{
        {.snapshots = snapshots_, .observer = observer_, .counters = counters_}};
    std::array<std::uint8_t, 4096> room_{};
};

std::vector<std::size_t> from_to(std::size_t first, std::size_t end) {
    std::vector<std::size_t> ids(end - first);
    std::iota(ids.begin(), ids.end(), first);
    return ids;
}

}  // namespace

TEST_CASE("while more wait, what slips is answered after those who get an answer") {
    Limited limited;
    limited.ask_from(0, batch);
    limited.ask("api.example.", batch);
    limited.socket().start();
    const auto answers = limited.answers(batch + 1);
    auto order = from_to(0, 10);
    order.push_back(batch);
    std::ranges::copy(from_to(10, batch), std::back_inserter(order));
    CHECK(answers.ids == order);
    CHECK(answers.truncated == batch - 10);
    CHECK(limited.slipped() == batch - 10);
}

TEST_CASE("when nothing else waits, what slips is answered in its turn") {
    Limited limited;
    limited.ask_from(0, batch - 2);
    limited.ask("api.example.", batch - 2);
    limited.socket().start();
    CHECK(limited.answers(batch - 1).ids == from_to(0, batch - 1));
}

TEST_CASE("what slips after a whole batch is answered though nobody asks any more") {
    Limited limited;
    limited.ask_from(0, batch);
    limited.socket().start();
    CHECK(limited.answers(batch).ids == from_to(0, batch));
}

TEST_CASE("nothing that slips is lost, however much waits") {
    Limited limited;
    // More than can be held, where the system lets the socket have so many.
    const auto count = std::min<std::size_t>(limited.socket().room() / 2, 1'300);
    limited.ask_from(0, count);
    limited.socket().start();
    auto answers = limited.answers(count);
    std::ranges::sort(answers.ids);
    CHECK(answers.ids == from_to(0, count));
    CHECK(limited.slipped() == answers.truncated);
}

TEST_CASE("what slips is answered before a thread ends") {
    Limited limited;
    limited.ask_from(0, 2 * batch);
    limited.socket().start();
    limited.socket().stop();
    auto answers = limited.answers(2 * batch);
    std::ranges::sort(answers.ids);
    CHECK(answers.ids == from_to(0, 2 * batch));
}

TEST_CASE("a thread sleeps when a flood is over, though it was awake, and can be stopped in one") {
    Limited limited;
    limited.socket().start();
    const auto flood = [&] {
        const auto end = net::read_clock(CLOCK_MONOTONIC) + 3 * net::BusyPolling::look_every;
        while (net::read_clock(CLOCK_MONOTONIC) < end) limited.ask_from(0, batch);
    };
    flood();
    bool sleeps = false;
    for (int i = 0; i < 100 && !sleeps; ++i) {
        const auto worked = net::read_clock(CLOCK_PROCESS_CPUTIME_ID);
        std::this_thread::sleep_for(100ms);
        sleeps = net::read_clock(CLOCK_PROCESS_CPUTIME_ID) - worked < 50ms;
    }
    CHECK(sleeps);
    flood();
    limited.socket().stop();
}

}  // namespace net_udp_test
