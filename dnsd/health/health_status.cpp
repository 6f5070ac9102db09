// SPDX-License-Identifier: Apache-2.0
#include "dnsd/health/health_status.hpp"

#include <cstdint>

namespace control {
namespace {

enum class Asks : std::uint8_t { Edge, Home };

probes::TargetStatus target_status(const Target& target, Asks asks) {
    const auto& check = target.check;
    const auto& tracker = target.tracker;
    return {.check = to_text(*check),
            .state = tracker.state(),
            .since = tracker.since(),
            .held_for = tracker.held_for(probes::Clock::now()),
            .rise = check->limits.rise,
            .fall = check->limits.fall,
            .interval = check->interval,
            .attempts = {target.attempts.begin(), target.attempts.end()},
            .asks_home = asks == Asks::Home};
}

std::string addresses_text(const zones::Edge& edge) {
    std::string text;
    for (const auto& address : edge.addresses) {
        text += (text.empty() ? "" : " ") + geo::to_text(address);
    }
    return text;
}

probes::EdgeStatus edge_status(const ZoneWatch& zone, std::size_t index) {
    const auto& edge = zone.edges[index];
    const auto& configured = zone.zone->edges()[index];
    probes::EdgeStatus status;
    status.name = configured.name;
    status.state = worst_state(edge.checks);
    status.since = worst_since(edge.checks);
    status.unreached = zone.unreached(index);
    if (status.unreached && status.state != probes::State::Down) {
        status.state = probes::State::Down;
        status.since = worst_since(edge.home_checks);
    }
    status.removed = edge.removed;
    status.addresses = addresses_text(configured);
    status.location = configured.location;
    for (const auto* target : edge.checks)
        status.targets.push_back(target_status(*target, Asks::Edge));
    for (const auto* target : edge.home_checks)
        status.targets.push_back(target_status(*target, Asks::Home));
    return status;
}

}  // namespace

probes::ZoneStatus status_of(const ZoneWatch& zone, const DrainRegistry& drains,
                             const probes::Agreement* agreement) {
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < zone.edges.size(); ++i) all += zone.recent_answers(i);
    probes::ZoneStatus status;
    status.zone = zone.name;
    status.home_down = zone.home_down;
    for (std::size_t i = 0; i < zone.edges.size(); ++i) {
        auto edge = edge_status(zone, i);
        if (const auto* drain = zone.drain_of(i, drains.drains())) {
            edge.drained_since = drain->since;
            edge.drained_until = drain->until;
        }
        edge.drained_on = drains.spread(zone.name, edge.name);
        if (all > 0) {
            edge.share = static_cast<double>(zone.recent_answers(i)) / static_cast<double>(all);
        }
        if (const auto shared = zone.edges[i].shared; agreement != nullptr && shared) {
            edge.agreed = agreement->edges.at(*shared);
            status.cut_off = agreement->cut_off;
        }
        status.edges.push_back(std::move(edge));
    }
    return status;
}

}  // namespace control
