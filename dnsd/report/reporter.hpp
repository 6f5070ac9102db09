// SPDX-License-Identifier: Apache-2.0
#pragma once
// Makes reports: gathers from all parts of the server what they know. Control thread only.

#include "dnsd/engine/query_counters.hpp"
#include "dnsd/health/health.hpp"
#include "dnsd/loading/alarms.hpp"
#include "dnsd/loading/snapshot_maker.hpp"
#include "dnsd/nodes/node_link.hpp"
#include "dnsd/report/report.hpp"
#include "dnsd/steering/measuring.hpp"
#include "dnsd/steering/relay_watch.hpp"

#include <cstddef>
#include <optional>
#include <span>

namespace control {

class Reporter {
 public:
    /// Who knows it. All of them outlive this.
    struct Sources {
        const SnapshotMaker& maker;
        const Health& health;
        const NodeLink& link;
        const Alarms& alarms;
        const RelayWatch& relay;
        const Measuring& measuring;
        std::span<const engine::QueryCounters> counters;  // of each worker
    };
    explicit Reporter(Sources sources) : sources_{sources} {}

    [[nodiscard]] Report report() const;
    /// Returns nothing if no such zone is served.
    [[nodiscard]] std::optional<DashboardReport> dashboard(const zones::Name& apex) const;
    /// Returns up to `most` networks of each population.
    [[nodiscard]] RoundTripReport round_trips(std::size_t most) const;

 private:
    [[nodiscard]] ZoneReport zone_report(const zones::Zone& zone,
                                         std::optional<probes::ZoneStatus> health) const;
    [[nodiscard]] std::vector<Trouble> troubles(const Report& report) const;

    Sources sources_;
};

}  // namespace control
