// SPDX-License-Identifier: Apache-2.0
#include "dnsd/health/drain_registry.hpp"

#include "probes/health/drain_pattern.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <string_view>
#include <utility>

namespace control {
namespace {

using probes::Clock;
using probes::DrainReach;
using probes::DrainRecord;
using probes::DrainSpread;
using probes::DrainWord;
using probes::DrainWords;
using Wall = DrainWords::Wall;

constexpr std::chrono::seconds look_every{1};    // while a drain has an end
constexpr std::chrono::seconds notes_apart{10};  // of one peer in the log

Wall wall_now() {
    return std::chrono::floor<Wall>(std::chrono::system_clock::now().time_since_epoch());
}

/// Converts a word to a drain by this machine's clocks.
probes::Drain drain_of(const DrainRecord& record) {
    const auto now = Clock::now();
    const auto wall = wall_now();
    const auto& word = record.word;
    return {.zone = record.zone,
            .edge = record.edge,
            .since = now - std::max(Wall{0}, wall - word.said),
            .until = word.until ? std::optional{now + (*word.until - wall)} : std::nullopt};
}

/// The zones and edges that this server serves, collected at the first call of has().
class Served {
 public:
    explicit Served(std::span<const ZoneWatch> zones) : zones_{zones} {}

    [[nodiscard]] bool has(const DrainRecord& record) {
        if (names_.empty()) {
            for (const auto& zone : zones_) {
                for (const auto& edge : zone.zone->edges()) names_.emplace(zone.name, edge.name);
            }
        }
        return names_.contains({record.zone, record.edge});
    }

