// SPDX-License-Identifier: Apache-2.0
// The dashboard of what nobody would think of.
#include "dnsd/report/edge_lines.hpp"
#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace report_edge_lines_property_test {

using probes::Attempt;
using probes::EdgeStatus;
using probes::Removed;
using probes::State;
using probes::TargetStatus;
using probes::Time;
using probes::Verdict;

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
    target.asks_home = support::draw(generator, 0, 1) == 0;
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

bool plain(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7F; });
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
        auto lines = control::summary(zone, random_time(generator));
        for (const auto& status : zone.edges) {
            for (auto& text : control::detail(status, random_time(generator))) {
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

}  // namespace report_edge_lines_property_test
