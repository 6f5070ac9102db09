// SPDX-License-Identifier: Apache-2.0
#include "dnsd/control/health.hpp"

#include "probes/drain_pattern.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace control {
namespace {

using probes::Clock;
using probes::Removed;
using probes::State;
using probes::Time;
using probes::Verdict;

constexpr std::chrono::seconds sample_every{5};
constexpr std::chrono::milliseconds gather_changes{300};
constexpr std::chrono::seconds save_every{30};
constexpr std::chrono::seconds lower_limits_every{1};

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

std::uint32_t whole_seconds(Clock::duration time) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
    return static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(seconds, 0, geo::EdgeHealth::no_limit));
}

/// When the latest attempt with this verdict began; long ago when none of those kept has it.
Time last(Verdict verdict, const probes::Monitor::Target& target) {
    const auto found = std::ranges::find(target.attempts, verdict, &probes::Attempt::verdict);
    return found == target.attempts.end() ? Time{} : found->at;
}

/// When its state began; long ago when none of the attempts kept says otherwise, as after a start.
Time since_in_doubt(const probes::Monitor::Target& target) {
    const bool down = target.tracker.state() == State::Down;
    const auto otherwise = last(down ? Verdict::Pass : Verdict::Fail, target);
    return otherwise == Time{} ? Time{} : target.tracker.since();
}

State worst_of(const std::vector<const probes::Monitor::Target*>& targets) {
    std::vector<State> states;
    for (const auto* target : targets) states.push_back(target->tracker.state());
    return probes::worst_of(states);
}

}  // namespace

std::string zone_text(const zones::Name& apex) {
    auto text = apex.text();
    if (text.size() > 1) text.pop_back();  // without the dot at its end, as zone files have it
    return text;
}

Health::Health(boost::asio::io_context& context, Save save)
    : save_{std::move(save)},
      save_timer_{context},
      regular_save_timer_{context},
      sample_timer_{context},
      drain_timer_{context},
      monitor_{context, [this](const Target& target, bool turned) { on_attempt(target, turned); }} {
    sample_regularly();
    save_regularly();
}

void Health::restore(probes::SavedState saved, Clock::duration good_for) {
    monitor_.restore(std::move(saved.targets), Clock::now() + good_for);
    for (auto& drain : saved.drains) drains_.add(std::move(drain));
    end_drains();
}

void Health::attach(const zones::Catalog& catalog) {
    std::vector<probes::CheckPtr> checks;
    for (const auto& served : catalog.zones()) {
        for (const auto& edge : served.zone->edges()) {
            checks.insert(checks.end(), edge.checks.begin(), edge.checks.end());
            checks.insert(checks.end(), edge.origins.begin(), edge.origins.end());
        }
    }
    monitor_.watch(checks);
    const auto before = std::exchange(zones_, {});
    std::unordered_map<std::string_view, const Zone*> known;
    for (const auto& zone : before) known.emplace(zone.name, &zone);
    users_.clear();
    for (const auto& served : catalog.zones()) {
        if (served.board == nullptr) continue;
        Zone zone{.zone = served.zone,
                  .board = served.board,
                  .name = zone_text(served.zone->apex()),
                  .edges = {}};
        const auto targets = [&](const std::vector<probes::CheckPtr>& wanted) {
            std::vector<const Target*> found;
            for (const auto& check : wanted) {
                found.push_back(monitor_.find(key_of(*check)));
                auto& users = users_[found.back()];
                if (users.empty() || users.back() != zones_.size()) users.push_back(zones_.size());
            }
            return found;
        };
        for (const auto& edge : served.zone->edges()) {
            zone.edges.push_back(
                {.checks = targets(edge.checks), .origins = targets(edge.origins)});
        }
        if (const auto old = known.find(zone.name); old != known.end()) {
            go_on_from(*old->second, zone);
        }
        zones_.push_back(std::move(zone));
        update(zones_.back());
    }
}

