// SPDX-License-Identifier: Apache-2.0
#include "dnsd/health/edge_watch.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace control {

probes::State worst_state(const Targets& targets) {
    std::vector<probes::State> states;
    for (const auto* target : targets) states.push_back(target->tracker.state());
    return probes::worst_of(states);
}

probes::Time worst_since(const Targets& targets) {
    const auto worst = worst_state(targets);
    probes::Time since{};
    for (const auto* target : targets) {
        if (target->tracker.state() == worst) since = std::max(since, target->tracker.since());
    }
    return since;
}

void ZoneWatch::go_on_from(const ZoneWatch& before) {
    home_down = before.home_down;
    none_left = before.none_left;
    std::unordered_map<std::string_view, const EdgeWatch*> known;
    for (std::size_t i = 0; i < before.edges.size(); ++i) {
        known.emplace(before.zone->edges()[i].name, &before.edges[i]);
    }
    for (std::size_t i = 0; i < edges.size(); ++i) {
        const auto found = known.find(zone->edges()[i].name);
        if (found == known.end()) continue;
        edges[i].answers = found->second->answers;
        edges[i].removed = found->second->removed;
        if (board != before.board) edges[i].answers.begin_anew();
    }
}

const probes::Drain* ZoneWatch::drain_of(std::size_t edge, const probes::Drains& drains) const {
    return drains.find(name, zone->edges()[edge].name);
}

std::uint64_t ZoneWatch::recent_answers(std::size_t edge) const {
    return edges[edge].answers.recent(board->answers(static_cast<geo::EdgeIndex>(edge)));
}

void ZoneWatch::sample_answers() {
    for (std::size_t i = 0; i < edges.size(); ++i) {
        edges[i].answers.sample(board->answers(static_cast<geo::EdgeIndex>(i)));
    }
}

bool ZoneWatch::unreached(std::size_t index) const {
    const auto& edge = edges[index];
    const auto is_relay = [&](const geo::Address& address) {
        const auto& own = zone->edges()[index].addresses;
        return std::ranges::find(own, address) != own.end() ||
               std::ranges::any_of(edge.checks, [&](const Target* target) {
                   return target->check->address == address;
               });
    };
    bool any = false;
    for (const auto* target : edge.home_checks) {
        if (target->tracker.state() != probes::State::Down) continue;
        const auto failed =
            std::ranges::find(target->attempts, probes::Verdict::Fail, &probes::Attempt::verdict);
        const bool connected = failed == target->attempts.end() || failed->connected;
        if (connected || !is_relay(target->check->address)) return false;
        any = true;
    }
    return any;
}

}  // namespace control
