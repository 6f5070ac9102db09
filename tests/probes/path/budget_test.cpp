// SPDX-License-Identifier: Apache-2.0
#include "probes/path/budget.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace path_budget_test {

using namespace std::chrono_literals;
using probes::Budget;
using probes::Clock;
using probes::Time;

namespace {

const Time start{std::chrono::hours{1000}};

geo::Prefix network(unsigned number) {
    return {{geo::Family::V4, geo::Bits{0x08000000U + (number << 8)} << 96}, 24};
}

/// The most of them in any span of this length that is open at its end.
std::size_t most_within(const std::vector<Time>& times, Clock::duration span) {
    std::size_t most = 0;
    for (auto from = times.begin(); from != times.end(); ++from) {
        const auto to = std::lower_bound(from, times.end(), *from + span);
        most = std::max(most, static_cast<std::size_t>(to - from));
    }
    return most;
}

}  // namespace

TEST_CASE("in no second more echoes go out than are permitted, however many are wanted") {
    for (const unsigned limit : {1U, 3U, 5U, 7U, 1000U}) {
        CAPTURE(limit);
        Budget budget{{.per_second = limit, .per_network_per_hour = 6}};
        std::mt19937_64 random{limit};
        std::vector<Time> sent;
        Time now = start;
        for (int i = 0; i < 3000; ++i) {
            sent.push_back(budget.reserve(now));
            CHECK(sent.back() >= now);
            CHECK_FALSE(budget.idle(now));
            if (random() % 50 == 0) now = sent.back() + std::chrono::milliseconds{random() % 3000};
        }
        CHECK(most_within(sent, 1s) <= limit);
        sent.clear();
        for (unsigned i = 0; i < 3 * limit; ++i) sent.push_back(budget.reserve(now));
        CHECK(most_within(sent, 1s) == limit);
    }
}

TEST_CASE("what was not used is not saved up") {
    Budget budget{{.per_second = 2, .per_network_per_hour = 6}};
    CHECK(budget.reserve(start) == start);
    CHECK(budget.reserve(start + 1h) == start + 1h);
    CHECK(budget.reserve(start + 1h) == start + 1h + 500ms);
}

TEST_CASE("in no hour a network is asked more often than is permitted") {
    struct Row {
        unsigned limit;
        unsigned echoes;
        std::size_t expected;  // measurements in an hour
    };
    const Row rows[] = {
        {1, 1, 1}, {2, 2, 1}, {3, 3, 1}, {5, 3, 1}, {6, 3, 2}, {60, 3, 15},
    };
    for (const auto& row : rows) {
        CAPTURE(row.limit);
        Budget budget{{.per_second = 5, .per_network_per_hour = row.limit}};
        CHECK(budget.echoes() == row.echoes);
        std::vector<Time> measured;
        for (auto now = start; now < start + 6h; now += 10s) {
            if (budget.allow(network(1), now)) measured.push_back(now);
        }
        CHECK(most_within(measured, 1h) <= row.expected);
        CHECK(most_within(measured, 1h) * row.echoes <= row.limit);
        CHECK(measured.size() >= 5);
    }
}

TEST_CASE("networks do not share what each is permitted") {
    Budget budget{{}};
    for (unsigned number = 0; number < 1000; ++number) CHECK(budget.allow(network(number), start));
    for (unsigned number = 0; number < 1000; ++number) {
        CHECK_FALSE(budget.allow(network(number), start + 1min));
    }
    CHECK(budget.allow(network(3), start + 1h));
}

}  // namespace path_budget_test
