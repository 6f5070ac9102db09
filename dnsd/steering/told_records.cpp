// SPDX-License-Identifier: Apache-2.0
#include "dnsd/steering/told_records.hpp"

namespace control {
namespace {

using probes::Clock;
using probes::Time;

double milliseconds(std::chrono::microseconds time) {
    return static_cast<double>(time.count()) / 1000;
}

std::chrono::sys_seconds wall_time_of(Time time) {
    const auto ago = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - time);
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) - ago;
}

probes::ToldMeasurement told_of(const probes::NetworkMeasurement& measurement, Time now) {
    probes::ToldMeasurement told{.round_trip_ms = milliseconds(measurement.round_trip),
                                 .variation_ms = milliseconds(measurement.variation),
                                 .samples = measurement.samples,
                                 .lost = double{measurement.repeated},
                                 .rate = measurement.delivery_rate,
                                 .seen = wall_time_of(measurement.last),
                                 .at = {},
                                 .place = {}};
    if (measurement.seen && *measurement.seen > now - in_use_for) told.at = measurement.address;
    return told;
}

probes::ToldMeasurement told_of(const probes::Path& path,
                                const std::optional<geo::Coordinates>& place) {
    return {.round_trip_ms = milliseconds(path.round_trip),
            .variation_ms = milliseconds(path.variation),
            .samples = path.samples,
            .lost = path.lost,
            .rate = 0,
            .seen = wall_time_of(path.last),
            .at = {},
            .place = place};
}

std::string owner_of(const NamedPath& path) {
    switch (path.kind) {
        case NamedPath::Kind::Landmark:
            return path.name + ".landmarks";
        case NamedPath::Kind::Edge:
            return path.name + ".edges";
        case NamedPath::Kind::Home:
            break;
    }
    return "home";
}

}  // namespace

void tell_networks(const probes::Measurements& networks, geo::Population population,
                   std::size_t most, probes::Time now, ToldRecords& to) {
    for (const auto& [network, measurement] : networks.newest(most))
        to.emplace(probes::network_owner(network, population), told_of(measurement, now));
}

void tell_paths(std::span<const NamedPath> paths, ToldRecords& to) {
    for (const auto& path : paths) {
        if (path.path) to.emplace(owner_of(path), told_of(*path.path, path.place));
    }
}

}  // namespace control
