// SPDX-License-Identifier: Apache-2.0
#pragma once
// The maps of the policies of all zones, compiled from the databases. A map that is good stays when
// the databases turn faulty. Slow, as Loader, which is the only one to use it.

#include "dnsd/loading/alarms.hpp"
#include "geo/base/problem.hpp"
#include "geo/latency/latency_model.hpp"
#include "geo/policy/map.hpp"
#include "geo/source/sources.hpp"
#include "zones/zone/zone.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace control {

class PolicyMaps {
 public:
    /// `files` are the databases.
    explicit PolicyMaps(geo::SourceFiles files) : files_{std::move(files)} {}

    [[nodiscard]] const geo::SourceFiles& files() const noexcept { return files_; }

    /// Returns what is known of round trips to a zone's edges; null: nothing.
    using Latency = std::function<std::shared_ptr<const geo::ZoneLatency>(const zones::Zone& zone)>;
    /// From the next make() on, makes the maps of `latency` policies by this. `generation` must be
    /// another one each time that `latency` returns something else for the same edges; a new one
    /// has all these maps made anew.
    void measure_by(Latency latency, std::uint64_t generation);
    [[nodiscard]] std::shared_ptr<const geo::ZoneLatency> latency_of(
        const zones::Zone& zone) const {
        return latency_ ? latency_(zone) : nullptr;
    }

    /// Compiles the maps of these zones that are missing; all of them if the databases have
    /// changed. Forgets other zones' maps. Maps that cannot be made stay missing.
    enum class DatabaseNews : std::uint8_t { AsBefore, Changed };
    void make(std::span<const zones::Zone* const> zones, DatabaseNews databases,
              geo::Problems& problems);
    /// Returns the map of a policy of the zone; null if it could not be made. `latency` is
    /// latency_of() the zone.
    [[nodiscard]] std::shared_ptr<const geo::Map> find(const zones::Zone& zone,
                                                       const zones::Steer& steer,
                                                       const geo::ZoneLatency* latency) const;

    /// Returns an alarm if databases were faulty when they were last opened.
    [[nodiscard]] std::optional<Alarm> alarm() const;

 private:
    [[nodiscard]] std::string key_of(const zones::Zone& zone, const zones::Steer& steer,
                                     const geo::ZoneLatency* latency) const;
    [[nodiscard]] std::optional<geo::Sources> open_databases(geo::Problems& problems);

    geo::SourceFiles files_;
    bool whole_ = false;  // all databases have been good at least once
    std::string fault_;   // of the latest attempt to open them
    Latency latency_;
    std::uint64_t latency_generation_ = 0;
    std::map<std::string, std::shared_ptr<const geo::Map>> maps_;  // by the key of the policy
};

}  // namespace control
