// SPDX-License-Identifier: Apache-2.0
#include "dnsd/loading/loader.hpp"

#include "dnsd/loading/file_trust.hpp"
#include "geo/text/fact_line.hpp"
#include "zones/file/zone_file.hpp"

#include <spdlog/fmt/chrono.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include <malloc.h>

namespace control {
namespace {

namespace fs = std::filesystem;

std::string folder_of(const std::string& path) {
    auto folder = fs::path{path}.parent_path().string();
    return folder.empty() ? "." : folder;
}

/// Returns what a zone can make this process do.
FilePower power_of(const zones::Zone& zone, const std::vector<ZonePart>& parts) {
    return runs_programs(zone) || parts.size() > 1 ? FilePower::Server : FilePower::Records;
}

}  // namespace

bool runs_programs(const zones::Zone& zone) {
    const auto runs = [](const probes::CheckPtr& check) {
        return check->kind == probes::Check::Kind::Command;
    };
    return std::ranges::any_of(zone.edges(), [&](const zones::Edge& edge) {
        return std::ranges::any_of(edge.checks, runs) || std::ranges::any_of(edge.origins, runs);
    });
}

Loader::Loader(std::vector<std::string> zones, geo::SourceFiles sources, std::size_t lanes)
    : paths_{std::move(zones)}, maps_{std::move(sources)}, lanes_{lanes} {}

std::vector<std::string> Loader::served_out_of(const std::string& folder) const {
    std::vector<std::string> files;
    for (const auto& [file, entry] : entries_) {
        const bool inside = fs::path{file}.parent_path() == fs::path{folder};
        if (inside && entry.zone != nullptr) files.push_back(file);
    }
    return files;
}

std::vector<std::string> Loader::zone_files(geo::Problems& problems) const {
    if (entries_.empty()) return paths_.files({}, problems);
    return paths_.files([this](const auto& folder) { return served_out_of(folder); }, problems);
}

std::map<std::string, FileState> Loader::look() const {
    std::map<std::string, FileState> states;
    geo::Problems ignored;
    for (const auto& path : zone_files(ignored)) states[path] = state_of(path);
    const auto& files = maps_.files();
    for (const auto& path : files.databases) states[path] = state_of(path);
    if (!files.places.empty()) states[files.places] = state_of(files.places);
    return states;
}

bool Loader::changed() {
    const auto before = std::exchange(last_look_, look());
    return last_look_ != loaded_ && last_look_ == before;
}

void Loader::forget_states() {
    loaded_.clear();
}

zones::Catalog Loader::load(geo::Problems& problems) {
    static_cast<void>(read(problems));
    return serve(problems);
}

PolicyMaps::DatabaseNews Loader::read(geo::Problems& problems) {
    const auto now = look();
    const auto differs = [&](const std::string& path) {
        const auto then = loaded_.find(path);
        return then == loaded_.end() || then->second != now.at(path);
    };
    const auto& files = maps_.files();
    bool changed = loaded_.empty() || std::ranges::any_of(files.databases, differs);
    changed |= !files.places.empty() && differs(files.places);
    const bool first = loaded_.empty();
    loaded_ = last_look_ = now;
    if (first) {
        for (auto& [path, entry] : entries_) entry.state.reset();
    }
    if (changed) databases_ = PolicyMaps::DatabaseNews::Changed;
    read_zones(problems);
    remove_duplicates(problems);
    return changed ? PolicyMaps::DatabaseNews::Changed : PolicyMaps::DatabaseNews::AsBefore;
}

zones::Catalog Loader::serve(geo::Problems& problems) {
    std::vector<const zones::Zone*> zones;
    for (const auto& [path, entry] : entries_) {
        if (entry.zone != nullptr) zones.push_back(entry.zone.get());
    }
    progress_->maps = true;
    maps_.make(zones, std::exchange(databases_, PolicyMaps::DatabaseNews::AsBefore), problems);
    return catalog(problems);
}

const zones::Zone* Loader::zone(const zones::Name& apex) const {
    const auto found = std::ranges::find_if(entries_, [&](const auto& entry) {
        return entry.second.zone != nullptr && entry.second.zone->apex() == apex;
    });
    return found == entries_.end() ? nullptr : found->second.zone.get();
}

void Loader::read_zones(geo::Problems& problems) {
    const auto files = zone_files(problems);
    for (const auto& [path, entry] : entries_) {
        if (!std::ranges::binary_search(files, path)) gone_.push_back(path);
    }
    if (entries_.empty()) std::ranges::move(paths_.taken_away(files), std::back_inserter(gone_));
    std::erase_if(entries_, [&](const auto& entry) {
        return !std::ranges::binary_search(files, entry.first);
    });
    progress_->maps = false;
    progress_->at_file = 0;
    progress_->files = files.size();
    for (const auto& path : files) {
        ++progress_->at_file;
        auto& entry = entries_[path];
        const auto state = state_of(path);
        const bool folder_gone = !state.there && paths_.in_folder(path);
        if (entry.zone != nullptr && (state == entry.state || folder_gone)) continue;
        entry.state = state;
        entry.faulty = !read(path, entry, problems);
        if (entry.faulty && entry.zone == nullptr) restore(path, entry, problems);
    }
}

bool Loader::read(const std::string& path, LoadedFile& entry, geo::Problems& problems) const {
    NotedFiles files;
    auto zone = zones::load_zone(path, problems, files);
    if (zone == nullptr) return false;
    auto parts = files.take();
    geo::Problems writers;
    look_at_writers(path, power_of(*zone, parts), writers);
    const bool faulty = geo::any_fault(writers);
    std::ranges::move(writers, std::back_inserter(problems));
    if (faulty) return false;
    entry.zone = std::move(zone);
    entry.parts = std::move(parts);
    entry.kept.reset();
    return true;
}

void Loader::restore(const std::string& path, LoadedFile& entry, geo::Problems& problems) const {
    const auto form = kept_ == nullptr ? std::nullopt : kept_->find(path);
    std::error_code ignored;
    const bool taken_away = !fs::exists(fs::symlink_status(path, ignored)) &&
                            fs::is_directory(folder_of(path), ignored);
    if (!form || taken_away) return;
    geo::Problems own;
    entry.zone = kept_->load(path, own);
    if (entry.zone != nullptr) {
        entry.kept = form->kept;
        return;
    }
    for (auto& problem : own) problem.severity = geo::Severity::Warning;
    std::ranges::move(own, std::back_inserter(problems));
    problems.push_back({.file = path,
                        .path = {},
                        .text = "what is kept of it is no use either",
                        .severity = geo::Severity::Warning});
}

void Loader::remove_duplicates(geo::Problems& problems) {
    std::map<std::string, std::string> seen;  // path by zone
    // A zone stays with the file from which it is already served, over a restart too.
    for (const auto& [path, entry] : entries_) {
        const auto& served = entry.served.zone;
        if (entry.zone != nullptr && served != nullptr && entry.zone->apex() == served->apex())
            seen.try_emplace(served->apex().text(), path);
    }
    for (const auto& [path, entry] : entries_) {
        if (entry.zone == nullptr || entry.served.zone != nullptr || kept_ == nullptr) continue;
        const auto form = kept_->find(path);
        if (form && form->zone == entry.zone->apex().text()) seen.try_emplace(form->zone, path);
    }
    std::vector<std::pair<std::string, LoadedFile*>> later;
    for (auto& [path, entry] : entries_) {
        if (entry.zone == nullptr) continue;
        const auto name = entry.zone->apex().text();
        const auto [first, added] = seen.try_emplace(name, path);
        if (added || first->second == path) continue;
        problems.push_back(
            {.file = path, .path = "zone", .text = name + " is in " + first->second + " already"});
        later.emplace_back(path, &entry);
    }
    // Such a file goes on with the zone it served, unless another file has that zone by now.
    for (const auto& [path, entry] : later) {
        entry->state.reset();  // the other file may be gone at the next load
        entry->faulty = true;
        entry->zone = entry->served.zone;
        entry->parts.clear();
        if (entry->zone == nullptr) restore(path, *entry, problems);
        if (entry->zone == nullptr) continue;
        if (seen.try_emplace(entry->zone->apex().text()).second) continue;
        entry->zone = nullptr;
        entry->served = {};
    }
}

zones::Catalog Loader::catalog(geo::Problems& problems) {
    std::vector<zones::ServedZone> served;
    for (auto& [path, entry] : entries_) {
        if (entry.zone == nullptr) continue;
        zones::ServedZone next{.zone = entry.zone};
        if (entry.served.zone == entry.zone) {
            next.board = entry.served.board;
        } else if (lanes_ > 0 && !entry.zone->edges().empty()) {
            next.board = std::make_shared<geo::EdgeBoard>(entry.zone->edges().size(), lanes_);
        }
        next.base_latency = maps_.latency_of(*entry.zone);
        for (const auto& steer : entry.zone->steers()) {
            auto map = maps_.find(*entry.zone, steer, next.base_latency.get());
            if (map != nullptr) next.maps.push_back(std::move(map));
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
    note_alarms();
    keep_zones();
    return zones::Catalog{std::move(served)};
}

void Loader::note_alarms() {
    alarms_.clear();
    if (auto alarm = maps_.alarm()) alarms_.push_back(std::move(*alarm));
    for (const auto& [path, entry] : entries_) {
        const auto& zone = entry.served.zone;
        if (zone == nullptr || !entry.faulty) continue;
        probes::FactLine line;
        line.add("alarm", "zone_file_faulty");
        line.add("serial", std::to_string(zone->serial()));
        std::string since = "before";
        if (entry.kept) {
            since = fmt::format("{:%Y-%m-%dT%H:%MZ}",
                                fmt::gmtime(entry.kept->time_since_epoch().count()));
            line.add("kept", since);
            since = "it was kept at " + since;
        }
        line.add("file", path);
        alarms_.push_back({zone->apex(), line.text(),
                           fmt::format("{}: faulty or gone; {} is served as {} (serial {})", path,
                                       zone->apex().text(), since, zone->serial())});
    }
}

/// Keeps each zone that is in service as it stands in its file.
void Loader::keep_zones() {
    if (kept_ == nullptr) return;
    for (const auto& path : std::exchange(gone_, {})) kept_->forget(path);
    for (auto& [path, entry] : entries_) {
        if (entry.zone == nullptr || entry.zone != entry.served.zone || entry.parts.empty())
            continue;
        kept_->keep(path, entry.zone->apex().text(), std::exchange(entry.parts, {}));
    }
}

}  // namespace control
