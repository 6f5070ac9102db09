// SPDX-License-Identifier: Apache-2.0
#include "dnsd/health/edge_facts.hpp"

#include <algorithm>
#include <chrono>

namespace control {
namespace {

using probes::State;
using probes::Time;
using probes::Verdict;

/// Returns when the latest attempt with this verdict began; long ago if no kept attempt has it.
Time last(Verdict verdict, const Target& target) {
    const auto found = std::ranges::find(target.attempts, verdict, &probes::Attempt::verdict);
    return found == target.attempts.end() ? Time{} : found->at;
}

/// Returns when the target's state began; long ago if no kept attempt contradicts the state, as
/// after a start.
Time since_in_doubt(const Target& target) {
    const bool down = target.tracker.state() == State::Down;
    const auto otherwise = last(down ? Verdict::Pass : Verdict::Fail, target);
    return otherwise == Time{} ? Time{} : target.tracker.since();
}

/// Whether all of them have passed in attempts that began after this moment.
bool passed_since(const Targets& targets, Time moment) {
    return std::ranges::all_of(targets, [&](const Target* target) {
        return target->tracker.state() == State::Up && last(Verdict::Pass, *target) >= moment;
    });
}

}  // namespace

const probes::Agreed* agreed_on(const EdgeWatch& edge, const probes::Agreement* agreement) {
    if (agreement == nullptr || !edge.shared) return nullptr;
    return &agreement->edges.at(*edge.shared);
}

std::vector<probes::EdgeFacts> facts_of(const ZoneWatch& zone, const probes::Drains& drains,
                                        const probes::Agreement* agreement) {
    const bool cut_off = agreement != nullptr && agreement->cut_off;
    std::vector<probes::EdgeFacts> facts;
    for (std::size_t i = 0; i < zone.edges.size(); ++i) {
        const auto& edge = zone.edges[i];
        const auto* agreed = agreed_on(edge, agreement);
        probes::EdgeFacts fact{.own = agreed != nullptr ? agreed->state : worst_state(edge.checks),
                               .origin = worst_state(edge.home_checks),
                               .has_origin = !edge.home_checks.empty() && !cut_off,
                               .unreached = zone.unreached(i),
                               .drained = zone.drain_of(i, drains) != nullptr,
                               .origin_passed = Time::max()};
        for (const auto* target : edge.home_checks) {
            fact.origin_since = std::max(fact.origin_since, since_in_doubt(*target));
            fact.origin_passed = std::min(fact.origin_passed, last(Verdict::Pass, *target));
            fact.origin_failed = std::max(fact.origin_failed, last(Verdict::Fail, *target));
        }
        // A relay to which no failing check of home can connect is down. Other nodes may see it
        // differently, and vote too, unless all of this node's other checks of the edge pass.
        if (fact.unreached && (agreed == nullptr || passed_since(edge.checks, fact.origin_since)))
            fact.own = State::Down;
        facts.push_back(fact);
    }
    return facts;
}

std::uint32_t ttl_limit(const EdgeWatch& edge, const probes::Drain* drain,
                        const probes::Agreed* agreed, Time now) {
    auto limit = geo::EdgeHealth::no_limit;
    if (drain != nullptr) {
        return drain->until ? whole_seconds(*drain->until - now) : limit;
    }
    if (agreed != nullptr && agreed->in_doubt()) return 0;
    const auto lower = [&](const Target* target) {
        const auto& check = *target->check;
        limit = std::min(limit, whole_seconds(target->tracker.holds_for(
                                    check.interval, retry_interval(check), now)));
    };
    std::ranges::for_each(edge.checks, lower);
    std::ranges::for_each(edge.home_checks, lower);
    return limit;
}

std::uint32_t whole_seconds(probes::Clock::duration time) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
    return static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(seconds, 0, geo::EdgeHealth::no_limit));
}

}  // namespace control
