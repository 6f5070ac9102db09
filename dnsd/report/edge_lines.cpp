// SPDX-License-Identifier: Apache-2.0
#include "dnsd/report/edge_lines.hpp"

#include "geo/text/duration_text.hpp"
#include "geo/text/fact_line.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

namespace control {
namespace {

using probes::Attempt;
using probes::Clock;
using probes::duration_text;
using probes::EdgeStatus;
using probes::FactLine;
using probes::Removed;
using probes::State;
using probes::TargetStatus;
using probes::Time;
using probes::time_left_text;
using probes::Verdict;
using probes::ZoneStatus;

constexpr std::size_t attempts_shown = 10;
constexpr std::size_t short_text = 24;  // of what an attempt said; all of it is in the detail

using Statuses = std::vector<const TargetStatus*>;

std::string_view word(Verdict verdict) noexcept {
    return verdict == Verdict::Pass ? "ok" : verdict == Verdict::Fail ? "fail" : "no_word";
}

std::string_view word(Removed removed) noexcept {
    switch (removed) {
        case Removed::Drained:
            return "drained";
        case Removed::Down:
            return "down";
        case Removed::Origin:
            return "origin";
        case Removed::No:
            break;
    }
    return "no";
}

std::string share_text(double share) {
    const auto percent = 100 * std::clamp(share, 0.0, 1.0);
    return percent > 0 && percent < 0.5 ? "<1%" : std::to_string(std::lround(percent)) + "%";
}

enum class Asks : std::uint8_t { Edge, Home };

Statuses statuses_of(const EdgeStatus& edge, Asks asks) {
    Statuses chosen;
    for (const auto& target : edge.targets) {
        if (target.asks_home == (asks == Asks::Home)) chosen.push_back(&target);
    }
    return chosen;
}

State state_of(const Statuses& targets) {
    std::vector<State> states;
    for (const auto* target : targets) states.push_back(target->state);
    return probes::worst_of(states);
}

/// Returns the slowest of the targets in the worst state; null when there is none.
const TargetStatus* worst_target(const Statuses& targets) {
    const auto worst = state_of(targets);
    const auto round_trip = [](const TargetStatus* target) {
        return target->attempts.empty() ? std::chrono::microseconds{0}
                                        : target->attempts.front().round_trip;
    };
    const TargetStatus* found = nullptr;
    for (const auto* target : targets) {
        if (target->state != worst) continue;
        if (found == nullptr || round_trip(target) > round_trip(found)) found = target;
    }
    return found;
}

/// Returns the target that explains why the edge is in or out.
const TargetStatus* shown_target(const EdgeStatus& edge) {
    const auto own = statuses_of(edge, Asks::Edge);
    const bool show_home = edge.removed == Removed::Origin || own.empty() ||
                           (edge.unreached && state_of(own) != State::Down);
    return worst_target(show_home ? statuses_of(edge, Asks::Home) : own);
}

void add_latest(FactLine& line, const TargetStatus& target, Time now) {
    if (target.attempts.empty()) return line.add("last", "never");
    const auto& latest = target.attempts.front();
    const bool timed = latest.round_trip.count() > 0;
    line.add("last", word(latest.verdict));
    line.add("ago", duration_text(now - latest.at));
    if (latest.verdict == Verdict::Pass && timed) {
        line.add("rtt", probes::round_trip_text(latest.round_trip));
    } else if (!latest.text.empty()) {
        line.add("said", probes::cut(latest.text, short_text));
    }
}

void add_drain_or_damping(FactLine& line, const EdgeStatus& edge, const TargetStatus* shown,
                          Time now) {
    if (edge.drained_since || edge.removed == Removed::Drained) {
        line.add("drained", edge.drained_until ? time_left_text(*edge.drained_until - now) : "yes");
    } else if (shown != nullptr && shown->held_for > Clock::duration::zero()) {
        line.add("damped", time_left_text(shown->held_for));
    }
    if (!edge.drained_on || edge.drained_on->on == edge.drained_on->nodes) return;
    const auto& [on, nodes, here_alone, not_on] = *edge.drained_on;
    const bool here = here_alone && on == 1;
    line.add("drained_on", here ? "here" : std::to_string(on) + "_of_" + std::to_string(nodes));
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ",") + name;
    return text;
}

/// Adds what nodes agree on, unless all say what this node sees.
void add_agreed(FactLine& line, const EdgeStatus& edge) {
    if (edge.agreed && !edge.agreed->other_checks.empty()) {
        line.add("other_check_at", joined(edge.agreed->other_checks));
    }
    if (!edge.agreed || edge.agreed->basis == probes::Basis::Own) return;
    if (edge.agreed->state == edge.state && !edge.agreed->in_doubt()) return;
    line.add("agreed", std::string{word(edge.agreed->state)} + ':' + basis_text(*edge.agreed));
}

void add_counts(FactLine& line, const EdgeStatus& edge, const Statuses& own) {
    const auto home = statuses_of(edge, Asks::Home);
    const bool down = edge.unreached || (!own.empty() && edge.state == State::Down);
    if (!home.empty() && !down) line.add("origin", word(state_of(home)));
    if (own.size() > 1) {
        const auto up = std::ranges::count(own, State::Up, &TargetStatus::state);
        line.add("checks", std::to_string(up) + '/' + std::to_string(own.size()) + "_up");
    }
    if (edge.share) line.add("share", share_text(*edge.share));
}

std::string edge_line(const EdgeStatus& edge, Time now) {
    FactLine line;
    const auto own = statuses_of(edge, Asks::Edge);
    const auto* shown = shown_target(edge);
    line.add("edge", edge.name);
    line.add("state", own.empty() ? "unchecked" : word(edge.state));
    if (edge.removed != Removed::No) line.add("out", word(edge.removed));
    if (!own.empty()) line.add("since", duration_text(now - edge.since));
    if (shown != nullptr) {
        add_latest(line, *shown, now);
        line.add("check", shown->check);
    }
    add_agreed(line, edge);
    add_drain_or_damping(line, edge, shown, now);
    add_counts(line, edge, own);
    return line.text();
}

std::string alarm_line(const ZoneStatus& zone) {
    std::size_t edges = 0;
    std::string said;
    for (const auto& edge : zone.edges) {
        const auto* target = worst_target(statuses_of(edge, Asks::Home));
        if (edge.removed != Removed::No || edge.unreached || target == nullptr) continue;
        ++edges;
        if (said.empty() && !target->attempts.empty()) said = target->attempts.front().text;
    }
    FactLine line;
    line.add("alarm", "home_down");
    line.add("zone", zone.zone);
    line.add("answers", "as_if_up");
    line.add("edges", std::to_string(edges));
    if (!said.empty()) line.add("said", said);
    return line.text();
}

std::string cut_off_line(const ZoneStatus& zone) {
    FactLine line;
    line.add("cut_off", "yes");
    line.add("zone", zone.zone);
    line.add("answers", "as_last_agreed");
    return line.text();
}

std::optional<std::string> place_line(const EdgeStatus& edge, Time now) {
    auto addresses = edge.addresses;
    std::ranges::replace(addresses, ' ', ',');
    FactLine line;
    if (!addresses.empty()) line.add("addresses", addresses);
    if (!edge.location.empty()) line.add("location", edge.location);
    if (edge.drained_since) line.add("drained_for", duration_text(now - *edge.drained_since));
    auto text = line.text();
    if (text.empty()) return std::nullopt;
    return text;
}

std::string target_line(const TargetStatus& target, Time now) {
    FactLine line;
    line.add("check", target.check);
    if (target.asks_home) line.add("asks", "home");
    line.add("state", word(target.state));
    line.add("since", duration_text(now - target.since));
    line.add("rise", std::to_string(target.rise));
    line.add("fall", std::to_string(target.fall));
    line.add("interval", probes::interval_text(target.interval));
    if (target.held_for > Clock::duration::zero()) {
        line.add("damped", time_left_text(target.held_for));
    }
    return line.text();
}

std::string attempt_line(const Attempt& attempt, Time now) {
    FactLine line;
    line.add("ago", duration_text(now - attempt.at));
    line.add("result", word(attempt.verdict));
    if (attempt.round_trip.count() > 0)
        line.add("rtt", probes::round_trip_text(attempt.round_trip));
    if (!attempt.text.empty()) line.add("said", attempt.text);
    return line.text();
}

}  // namespace

std::vector<std::string> summary(const ZoneStatus& zone, Time now) {
    std::vector<std::string> lines;
    if (zone.cut_off) lines.push_back(cut_off_line(zone));
    if (zone.home_down) lines.push_back(alarm_line(zone));
    for (const auto& edge : zone.edges) lines.push_back(edge_line(edge, now));
    return lines;
}

std::vector<std::string> detail(const EdgeStatus& edge, Time now) {
    std::vector<std::string> lines{edge_line(edge, now)};
    if (auto place = place_line(edge, now)) lines.push_back(std::move(*place));
    for (const auto& target : edge.targets) {
        lines.push_back(target_line(target, now));
        const auto count = std::min(target.attempts.size(), attempts_shown);
        for (std::size_t i = 0; i < count; ++i) {
            lines.push_back(attempt_line(target.attempts[i], now));
        }
    }
    return lines;
}

}  // namespace control
