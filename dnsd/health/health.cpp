// SPDX-License-Identifier: Apache-2.0
#include "dnsd/health/health.hpp"

#include "dnsd/health/edge_facts.hpp"
#include "dnsd/health/health_log.hpp"
#include "dnsd/health/health_status.hpp"
#include "probes/health/drain_pattern.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <string_view>
#include <utility>

namespace control {
namespace {

using probes::Clock;
using probes::Removed;
using probes::State;

constexpr std::chrono::seconds sample_every{5};

}  // namespace

Health::Health(boost::asio::io_context& context, Save save)
    : save_{std::move(save)},
      drains_{context, [this](DrainRegistry::Changed what) { on_drains(what); }},
      save_timer_{context, [this] { save_(saved_text()); }},
      shared_{context, [this] { consider_all(); }},
      sample_timer_{context},
      monitor_{context, [this](const Target& target, bool turned) { on_attempt(target, turned); }} {
    sample_regularly();
}

void Health::restore(probes::SavedState saved, Clock::duration good_for) {
    monitor_.restore(std::move(saved.targets), Clock::now() + good_for);
    drains_.restore(std::move(saved.drains), saved.words);
    shared_.restore(std::move(saved.agreements));
}

// Joining zones with what is watched

void Health::attach(const zones::Catalog& catalog) {
    std::vector<probes::CheckPtr> checks;
    for (const auto& served : catalog.zones()) {
        for (const auto& edge : served.zone->edges()) {
            checks.insert(checks.end(), edge.checks.begin(), edge.checks.end());
            checks.insert(checks.end(), edge.origins.begin(), edge.origins.end());
        }
    }
    monitor_.watch(checks);
    join(catalog);
    join_nodes();
    consider_all();
}

void Health::join(const zones::Catalog& catalog) {
    const auto before = std::exchange(zones_, {});
    std::unordered_map<std::string_view, const ZoneWatch*> known;
    for (const auto& zone : before) known.emplace(zone.name, &zone);
    users_.clear();
    for (const auto& served : catalog.zones()) {
        if (served.board == nullptr) continue;
        ZoneWatch zone;
        zone.zone = served.zone;
        zone.board = served.board;
        zone.name = zone_text(served.zone->apex());
        for (const auto& edge : served.zone->edges()) {
            zone.edges.push_back({.checks = targets_of(edge.checks),
                                  .home_checks = targets_of(edge.origins),
                                  .asked = probes::asked_digest(edge.addresses, edge.checks)});
        }
        if (const auto old = known.find(zone.name); old != known.end()) {
            zone.go_on_from(*old->second);
        }
        zones_.push_back(std::move(zone));
    }
}

/// Finds the targets for the zone that join() adds next.
Targets Health::targets_of(const std::vector<probes::CheckPtr>& checks) {
    Targets found;
    for (const auto& check : checks) {
        found.push_back(monitor_.find(key_of(*check)));
        auto& users = users_[found.back()];
        if (users.empty() || users.back() != zones_.size()) users.push_back(zones_.size());
    }
    return found;
}

/// The nodes' agreement on an edge counts for all edges with the same checks, in whatever zone.
void Health::join_nodes() {
    const auto nodes = std::ranges::find_if(
        zones_, [&](const ZoneWatch& zone) { return shared_.is_of(zone.name); });
    if (nodes == zones_.end()) shared_.leave_zone();
    std::map<Targets, std::size_t> alike;
    for (std::size_t i = 0; nodes != zones_.end() && i < nodes->edges.size(); ++i) {
        if (!nodes->edges[i].checks.empty()) alike.emplace(nodes->edges[i].checks, i);
    }
    for (auto& zone : zones_) {
        for (std::size_t i = 0; i < zone.edges.size(); ++i) {
            auto& edge = zone.edges[i];
            edge.shared.reset();
            const auto found = alike.find(edge.checks);
            if (found != alike.end()) edge.shared = &zone == &*nodes ? i : found->second;
        }
    }
}

void Health::set_node(NodePlace place) {
    drains_.set_peers(place.peers);
    shared_.set_place(std::move(place));
    join_nodes();
    consider_all();
}

// What happens

void Health::on_attempt(const Target& target, bool turned) {
    if (turned) {
        log_turn(target, users_of(target));
        save_timer_.soon();
    }
    const auto& tracker = target.tracker;
    const bool at_rest = !turned && tracker.state() == State::Up && tracker.against() == 0;
    const bool was_at_rest =
        target.attempts.size() < 2 || target.attempts[1].verdict == target.attempts[0].verdict;
    const auto users = users_.find(&target);
    if (users == users_.end()) return;
    for (const auto index : users->second) {
        auto& zone = zones_[index];
        if (turned && target.attempts.size() > 1) ask_home_elsewhere(zone, target);
        // At rest, nothing changes for the answers or their TTL, except while home is in doubt.
        if (!at_rest || !was_at_rest || zone.home_in_doubt) consider(zone);
    }
}

std::vector<const ZoneWatch*> Health::users_of(const Target& target) const {
    std::vector<const ZoneWatch*> zones;
    const auto users = users_.find(&target);
    if (users == users_.end()) return zones;
    for (const auto index : users->second) zones.push_back(&zones_[index]);
    return zones;
}

/// A check of home has turned behind one edge. What the checks behind other edges say now tells
/// whether the edge or home has changed.
void Health::ask_home_elsewhere(const ZoneWatch& zone, const Target& target) {
    const auto is_target = [&](const EdgeWatch& edge) {
        return std::ranges::count(edge.home_checks, &target) > 0;
    };
    if (std::ranges::none_of(zone.edges, is_target)) return;
    for (const auto& edge : zone.edges) {
        for (const auto* other : edge.home_checks) {
            if (other != &target) monitor_.ask_now(*other);
        }
    }
}

void Health::on_drains(DrainRegistry::Changed what) {
    const bool changed = what == DrainRegistry::Changed::Drains;
    for (auto& zone : zones_) {
        if (changed || drains_.drains().ends_in(zone.name)) decide(zone);
    }
    if (changed) save_timer_.soon();
}

void Health::changed_by_hand() {
    for (auto& zone : zones_) decide(zone);
    save_(saved_text());  // at once: the operator relies on it
}

void Health::sample_regularly() {
    sample_timer_.expires_after(sample_every);
    sample_timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (cancelled) return;
        sample_regularly();  // first, so that it goes on after an exception
        for (auto& zone : zones_) zone.sample_answers();
    });
}