/// An edge that the zone had before goes on with its counts and its verdict.
void Health::go_on_from(const Zone& before, Zone& zone) {
    zone.home_down = before.home_down;
    zone.none_left = before.none_left;
    std::unordered_map<std::string_view, const Edge*> known;
    for (std::size_t i = 0; i < before.edges.size(); ++i) {
        known.emplace(before.zone->edges()[i].name, &before.edges[i]);
    }
    for (std::size_t i = 0; i < zone.edges.size(); ++i) {
        const auto found = known.find(zone.zone->edges()[i].name);
        if (found == known.end()) continue;
        const auto& edge = *found->second;
        zone.edges[i].answers = edge.answers;
        zone.edges[i].removed = edge.removed;
        if (zone.board != before.board) zone.edges[i].answers.begin_anew();
    }
}

void Health::on_attempt(const Target& target, bool turned) {
    if (turned) {
        log_turn(target);
        save_soon();
    }
    const auto& tracker = target.tracker;
    const bool at_rest = !turned && tracker.state() == State::Up && tracker.against() == 0;
    const bool was_at_rest =
        target.attempts.size() < 2 || target.attempts[1].verdict == target.attempts[0].verdict;
    const auto users = users_.find(&target);
    if (users == users_.end()) return;
    for (const auto index : users->second) {
        auto& zone = zones_[index];
        if (turned && target.attempts.size() > 1) ask_other_origins(zone, target);
        // At rest nothing changes that the answers or their TTL depend on, but for word of home.
        if (!at_rest || !was_at_rest || zone.home_in_doubt) update(zone);
    }
}

/// Home is seen lost or found behind one edge: what the others say now tells which it is.
void Health::ask_other_origins(const Zone& zone, const Target& target) {
    const auto is_target = [&](const Edge& edge) {
        return std::ranges::count(edge.origins, &target) > 0;
    };
    if (std::ranges::none_of(zone.edges, is_target)) return;
    for (const auto& edge : zone.edges) {
        for (const auto* other : edge.origins) {
            if (other != &target) monitor_.ask_now(*other);
        }
    }
}

void Health::log_turn(const Target& target) const {
    const auto users = users_.find(&target);
    std::string edges;
    std::size_t others = 0;
    for (const auto index : users == users_.end() ? std::vector<std::size_t>{} : users->second) {
        const auto& zone = zones_[index];
        for (std::size_t i = 0; i < zone.edges.size(); ++i) {
            const auto& edge = zone.edges[i];
            if (!std::ranges::count(edge.checks, &target) &&
                !std::ranges::count(edge.origins, &target)) {
                continue;
            }
            if (edges.empty()) {
                edges = zone.zone->edges()[i].name + " of " + zone.name;
            } else {
                ++others;
            }
        }
    }
    if (others > 0) edges += " and " + std::to_string(others) + " more";
    const bool up = target.tracker.state() == State::Up;
    const auto held = target.tracker.held_for(Clock::now());
    spdlog::log(up ? spdlog::level::info : spdlog::level::warn, "{} is {} ({}): {}{}",
                to_text(*target.check), up ? "up" : "down", edges, target.attempts.front().text,
                held.count() == 0
                    ? std::string{}
                    : fmt::format("; it went down too often and stays out for {} s at least",
                                  whole_seconds(held)));
}

std::vector<probes::EdgeFacts> Health::facts_of(const Zone& zone) const {
    std::vector<probes::EdgeFacts> facts;
    for (std::size_t i = 0; i < zone.edges.size(); ++i) {
        const auto& edge = zone.edges[i];
        probes::EdgeFacts fact{.own = worst_of(edge.checks),
                               .origin = worst_of(edge.origins),
                               .has_origin = !edge.origins.empty(),
                               .drained = find_drain(zone, i) != nullptr,
                               .origin_passed = Time::max()};
        for (const auto* target : edge.origins) {
            fact.origin_since = std::max(fact.origin_since, since_in_doubt(*target));
            fact.origin_passed = std::min(fact.origin_passed, last(Verdict::Pass, *target));
            fact.origin_failed = std::max(fact.origin_failed, last(Verdict::Fail, *target));
        }
        facts.push_back(fact);
    }
    return facts;
}