 private:
    std::span<const ZoneWatch> zones_;
    std::set<std::pair<std::string_view, std::string_view>> names_;
};

}  // namespace

DrainRegistry::DrainRegistry(boost::asio::io_context& context, OnChange on_change)
    : on_change_{std::move(on_change)}, timer_{context} {}

/// A drain that an early version has saved has no word: this makes one, said when the drain began.
/// A word may lack its drain if the drain's line was damaged, say. Such a word may have ended
/// already, as ends are rounded up to seconds.
void DrainRegistry::restore(std::vector<probes::Drain> drains,
                            const std::vector<DrainRecord>& words) {
    const auto now = Clock::now();
    const auto wall = wall_now();
    for (const auto& record : words) {
        words_.restore(record);
        if (record.word.holds(wall + std::chrono::seconds{1})) drains_.add(drain_of(record));
    }
    for (auto& drain : drains) {
        const DrainWords::Key key{drain.zone, drain.edge};
        const auto* word = words_.find(key);
        if (drain.reach == DrainReach::AllNodes && word == nullptr) {
            DrainWord begun{.said = wall - std::chrono::floor<Wall>(now - drain.since)};
            if (drain.until) {
                begun.until = std::chrono::ceil<std::chrono::seconds>(wall + (*drain.until - now));
            }
            words_.restore({drain.zone, drain.edge, begun});
        } else if (drain.reach == DrainReach::AllNodes && word->over) {
            continue;
        }
        drains_.add(std::move(drain));
    }
    drains_.end_until(now);
    (void)words_.forget(wall);
    wait();
}

std::vector<EdgeName> DrainRegistry::drain(std::span<const ZoneWatch> zones,
                                           const std::vector<std::string>& patterns,
                                           std::optional<Clock::duration> time, DrainReach reach) {
    const auto now = Clock::now();
    const auto wall = wall_now();
    std::vector<EdgeName> drained;
    transfer::Changes changes;
    for (const auto& zone : zones) {
        for (const auto& edge : zone.zone->edges()) {
            const auto wanted = [&](const std::string& pattern) {
                return probes::matches(pattern, zone.name, edge.name);
            };
            if (std::ranges::none_of(patterns, wanted)) continue;
            drains_.add({.zone = zone.name,
                         .edge = edge.name,
                         .since = now,
                         .until = time ? std::optional{now + *time} : std::nullopt,
                         .reach = reach});
            drained.push_back({zone.name, edge.name});
            if (reach == DrainReach::ThisNode) continue;
            std::optional<std::chrono::seconds> until;
            if (time) until = std::chrono::ceil<std::chrono::seconds>(wall + *time);
            const auto& word = words_.say({zone.name, edge.name}, wall, until, false);
            follow({zone.name, edge.name, word}, changes);
        }
    }
    forget(changes);
    wait();
    tell(changes);
    return drained;
}

std::vector<EdgeName> DrainRegistry::undrain(const std::vector<std::string>& patterns) {
    const auto wall = wall_now();
    std::set<std::pair<std::string, std::string>> ended;
    transfer::Changes changes;
    for (const auto& drain : drains_.end_matching(patterns)) {
        ended.emplace(drain.zone, drain.edge);
        if (drain.reach == DrainReach::ThisNode) continue;
        const auto& word = words_.say({drain.zone, drain.edge}, wall, std::nullopt, true);
        follow({drain.zone, drain.edge, word}, changes);
    }
    forget(changes);
    wait();
    tell(changes);
    std::vector<EdgeName> names;
    for (const auto& [zone, edge] : ended) names.push_back({zone, edge});
    return names;
}

std::vector<DrainRecord> DrainRegistry::words() const {
    std::vector<DrainRecord> all;
    for (const auto& [key, word] : words_.all()) all.push_back({key.first, key.second, word});
    return all;
}

// What nodes tell each other

void DrainRegistry::set_peers(const std::vector<std::string>& peers) {
    std::map<std::string, Heard> next;
    for (const auto& peer : peers) next[peer] = std::move(heard_[peer]);
    heard_ = std::move(next);
}

void DrainRegistry::hear(std::span<const ZoneWatch> zones, const std::string& peer,
                         const transfer::Changes& changes) {
    const auto known = heard_.find(peer);
    if (known == heard_.end()) return;
    if (changes.all_removed) known->second.clear();
    for (const auto& owner : changes.removed) known->second.erase(owner);
    const auto wall = wall_now();
    std::size_t news = 0;
    Served served{zones};
    transfer::Changes told;
    for (const auto& [owner, text] : changes.set) {
        if (!probes::is_drain_owner(owner)) continue;
        const auto record = probes::read_drain_record(text);
        if (!record || owner != probes::drain_owner(record->zone, record->edge)) continue;
        const bool has_place =
            words_.all().size() < DrainWords::most_of_others || served.has(*record);
        const auto edge = has_place ? DrainWords::Edge::Served : DrainWords::Edge::Unknown;
        const auto taken = words_.take(*record, wall, edge);
        if (taken == DrainWords::Taken::Refused) continue;
        known->second.insert_or_assign(owner, record->word);
        if (taken == DrainWords::Taken::Known) continue;
        ++news;
        if (record->word.holds(wall)) {
            drains_.add(drain_of(*record));
        } else {
            drains_.end(record->zone, record->edge);
        }
        follow(*record, told);
    }
    if (news == 0) return;
    note(peer, news);
    forget(told);
    wait();
    tell(told);
    on_change_(Changed::Drains);
}

/// The log tells elsewhere what follows for each edge. This logs whose word it is, every ten
/// seconds for each peer at most, however much a node tells.
void DrainRegistry::note(const std::string& peer, std::size_t news) {
    const auto now = Clock::now();
    const auto [at, first] = noted_.try_emplace(peer, now);
    if (!first && now - at->second < notes_apart) return;
    at->second = now;
    spdlog::info("{} tells of {} drained or put back", peer,
                 news == 1 ? "an edge that was" : std::to_string(news) + " edges that were");
}

void DrainRegistry::follow(const DrainRecord& record, transfer::Changes& changes) {
    if (auto text = to_text(record)) {
        changes.set.insert_or_assign(probes::drain_owner(record.zone, record.edge),
                                     std::move(*text));
    }
}

void DrainRegistry::forget(transfer::Changes& changes) {
    for (const auto& [zone, edge] : words_.forget(wall_now())) {
        const auto owner = probes::drain_owner(zone, edge);
        changes.removed.push_back(owner);
        for (auto& [peer, heard] : heard_) heard.erase(owner);
    }
}

void DrainRegistry::tell(const transfer::Changes& changes) const {
    if (teller_ && !changes.empty()) teller_(changes);
}

transfer::Records DrainRegistry::told() const {
    transfer::Changes all;
    for (const auto& [key, word] : words_.all()) {
        if (auto text = to_text(DrainRecord{key.first, key.second, word})) {
            all.set.emplace(probes::drain_owner(key.first, key.second), std::move(*text));
        }
    }
    return std::move(all.set);
}

std::optional<DrainSpread> DrainRegistry::spread(const std::string& zone,
                                                 const std::string& edge) const {
    const auto* word = words_.find({zone, edge});
    const auto* drain = drains_.find(zone, edge);
    if (heard_.empty() || (word == nullptr && drain == nullptr)) return std::nullopt;
    const auto wall = wall_now();
    const bool holds = word != nullptr && word->holds(wall);
    DrainSpread spread{.nodes = heard_.size() + 1};
    spread.here_alone = drain != nullptr && !holds;
    spread.on = drain != nullptr ? 1 : 0;
    const auto owner = probes::drain_owner(zone, edge);
    for (const auto& [peer, heard] : heard_) {
        const auto found = heard.find(owner);
        const bool has =
            found != heard.end() && (holds ? found->second == *word : found->second.holds(wall));
        if (has) {
            ++spread.on;
        } else {
            spread.not_on.push_back(peer);
        }
    }
    return spread.on == 0 ? std::nullopt : std::optional{std::move(spread)};
}

DrainSpread DrainRegistry::arrived(const std::vector<EdgeName>& edges) const {
    DrainSpread spread{.on = 1, .nodes = heard_.size() + 1};
    for (const auto& [peer, heard] : heard_) {
        const bool has = std::ranges::all_of(edges, [&, &heard = heard](const EdgeName& name) {
            const auto* word = words_.find({name.zone, name.edge});
            const auto found = heard.find(probes::drain_owner(name.zone, name.edge));
            return word == nullptr || (found != heard.end() && found->second == *word);
        });
        if (has) {
            ++spread.on;
        } else {
            spread.not_on.push_back(peer);
        }
    }
    return spread;
}

void DrainRegistry::wait() {
    timer_.cancel();
    const auto next = drains_.next_end();
    if (!next) return;
    timer_.expires_at(std::min(*next, Clock::now() + look_every));
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (cancelled) return;
        const bool ended = drains_.end_until(Clock::now());
        wait();
        on_change_(ended ? Changed::Drains : Changed::TimeLeft);
    });
}

}  // namespace control
