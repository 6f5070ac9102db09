// SPDX-License-Identifier: Apache-2.0
#include "dnsd/control/loader.hpp"

#include "geo/compiler.hpp"
#include "zones/zone_file.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include <malloc.h>

namespace control {
namespace {

namespace fs = std::filesystem;

/// Sets `fault` when the folder cannot be read to its end: no descriptor may be free, say.
std::vector<std::string> files_in(const std::string& folder, std::error_code& fault) {
    std::vector<std::string> found;
    for (auto at = fs::directory_iterator{folder, fault}; !fault && at != fs::directory_iterator{};
         at.increment(fault)) {
        const auto name = at->path().filename().string();
        const bool zone = name.ends_with(".json") || name.ends_with(".zone");
        if (zone && !name.starts_with('.')) found.push_back(at->path().string());
    }
    std::ranges::sort(found);
    return found;
}

bool uses(const geo::Policy& policy, geo::Match::Kind kind) {
    const auto of_kind = [&](const geo::Policy::Row& row) { return row.match.kind == kind; };
    const auto inside = [&](const geo::Policy& child) { return uses(child, kind); };
    return std::ranges::any_of(policy.rows, of_kind) ||
           std::ranges::any_of(policy.children, inside);
}

}  // namespace

Loader::Loader(std::vector<std::string> zones, geo::SourceFiles sources, std::size_t lanes)
    : zones_{std::move(zones)}, sources_{std::move(sources)}, lanes_{lanes} {
    for (auto& path : zones_) {
        std::error_code ignored;
        while (path.size() > 1 && path.ends_with('/')) path.pop_back();
        if (fs::is_directory(path, ignored)) folders_.insert(path);
    }
}

std::vector<std::string> Loader::zone_files(geo::Problems& problems) const {
    std::vector<std::string> files;
    for (const auto& path : zones_) {
        std::error_code ignored;
        const bool folder = fs::is_directory(path, ignored);
        if (!folder && !folders_.contains(path)) {
            files.push_back(path);
            continue;
        }
        std::error_code fault;
        auto inside = files_in(path, fault);
        if (fault) {
            // A folder that is gone, or cannot be read for a while, takes no zone out of service.
            problems.push_back(
                {.file = path, .path = {}, .text = fault.message() + "; its zones stay"});
            for (const auto& [file, entry] : entries_) {
                if (fs::path{file}.parent_path() == fs::path{path}) inside.push_back(file);
            }
        }
        if (inside.empty()) {
            problems.push_back({.file = path,
                                .path = {},
                                .text = "the folder has no file that ends in .json or .zone"});
        }
        files.insert(files.end(), inside.begin(), inside.end());
    }
    std::ranges::sort(files);
    files.erase(std::unique(files.begin(), files.end()), files.end());
    return files;
}

std::map<std::string, FileState> Loader::look() const {
    std::map<std::string, FileState> states;
    geo::Problems ignored;
    for (const auto& path : zone_files(ignored)) states[path] = state_of(path);
    for (const auto& path : sources_.databases) states[path] = state_of(path);
    if (!sources_.places.empty()) states[sources_.places] = state_of(sources_.places);
    return states;
}

bool Loader::changed() {
    const auto before = std::exchange(last_look_, look());
    return last_look_ != loaded_ && last_look_ == before;
}

void Loader::forget_states() {
    loaded_.clear();
}

void Loader::measure_by(Latency latency, std::uint64_t generation) {
    latency_ = std::move(latency);
    latency_generation_ = generation;
}

/// Maps with equal keys are equal.
std::string Loader::key_of(const zones::Zone& zone, const zones::Steer& steer,
                           const geo::ZoneLatency* latency) const {
    auto key = geo::key_of(steer.policy, zone.sites());
    if (latency != nullptr && geo::uses(steer.policy, geo::Policy::Kind::Latency))
        key += std::to_string(latency_generation_) + ": " + latency->key();
    return key;
}

zones::Catalog Loader::load(geo::Problems& problems) {
    const auto now = look();
    const auto differs = [&](const std::string& path) {
        const auto then = loaded_.find(path);
        return then == loaded_.end() || then->second != now.at(path);
    };
    bool sources_changed = loaded_.empty() || std::ranges::any_of(sources_.databases, differs);
    sources_changed |= !sources_.places.empty() && differs(sources_.places);
    const bool first = loaded_.empty();
    loaded_ = last_look_ = now;
    if (first) {
        for (auto& [path, entry] : entries_) entry.state.reset();
    }
    read_zones(problems);
    remove_duplicates(problems);
    make_maps(sources_changed, problems);
    return serve(problems);
}

zones::Catalog Loader::remake(geo::Problems& problems) {
    make_maps(false, problems);
    return serve(problems);
}

void Loader::read_zones(geo::Problems& problems) {
    const auto files = zone_files(problems);
    std::erase_if(entries_, [&](const auto& entry) {
        return std::ranges::find(files, entry.first) == files.end();
    });
    for (const auto& path : files) {
        auto& entry = entries_[path];
        const auto state = state_of(path);
        const bool folder_gone =
            !state.there && folders_.contains(fs::path{path}.parent_path().string());
        if (entry.zone != nullptr && (state == entry.state || folder_gone)) continue;
        entry.state = state;
        if (auto zone = zones::load_zone(path, problems)) entry.zone = std::move(zone);
    }
}

void Loader::remove_duplicates(geo::Problems& problems) {
    std::map<std::string, std::string> seen;  // path by zone
    // The file out of which a zone is served already keeps it.
    for (const auto& [path, entry] : entries_) {
        const auto& served = entry.served.zone;
        if (entry.zone != nullptr && served != nullptr && entry.zone->apex() == served->apex())
            seen.try_emplace(served->apex().text(), path);
    }
    std::vector<Entry*> later;
    for (auto& [path, entry] : entries_) {
        if (entry.zone == nullptr) continue;
        const auto name = entry.zone->apex().text();
        const auto [first, added] = seen.try_emplace(name, path);
        if (added || first->second == path) continue;
        problems.push_back(
            {.file = path, .path = "zone", .text = name + " is in " + first->second + " already"});
        later.push_back(&entry);
    }
    // Such a file goes on with what it served, unless another file has that zone by now.
    for (auto* entry : later) {
        entry->state.reset();  // the other file may be gone at the next load
        entry->zone = entry->served.zone;
        if (entry->zone == nullptr) continue;
        if (seen.try_emplace(entry->zone->apex().text()).second) continue;
        entry->zone = nullptr;
        entry->served = {};
    }
}

void Loader::make_maps(bool sources_changed, geo::Problems& problems) {
    std::vector<std::string> keys;
    std::vector<geo::MapRequest> requests;
    std::vector<std::shared_ptr<const geo::ZoneLatency>> latencies;  // of the requests
    std::set<std::string> needed;
    bool by_asn = false;
    bool by_subdivision = false;
    for (const auto& [path, entry] : entries_) {
        if (entry.zone == nullptr) continue;
        const auto latency = latencies.emplace_back(latency_of(*entry.zone));
        for (const auto& steer : entry.zone->steers()) {
            auto key = key_of(*entry.zone, steer, latency.get());
            by_asn |= uses(steer.policy, geo::Match::Kind::Asn);
            by_subdivision |= uses(steer.policy, geo::Match::Kind::Subdivision);
            if (!needed.insert(key).second || (!sources_changed && maps_.contains(key))) continue;
            requests.push_back(
                {.policy = &steer.policy, .sites = &entry.zone->sites(), .latency = latency.get()});
            keys.push_back(std::move(key));
        }
    }
    if (requests.empty() && !sources_changed) {
        std::erase_if(maps_, [&](const auto& map) { return !needed.contains(map.first); });
        return;
    }
    geo::Problems own;
    auto sources = geo::Sources::open(sources_, own);
    problems.insert(problems.end(), own.begin(), own.end());
    if (!sources) return;
    const auto warn = [&](std::string text) {
        problems.push_back({.file = "databases",
                            .path = {},
                            .text = std::move(text),
                            .severity = geo::Severity::Warning});
    };
    if (by_asn && !sources->knows_asns()) warn("none knows AS numbers: \"asn:\" rows match nobody");
    if (by_subdivision && !sources->knows_subdivisions()) {
        warn("none knows codes of subdivisions: \"subdivision:\" rows match nobody");
    }
    const auto compiled = geo::compile(std::move(*sources), requests);
    if (!compiled) {
        problems.push_back({.file = "databases", .path = {}, .text = compiled.error().text});
        return;
    }
    Maps made;
    for (std::size_t i = 0; i < keys.size(); ++i) made[keys[i]] = (*compiled)[i];
    made.merge(maps_);  // what is not made anew stays
    std::erase_if(made, [&](const auto& map) { return !needed.contains(map.first); });
    maps_ = std::move(made);
    // The databases and all that was made of them on the way may be larger than all else.
    ::malloc_trim(0);
}

zones::Catalog Loader::serve(geo::Problems& problems) {
    std::vector<zones::ServedZone> served;
    for (auto& [path, entry] : entries_) {
        if (entry.zone == nullptr) continue;
        zones::ServedZone next{.zone = entry.zone};
        if (entry.served.zone == entry.zone) {
            next.board = entry.served.board;
        } else if (lanes_ > 0 && !entry.zone->edges().empty()) {
            next.board = std::make_shared<geo::EdgeBoard>(entry.zone->edges().size(), lanes_);
        }
        next.base_latency = latency_of(*entry.zone);
        for (const auto& steer : entry.zone->steers()) {
            const auto map = maps_.find(key_of(*entry.zone, steer, next.base_latency.get()));
            if (map != maps_.end()) next.maps.push_back(map->second);
        }
        const bool complete = next.maps.size() == entry.zone->steers().size();
        if (complete) {
            entry.served = std::move(next);
        } else {
            problems.push_back(
                {.file = path,
                 .path = {},
                 .text = "good, but it waits for the databases: its policies cannot be compiled"});
        }
        if (entry.served.zone != nullptr) served.push_back(entry.served);
    }
    return zones::Catalog{std::move(served)};
}

}  // namespace control
