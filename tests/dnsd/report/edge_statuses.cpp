// SPDX-License-Identifier: Apache-2.0
#include "tests/dnsd/report/edge_statuses.hpp"

#include "dnsd/report/edge_lines.hpp"

#include <utility>

namespace report_test {

using namespace std::chrono_literals;
using probes::Attempt;
using probes::EdgeStatus;
using probes::Removed;
using probes::State;
using probes::TargetStatus;
using probes::Time;
using probes::Verdict;

TargetStatus passing(std::chrono::microseconds round_trip) {
    TargetStatus target;
    target.check = "tcp:192.0.2.10:32400";
    target.state = State::Up;
    target.since = now - 3h - 12min;
    target.rise = 2;
    target.fall = 3;
    target.interval = 10s;
    target.attempts.assign(1, Attempt{now - 4s, Verdict::Pass, round_trip, "connected"});
    return target;
}

TargetStatus failing(std::string check) {
    auto target = passing();
    target.check = std::move(check);
    target.state = State::Down;
    target.since = now - 4min - 10s;
    target.attempts.assign(1, Attempt{now - 2s, Verdict::Fail, 0us, "connection refused"});
    return target;
}

TargetStatus untried() {
    auto target = passing();
    target.state = State::Unknown;
    target.attempts.clear();
    return target;
}

TargetStatus unclear() {
    auto target = untried();
    target.check = "file:/run/edge";
    target.attempts.assign(1, Attempt{now - 1s, Verdict::NoWord, 0us, "no such file"});
    return target;
}

TargetStatus of_home(TargetStatus target) {
    target.check = "http://192.0.2.10:80/identity";
    target.asks_home = true;
    if (target.state == State::Down) target.attempts.front().text = "HTTP 503";
    return target;
}

TargetStatus damped(TargetStatus target) {
    target.held_for = 3min + 49s + 1ms;
    return target;
}

EdgeStatus edge_with(std::vector<TargetStatus> targets) {
    EdgeStatus made;
    made.name = "newyork";
    std::vector<State> states;
    for (const auto& target : targets) {
        if (!target.asks_home) states.push_back(target.state);
    }
    made.state = probes::worst_of(states);
    for (const auto& target : targets) {
        if (target.state == made.state) made.since = target.since;
    }
    made.targets = std::move(targets);
    return made;
}

EdgeStatus out(Removed removed, EdgeStatus made) {
    made.removed = removed;
    return made;
}

EdgeStatus shared(EdgeStatus made, double share) {
    made.share = share;
    return made;
}

EdgeStatus drained(EdgeStatus made, std::optional<Time> until) {
    made.removed = Removed::Drained;
    made.drained_since = now - 12min;
    made.drained_until = until;
    return made;
}

std::vector<std::string> summary_of(std::vector<EdgeStatus> edges, Home home) {
    probes::ZoneStatus zone;
    zone.zone = "plex.example.com";
    zone.home_down = home == Home::Down;
    zone.edges = std::move(edges);
    return control::summary(zone, now);
}

std::string line(const EdgeStatus& status) {
    return summary_of({status}).at(0);
}

}  // namespace report_test
