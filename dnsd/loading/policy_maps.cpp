// SPDX-License-Identifier: Apache-2.0
#include "dnsd/loading/policy_maps.hpp"

#include "geo/compile/compiler.hpp"
#include "geo/text/fact_line.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <set>
#include <vector>

#include <malloc.h>

namespace control {
namespace {

bool uses(const geo::Policy& policy, geo::Match::Kind kind) {
    const auto of_kind = [&](const geo::Policy::Row& row) { return row.match.kind == kind; };
    const auto inside = [&](const geo::Policy& child) { return uses(child, kind); };
    return std::ranges::any_of(policy.rows, of_kind) ||
           std::ranges::any_of(policy.children, inside);
}

}  // namespace

void PolicyMaps::measure_by(Latency latency, std::uint64_t generation) {
    latency_ = std::move(latency);
    latency_generation_ = generation;
}

/// Maps with equal keys are equal.
std::string PolicyMaps::key_of(const zones::Zone& zone, const zones::Steer& steer,
                               const geo::ZoneLatency* latency) const {
    auto key = geo::key_of(steer.policy, zone.sites());
    if (latency != nullptr && geo::uses(steer.policy, geo::Policy::Kind::Latency))
        key += std::to_string(latency_generation_) + ": " + latency->key();
    return key;
}

void PolicyMaps::make(std::span<const zones::Zone* const> zones, DatabaseNews databases,
                      geo::Problems& problems) {
    const bool changed = databases == DatabaseNews::Changed;
    std::vector<std::string> keys;
    std::vector<geo::MapRequest> requests;
    std::vector<std::shared_ptr<const geo::ZoneLatency>> latencies;  // of the requests
    std::set<std::string> needed;
    bool by_asn = false;
    bool by_subdivision = false;
    for (const auto* zone : zones) {
        const auto latency = latencies.emplace_back(latency_of(*zone));
        for (const auto& steer : zone->steers()) {
            auto key = key_of(*zone, steer, latency.get());
            by_asn |= uses(steer.policy, geo::Match::Kind::Asn);
            by_subdivision |= uses(steer.policy, geo::Match::Kind::Subdivision);
            if (!needed.insert(key).second || (!changed && maps_.contains(key))) continue;
            requests.push_back(
                {.policy = &steer.policy, .sites = &zone->sites(), .latency = latency.get()});
            keys.push_back(std::move(key));
        }
    }
    if (requests.empty() && !changed) {
        std::erase_if(maps_, [&](const auto& map) { return !needed.contains(map.first); });
        return;
    }
    auto sources = open_databases(problems);
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
    decltype(maps_) made;
    for (std::size_t i = 0; i < keys.size(); ++i) made[keys[i]] = (*compiled)[i];
    made.merge(maps_);  // what is not made anew stays
    std::erase_if(made, [&](const auto& map) { return !needed.contains(map.first); });
    maps_ = std::move(made);
    // The databases, and everything made of them on the way, may take more memory than all else.
    ::malloc_trim(0);
}

std::shared_ptr<const geo::Map> PolicyMaps::find(const zones::Zone& zone, const zones::Steer& steer,
                                                 const geo::ZoneLatency* latency) const {
    const auto map = maps_.find(key_of(zone, steer, latency));
    return map == maps_.end() ? nullptr : map->second;
}

/// Opens all databases. As long as that has never worked, opens those that are good, else the
/// built-in one: a server that starts with a faulty database answers by less, but answers.
std::optional<geo::Sources> PolicyMaps::open_databases(geo::Problems& problems) {
    geo::Problems own;
    auto sources = geo::Sources::open(files_, own);
    const auto fault = std::ranges::find(own, geo::Severity::Fault, &geo::Problem::severity);
    fault_ = fault == own.end() ? std::string{} : geo::to_text(*fault);
    std::ranges::move(own, std::back_inserter(problems));
    whole_ |= sources.has_value();
    if (sources || whole_) return sources;
    geo::SourceFiles good;
    good.builtin = files_.builtin;
    for (const auto& path : files_.databases) {
        geo::Problems ignored;
        if (geo::Sources::open({.databases = {path}, .places = {}}, ignored))
            good.databases.push_back(path);
    }
    geo::Problems ignored;
    if (geo::Sources::open({.databases = {}, .places = files_.places}, ignored))
        good.places = files_.places;
    return geo::Sources::open(good, ignored);
}

std::optional<Alarm> PolicyMaps::alarm() const {
    if (fault_.empty()) return std::nullopt;
    probes::FactLine line;
    line.add("alarm", whole_ ? "databases_as_before" : "databases_left_out");
    line.add("fault", fault_);
    return Alarm{{},
                 line.text(),
                 fmt::format("{}: {}", fault_,
                             whole_ ? "clients are located as before"
                                    : "clients are located without what is faulty")};
}

}  // namespace control
