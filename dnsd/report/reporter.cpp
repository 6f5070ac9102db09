// SPDX-License-Identifier: Apache-2.0
#include "dnsd/report/reporter.hpp"

#include "dnsd/config/version.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace control {
namespace {

using probes::Clock;

NetworksReport networks_of(const probes::Measurements& measurements, std::size_t most) {
    return {.known = measurements.size(), .newest = measurements.newest(most)};
}

}  // namespace

Report Reporter::report() const {
    const auto& [maker, health, link, alarms, relay, measuring, counters] = sources_;
    Report report{.at = Clock::now(),
                  .version = version,
                  .generation = maker.generation(),
                  .targets = health.target_count(),
                  .alarms = alarms.lines(),
                  .differences = link.differences()};
    for (const auto& counts : counters) counts.add_to(report.queries);
    auto known = health.status();
    std::unordered_map<std::string, probes::ZoneStatus*> by_name;
    for (auto& zone : known) by_name.emplace(zone.zone, &zone);
    const auto snapshot = maker.current();
    for (const auto& served : snapshot->catalog.zones()) {
        const auto found = by_name.find(zone_text(served.zone->apex()));
        report.zones.push_back(zone_report(*served.zone, found == by_name.end()
                                                             ? std::optional<probes::ZoneStatus>{}
                                                             : std::move(*found->second)));
    }
    report.troubles = troubles(report);
    return report;
}

std::optional<DashboardReport> Reporter::dashboard(const zones::Name& apex) const {
    const auto snapshot = sources_.maker.current();
    const auto* served = snapshot->catalog.find(apex);
    if (served == nullptr || !(served->zone->apex() == apex)) return std::nullopt;
    return DashboardReport{.zone = zone_report(*served->zone, sources_.health.status(apex)),
                           .alarms = sources_.alarms.lines(&apex),
                           .differences = sources_.link.differences(apex)};
}

ZoneReport Reporter::zone_report(const zones::Zone& zone,
                                 std::optional<probes::ZoneStatus> health) const {
    const auto& apex = zone.apex();
    ZoneReport report{.apex = apex,
                      .serial = zone.serial(),
                      .digest = zone.digest(),
                      .health = std::move(health)};
    if (const auto& node = sources_.link.node(); node && node->zone == apex)
        report.node = NodeReport{node->edge, sources_.link.sharing().peers()};
    return report;
}

std::vector<Trouble> Reporter::troubles(const Report& report) const {
    std::vector<Trouble> all;
    for (const auto& zone : report.zones) {
        if (zone.health) std::ranges::move(troubles_of(*zone.health), std::back_inserter(all));
    }
    const auto& sharing = sources_.link.sharing();
    std::ranges::move(troubles_of(sharing.peers(), report.at), std::back_inserter(all));
    const auto warn = [&](std::string text) {
        all.push_back({Trouble::Level::Warning, std::move(text)});
    };
    if (!sharing.fault().empty()) warn(sharing.fault());
    for (const auto& alarm : report.alarms) warn(alarm);
    for (const auto& difference : report.differences) warn(to_line(difference, report.at));
    std::ranges::stable_partition(
        all, [](const Trouble& trouble) { return trouble.level == Trouble::Level::Critical; });
    return all;
}

RoundTripReport Reporter::round_trips(std::size_t most) const {
    return {.at = Clock::now(),
            .clients = networks_of(sources_.relay.measurements(), most),
            .resolvers = networks_of(sources_.measuring.resolvers(), most),
            .paths = sources_.measuring.paths()};
}

}  // namespace control
