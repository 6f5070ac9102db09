// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/service.hpp"

#include "dnsd/loading/catalog_changes.hpp"
#include "dnsd/loading/problem_log.hpp"

#include <spdlog/spdlog.h>

#include <string>
#include <utility>

namespace control {

void Service::begin(zones::Catalog catalog, std::vector<Alarm> alarms) {
    publish(std::move(catalog));
    set_alarms(std::move(alarms));
}

void Service::take(Loaded& loaded) {
    auto& maker = hearers_.maker;
    if (loaded.secrets) maker.set_cookie_secrets(std::move(*loaded.secrets));
    if (!loaded.catalog) {
        spdlog::error("not reloaded: {}; {} in service", loaded.catalog.error().text,
                      maker.zone_count());
        return;
    }
    auto& catalog = *loaded.catalog;
    if (!catalog && !loaded.secrets && loaded.problems.empty()) return;
    std::string changes = "no zone has changed";
    const bool zones = catalog.has_value();
    if (zones) changes = changes_text(maker.current()->catalog, *catalog);
    zones ? publish(std::move(*catalog)) : maker.show_again();
    log(loaded.problems);
    if (zones) set_alarms(std::move(loaded.alarms));
    if (geo::any_fault(loaded.problems)) {
        spdlog::error("reloaded with faults: what is faulty stays as it was; {} in service; {}",
                      maker.zone_count(), changes);
    } else {
        spdlog::info("reloaded; {} in service; {}", maker.zone_count(), changes);
    }
}

void Service::tell_alarms() {
    for (const auto& text : alarms_.due(geo::Clock::now())) spdlog::error("{}", text);
}

void Service::publish(zones::Catalog catalog) {
    hearers_.link.attach(catalog);
    join_nodes();
    // Behind them: what is agreed decides from the first word on.
    hearers_.health.attach(catalog);
    leave_out_own(catalog);
    hearers_.link.serve(catalog);
    hearers_.maker.publish(std::move(catalog));
}

void Service::join_nodes() {
    if (!hearers_.link.sharing().on()) return;
    std::vector<Measuring::OtherEdge> edges;
    for (const auto& peer : hearers_.link.sharing().peers())
        edges.push_back({peer.name, peer.endpoint});
    hearers_.measuring.set_edges(edges);
    hearers_.health.set_node(hearers_.link.place());
}

/// Edges and name servers check and measure each other: they are nobody's clients and resolvers.
void Service::leave_out_own(const zones::Catalog& catalog) {
    std::vector<geo::Address> own;
    for (const auto& served : catalog.zones()) {
        for (const auto& edge : served.zone->edges())
            own.insert(own.end(), edge.addresses.begin(), edge.addresses.end());
        for (const auto& server : served.zone->name_servers())
            own.insert(own.end(), server.addresses.begin(), server.addresses.end());
    }
    for (const auto& peer : hearers_.link.sharing().peers()) own.push_back(peer.endpoint.address);
    hearers_.relay.leave_out(own);
    hearers_.measuring.leave_out(std::move(own));
}

void Service::set_alarms(std::vector<Alarm> alarms) {
    alarms.insert(alarms.begin(), own_alarms_.begin(), own_alarms_.end());
    alarms_.set(std::move(alarms));
    tell_alarms();
}

}  // namespace control
