// SPDX-License-Identifier: Apache-2.0
#include "dnsd/health/health_log.hpp"

#include "dnsd/health/edge_facts.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace control {
namespace {

using probes::Removed;

std::string_view reason_text(Removed removed) {
    switch (removed) {
        case Removed::Drained:
            return "it is drained";
        case Removed::Down:
            return "it is down";
        case Removed::Origin:
            return "home does not answer behind it";
        case Removed::No:
            break;
    }
    return "";
}

/// "newyork of plex.example.com and 2 more".
std::string edges_text(const Target& target, const std::vector<const ZoneWatch*>& users) {
    std::string first;
    std::size_t others = 0;
    for (const auto* zone : users) {
        for (std::size_t i = 0; i < zone->edges.size(); ++i) {
            const auto& edge = zone->edges[i];
            if (!std::ranges::count(edge.checks, &target) &&
                !std::ranges::count(edge.home_checks, &target)) {
                continue;
            }
            if (first.empty()) {
                first = zone->zone->edges()[i].name + " of " + zone->name;
            } else {
                ++others;
            }
        }
    }
    return others == 0 ? first : first + " and " + std::to_string(others) + " more";
}

}  // namespace

void log_turn(const Target& target, const std::vector<const ZoneWatch*>& users) {
    const bool up = target.tracker.state() == probes::State::Up;
    const auto held = target.tracker.held_for(probes::Clock::now());
    spdlog::log(up ? spdlog::level::info : spdlog::level::warn, "{} is {} ({}): {}{}",
                to_text(*target.check), up ? "up" : "down", edges_text(target, users),
                target.attempts.front().text,
                held.count() == 0
                    ? std::string{}
                    : fmt::format("; it went down too often and stays out for {} s at least",
                                  whole_seconds(held)));
}

void log_removed(const ZoneWatch& zone, std::size_t edge, const probes::Agreed* agreed) {
    const auto& name = zone.zone->edges()[edge].name;
    const auto removed = zone.edges[edge].removed;
    if (removed == Removed::No) {
        spdlog::info("{}: {} is answered again", zone.name, name);
        return;
    }
    const bool shared =
        removed == Removed::Down && agreed != nullptr && agreed->basis != probes::Basis::Own;
    spdlog::warn("{}: {} is not answered: {}{}", zone.name, name, reason_text(removed),
                 shared ? " (" + basis_text(*agreed) + ")" : "");
}

void log_home(const ZoneWatch& zone) {
    if (zone.home_down) {
        spdlog::error("{}: home does not answer behind any edge; answers go on as if it did",
                      zone.name);
    } else {
        spdlog::info("{}: the alarm is over: {}", zone.name,
                     zone.none_left ? "no edge is left by which home could be reached"
                                    : "home answers again behind an edge, or may do so");
    }
}

void log_none_left(const ZoneWatch& zone) {
    spdlog::error("{}: no edge is left; answers go on as \"all_down\" says", zone.name);
}

}  // namespace control
