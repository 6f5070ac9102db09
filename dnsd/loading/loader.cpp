// SPDX-License-Identifier: Apache-2.0
#include "dnsd/loading/loader.hpp"

#include "dnsd/loading/file_trust.hpp"
#include "geo/compile/compiler.hpp"
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

std::string folder_of(const std::string& path) {
    auto folder = fs::path{path}.parent_path().string();
    return folder.empty() ? "." : folder;
}

bool uses(const geo::Policy& policy, geo::Match::Kind kind) {
    const auto of_kind = [&](const geo::Policy::Row& row) { return row.match.kind == kind; };
    const auto inside = [&](const geo::Policy& child) { return uses(child, kind); };
    return std::ranges::any_of(policy.rows, of_kind) ||
           std::ranges::any_of(policy.children, inside);
}

/// Returns what a zone can make this process do.
Reach reach_of(const zones::Zone& zone, const std::vector<ZonePart>& parts) {
    return runs_programs(zone) || parts.size() > 1 ? Reach::Server : Reach::Records;
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
        const bool folder = fs::is_directory(path, ignored) || folders_.contains(path);
        // If a folder was missing at the start, the kept forms of its files tell that it is one.
        const bool file = !folder && (fs::exists(path, ignored) || kept_within(path).empty());
        if (file) {
            files.push_back(path);
            continue;
        }
        std::error_code fault;
        auto inside = files_in(path, fault);
        if (fault) {
            // A folder that is gone, or cannot be read for a while, takes no zone out of service.
            problems.push_back(
                {.file = path, .path = {}, .text = fault.message() + "; its zones stay"});
            inside = entries_.empty() ? kept_within(path) : served_out_of(path);
        }
        if (!fault && inside.empty()) {
            // Its volume may not be mounted, or the program that fills it found nothing. Nobody
            // wants to lose all zones by that.
            inside = served_out_of(path);
            problems.push_back(
                {.file = path,
                 .path = {},
                 .text = inside.empty()
                             ? "the folder has no file that ends in .json or .zone"
                             : "the folder has no file any more that ends in .json or .zone; its "
                               "zones stay until a restart"});
        }
        files.insert(files.end(), inside.begin(), inside.end());
    }
    std::ranges::sort(files);
    files.erase(std::unique(files.begin(), files.end()), files.end());
    return files;
}

/// Returns the files of a folder that have a kept form.
std::vector<std::string> Loader::kept_within(const std::string& folder) const {
    std::vector<std::string> inside;
    if (kept_ == nullptr) return inside;
    std::error_code ignored;
    const auto whole = fs::absolute(folder, ignored).lexically_normal();
    for (const auto& path : kept_->paths()) {
        const fs::path file{path};
        if (file.parent_path() == whole)
            inside.push_back((fs::path{folder} / file.filename()).string());
    }
    return inside;
}

std::vector<std::string> Loader::served_out_of(const std::string& folder) const {
    std::vector<std::string> files;
    for (const auto& [file, entry] : entries_) {
        const bool inside = fs::path{file}.parent_path() == fs::path{folder};
        if (inside && entry.zone != nullptr) files.push_back(file);
    }
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
    static_cast<void>(read(problems));
    return serve(problems);
}

Loader::Databases Loader::read(geo::Problems& problems) {
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
    sources_changed_ |= sources_changed;
    read_zones(problems);
    remove_duplicates(problems);
    return sources_changed ? Databases::Changed : Databases::AsBefore;
}

zones::Catalog Loader::serve(geo::Problems& problems) {
    make_maps(std::exchange(sources_changed_, false), problems);
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
    if (entries_.empty()) find_taken_away(files);
    std::erase_if(entries_, [&](const auto& entry) {
        return !std::ranges::binary_search(files, entry.first);
    });
    for (const auto& path : files) {
        auto& entry = entries_[path];
        const auto state = state_of(path);
        const bool folder_gone =
            !state.there && folders_.contains(fs::path{path}.parent_path().string());
        if (entry.zone != nullptr && (state == entry.state || folder_gone)) continue;
        entry.state = state;
        entry.faulty = !read(path, entry, problems);
        if (entry.faulty && entry.zone == nullptr) restore(path, entry, problems);
    }
}

/// Finds kept files that were taken away since the earlier server ended. Passes over a folder
/// without any file: its volume may not be mounted yet.
void Loader::find_taken_away(const std::vector<std::string>& files) {
    if (kept_ == nullptr) return;
    const auto whole = [](const std::string& path) {
        std::error_code ignored;
        return fs::absolute(path, ignored).lexically_normal();
    };
    std::set<fs::path> there, folders, named;
    for (const auto& path : zones_) named.insert(whole(path));
    for (const auto& path : files) {
        there.insert(whole(path));
        folders.insert(whole(path).parent_path());
    }
    for (const auto& path : kept_->paths()) {
        const auto folder = fs::path{path}.parent_path();
        if (there.contains(path)) continue;
        if (folders.contains(folder) || !named.contains(folder)) gone_.push_back(path);
    }
}

bool Loader::read(const std::string& path, Entry& entry, geo::Problems& problems) const {
    NotedFiles files;
    auto zone = zones::load_zone(path, problems, files);
    if (zone == nullptr) return false;
    auto parts = files.take();
    geo::Problems writers;
    look_at_writers(path, reach_of(*zone, parts), writers);
    const bool faulty = geo::any_fault(writers);
    std::ranges::move(writers, std::back_inserter(problems));
    if (faulty) return false;
    entry.zone = std::move(zone);
    entry.parts = std::move(parts);
    entry.kept.reset();
    return true;
}

void Loader::restore(const std::string& path, Entry& entry, geo::Problems& problems) const {
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
    std::vector<std::pair<std::string, Entry*>> later;
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
    auto sources = open_sources(problems);
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
    // The databases, and everything made of them on the way, may take more memory than all else.
    ::malloc_trim(0);
}

/// Opens all databases. As long as that has never worked, opens those that are good, else the
/// built-in one: a server that starts with a faulty database answers by less, but answers.
std::optional<geo::Sources> Loader::open_sources(geo::Problems& problems) {
    geo::Problems own;
    auto sources = geo::Sources::open(sources_, own);
    const auto fault = std::ranges::find(own, geo::Severity::Fault, &geo::Problem::severity);
    sources_fault_ = fault == own.end() ? std::string{} : geo::to_text(*fault);
    std::ranges::move(own, std::back_inserter(problems));
    whole_sources_ |= sources.has_value();
    if (sources || whole_sources_) return sources;
    geo::SourceFiles good;
    good.builtin = sources_.builtin;
    for (const auto& path : sources_.databases) {
        geo::Problems ignored;
        if (geo::Sources::open({.databases = {path}, .places = {}}, ignored))
            good.databases.push_back(path);
    }
    geo::Problems ignored;
    if (geo::Sources::open({.databases = {}, .places = sources_.places}, ignored))
        good.places = sources_.places;
    return geo::Sources::open(good, ignored);
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
    note_alarms();
    keep_zones();
    return zones::Catalog{std::move(served)};
}

void Loader::note_alarms() {
    alarms_.clear();
    if (!sources_fault_.empty()) {
        probes::FactLine line;
        line.add("alarm", whole_sources_ ? "databases_as_before" : "databases_left_out");
        line.add("fault", sources_fault_);
        alarms_.push_back(
            {{},
             line.text(),
             fmt::format("{}: {}", sources_fault_,
                         whole_sources_ ? "clients are located as before"
                                        : "clients are located without what is faulty")});
    }
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