// What is decided

/// True if the agreement of the zone's nodes has changed.
bool Health::agree(const ZoneWatch& zone) {
    std::vector<SharedHealth::View> views;
    views.reserve(zone.edges.size());
    for (std::size_t i = 0; i < zone.edges.size(); ++i) {
        const auto& edge = zone.edges[i];
        views.push_back({.edge = {.name = zone.zone->edges()[i].name,
                                  .state = worst_state(edge.checks),
                                  .checked = !edge.checks.empty(),
                                  .lost_home = edge.removed == Removed::Origin,
                                  .asked = edge.asked},
                         .since = worst_since(edge.checks)});
    }
    return shared_.judge(views);
}

void Health::consider(ZoneWatch& zone) {
    if (!shared_.is_of(zone.name) || !agree(zone)) return decide(zone);
    save_timer_.soon();
    for (auto& other : zones_) decide(other);
}

void Health::consider_all() {
    const auto nodes = std::ranges::find_if(
        zones_, [&](const ZoneWatch& zone) { return shared_.is_of(zone.name); });
    if (nodes != zones_.end() && agree(*nodes)) save_timer_.soon();
    for (auto& zone : zones_) decide(zone);
}

void Health::decide(ZoneWatch& zone) {
    const auto* agreement = shared_.agreement();
    const auto facts = facts_of(zone, drains_.drains(), agreement);
    const auto verdicts = probes::judge(facts);
    zone.home_in_doubt = std::ranges::any_of(facts, [](const probes::EdgeFacts& fact) {
        return fact.has_origin && fact.origin == State::Down;
    });
    for (std::size_t i = 0; i < zone.edges.size(); ++i) {
        const auto* agreed = agreed_on(zone.edges[i], agreement);
        const bool lost_home = verdicts.removed[i] == Removed::No && agreed != nullptr &&
                               agreed->lost_home;  // when this node last saw anything of it
        write_verdict(zone, i, lost_home ? Removed::Origin : verdicts.removed[i]);
    }
    const bool none_left = std::ranges::count(zone.edges, Removed::No, &EdgeWatch::removed) == 0;
    if (!std::exchange(zone.none_left, none_left) && none_left) log_none_left(zone);
    if (verdicts.home_down == std::exchange(zone.home_down, verdicts.home_down)) return;
    changed_ = Clock::now();
    log_home(zone);
}

void Health::write_verdict(ZoneWatch& zone, std::size_t index, Removed removed) {
    auto& edge = zone.edges[index];
    const auto now = Clock::now();
    const auto* agreed = agreed_on(edge, shared_.agreement());
    const geo::EdgeHealth health{
        .usable = removed == Removed::No,
        .ttl_limit = ttl_limit(edge, zone.drain_of(index, drains_.drains()), agreed, now)};
    const auto on_board = static_cast<geo::EdgeIndex>(index);
    if (zone.board->health(on_board) != health) zone.board->set(on_board, health);
    if (removed == std::exchange(edge.removed, removed)) return;
    changed_ = now;
    log_removed(zone, index, agreed);
}

// What is asked for

std::optional<probes::ZoneStatus> Health::status(const zones::Name& apex) const {
    const auto found = std::ranges::find_if(
        zones_, [&](const ZoneWatch& zone) { return zone.zone->apex() == apex; });
    if (found == zones_.end()) return std::nullopt;
    return status_of(*found, drains_, shared_.agreement());
}

std::vector<probes::ZoneStatus> Health::status() const {
    std::vector<probes::ZoneStatus> all;
    for (const auto& zone : zones_) {
        all.push_back(status_of(zone, drains_, shared_.agreement()));
    }
    return all;
}

std::vector<EdgeName> Health::drain(const std::vector<std::string>& patterns,
                                    std::optional<Clock::duration> time, probes::DrainReach reach) {
    auto drained = drains_.drain(zones_, patterns, time, reach);
    if (!drained.empty()) changed_by_hand();
    return drained;
}

std::vector<EdgeName> Health::undrain(const std::vector<std::string>& patterns) {
    auto ended = drains_.undrain(patterns);
    if (!ended.empty()) changed_by_hand();
    return ended;
}

bool Health::has_edge(const std::string& pattern) const {
    return std::ranges::any_of(zones_, [&](const ZoneWatch& zone) {
        return std::ranges::any_of(zone.zone->edges(), [&](const zones::Edge& edge) {
            return probes::matches(pattern, zone.name, edge.name);
        });
    });
}

std::set<std::string> Health::edge_names() const {
    std::set<std::string> names;
    for (const auto& zone : zones_) {
        for (const auto& edge : zone.zone->edges()) names.insert(edge.name);
    }
    return names;
}

std::string Health::saved_text() const {
    return probes::write_state({.targets = monitor_.memories(),
                                .drains = drains_.drains().all(),
                                .agreements = shared_.saved(),
                                .words = drains_.words()},
                               probes::now());
}

}  // namespace control