void Health::update(Zone& zone) {
    const auto now = Clock::now();
    const auto facts = facts_of(zone);
    const auto verdicts = probes::judge(facts);
    zone.home_in_doubt = std::ranges::any_of(facts, [](const probes::EdgeFacts& fact) {
        return fact.has_origin && fact.origin == State::Down;
    });
    for (std::size_t i = 0; i < zone.edges.size(); ++i) {
        auto& edge = zone.edges[i];
        const auto removed = verdicts.removed[i];
        const geo::EdgeHealth health{.usable = removed == Removed::No,
                                     .ttl_limit = ttl_limit(edge, find_drain(zone, i), now)};
        const auto index = static_cast<geo::EdgeIndex>(i);
        if (zone.board->health(index) != health) zone.board->set(index, health);
        if (removed == std::exchange(edge.removed, removed)) continue;
        changed_ = now;
        const auto& name = zone.zone->edges()[i].name;
        if (removed == Removed::No) {
            spdlog::info("{}: {} is answered again", zone.name, name);
        } else {
            spdlog::warn("{}: {} is not answered: {}", zone.name, name, reason_text(removed));
        }
    }
    const bool none_left = std::ranges::count(verdicts.removed, Removed::No) == 0;
    if (!std::exchange(zone.none_left, none_left) && none_left) {
        spdlog::error("{}: no edge is left; answers go on as \"all_down\" says", zone.name);
    }
    if (verdicts.home_down == std::exchange(zone.home_down, verdicts.home_down)) return;
    changed_ = now;
    if (zone.home_down) {
        spdlog::error("{}: home does not answer behind any edge; answers go on as if it did",
                      zone.name);
    } else {
        spdlog::info("{}: the alarm is over: {}", zone.name,
                     none_left ? "no edge is left by which home could be reached"
                               : "home answers again behind an edge, or may do so");
    }
}

std::uint32_t Health::ttl_limit(const Edge& edge, const probes::Drain* drain, Time now) const {
    auto limit = geo::EdgeHealth::no_limit;
    if (drain != nullptr) {
        return drain->until ? whole_seconds(*drain->until - now) : limit;
    }
    const auto lower = [&](const Target* target) {
        const auto& check = *target->check;
        limit = std::min(limit, whole_seconds(target->tracker.holds_for(
                                    check.interval, retry_interval(check), now)));
    };
    std::ranges::for_each(edge.checks, lower);
    std::ranges::for_each(edge.origins, lower);
    return limit;
}

const probes::Drain* Health::find_drain(const Zone& zone, std::size_t edge) const {
    return drains_.find(zone.name, zone.zone->edges()[edge].name);
}

// What is told

std::optional<probes::ZoneStatus> Health::status(const zones::Name& apex) const {
    const auto found =
        std::ranges::find_if(zones_, [&](const Zone& zone) { return zone.zone->apex() == apex; });
    if (found == zones_.end()) return std::nullopt;
    return status_of(*found);
}

std::vector<probes::ZoneStatus> Health::status() const {
    std::vector<probes::ZoneStatus> all;
    for (const auto& zone : zones_) all.push_back(status_of(zone));
    return all;
}

/// Of the last minute, or a little less.
std::uint64_t Health::answers(const Zone& zone, std::size_t edge) {
    return zone.edges[edge].answers.recent(zone.board->answers(static_cast<geo::EdgeIndex>(edge)));
}

probes::ZoneStatus Health::status_of(const Zone& zone) const {
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < zone.edges.size(); ++i) all += answers(zone, i);
    probes::ZoneStatus status{.zone = zone.name, .home_down = zone.home_down, .edges = {}};
    for (std::size_t i = 0; i < zone.edges.size(); ++i) {
        status.edges.push_back(edge_status(zone, i, all));
    }
    return status;
}

probes::EdgeStatus Health::edge_status(const Zone& zone, std::size_t index,
                                       std::uint64_t all) const {
    const auto& edge = zone.edges[index];
    const auto& configured = zone.zone->edges()[index];
    const auto now = Clock::now();
    probes::EdgeStatus status{.name = configured.name,
                              .targets = {},
                              .state = worst_of(edge.checks),
                              .since = {},
                              .removed = edge.removed,
                              .drained_since = {},
                              .drained_until = {},
                              .share = {},
                              .addresses = {},
                              .location = configured.location};
    for (const auto& address : configured.addresses) {
        status.addresses += (status.addresses.empty() ? "" : " ") + geo::to_text(address);
    }
    const auto add = [&](const Target* target, bool origin) {
        const auto& check = target->check;
        const auto& tracker = target->tracker;
        const auto& attempts = target->attempts;
        status.targets.push_back({
            .check = to_text(*check),
            .state = tracker.state(),
            .since = tracker.since(),
            .held_for = tracker.held_for(now),
            .rise = check->limits.rise,
            .fall = check->limits.fall,
            .interval = check->interval,
            .attempts = {attempts.begin(), attempts.end()},
            .origin = origin
        });
        // The edge is in its state since the last of its checks came into it.
        if (!origin && tracker.state() == status.state) {
            status.since = std::max(status.since, tracker.since());
        }
    };
    for (const auto* target : edge.checks) add(target, false);
    for (const auto* target : edge.origins) add(target, true);
    if (const auto* drain = find_drain(zone, index)) {
        status.drained_since = drain->since;
        status.drained_until = drain->until;
    }
    if (all > 0) {
        status.share = static_cast<double>(answers(zone, index)) / static_cast<double>(all);
    }
    return status;
}

// Drains

std::vector<Health::EdgeName> Health::drain(const std::vector<std::string>& patterns,
                                            std::optional<Clock::duration> time) {
    const auto now = Clock::now();
    std::vector<EdgeName> drained;
    for (const auto& zone : zones_) {
        for (const auto& edge : zone.zone->edges()) {
            const auto wanted = [&](const std::string& pattern) {
                return probes::matches(pattern, zone.name, edge.name);
            };
            if (std::ranges::none_of(patterns, wanted)) continue;
            drains_.add({.zone = zone.name,
                         .edge = edge.name,
                         .since = now,
                         .until = time ? std::optional{now + *time} : std::nullopt});
            drained.push_back({zone.name, edge.name});
        }
    }
    if (!drained.empty()) changed_by_hand();
    return drained;
}

std::vector<Health::EdgeName> Health::undrain(const std::vector<std::string>& patterns) {
    std::vector<EdgeName> ended;
    for (const auto& drain : drains_.end_matching(patterns)) {
        ended.push_back({drain.zone, drain.edge});
    }
    if (!ended.empty()) changed_by_hand();
    return ended;
}

bool Health::has_edge(const std::string& pattern) const {
    return std::ranges::any_of(zones_, [&](const Zone& zone) {
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

void Health::changed_by_hand() {
    for (auto& zone : zones_) update(zone);
    save_(saved_text());  // at once: who has asked for it relies on it
    end_drains();
}

/// Ends those whose time is over.
void Health::end_drains() {
    if (drains_.end_until(Clock::now())) {
        for (auto& zone : zones_) update(zone);
        save_soon();
    }
    wait_for_drains();
}

/// For the next end, but a second at most: what an end lets a TTL promise is less by then.
void Health::wait_for_drains() {
    drain_timer_.cancel();
    const auto next = drains_.next_end();
    if (!next) return;
    for (auto& zone : zones_) {
        if (drains_.ends_in(zone.name)) update(zone);
    }
    drain_timer_.expires_at(std::min(*next, Clock::now() + lower_limits_every));
    drain_timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled) end_drains();
    });
}

// Beats

std::string Health::saved_text() const {
    return probes::write_state({.targets = monitor_.memories(), .drains = drains_.all()},
                               probes::now());
}

void Health::save_soon() {
    if (std::exchange(save_asked_, true)) return;
    save_timer_.expires_after(gather_changes);
    save_timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (cancelled) return;
        save_asked_ = false;
        save_(saved_text());
    });
}

/// Without changes too: how old a state is counts from when it was last known to hold.
void Health::save_regularly() {
    regular_save_timer_.expires_after(save_every);
    regular_save_timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (cancelled) return;
        save_soon();
        save_regularly();
    });
}

void Health::sample_regularly() {
    sample_timer_.expires_after(sample_every);
    sample_timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (cancelled) return;
        for (auto& zone : zones_) {
            for (std::size_t i = 0; i < zone.edges.size(); ++i) {
                zone.edges[i].answers.sample(zone.board->answers(static_cast<geo::EdgeIndex>(i)));
            }
        }
        sample_regularly();
    });
}

}  // namespace control
