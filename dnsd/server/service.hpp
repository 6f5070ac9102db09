// SPDX-License-Identifier: Apache-2.0
#pragma once
// Puts zones into service: the nodes, the checks and the measurements hear of them in the order that
// matters, and then workers answer with them. Also what is wrong with them, for as long as it is.
// Control thread only.

#include "dnsd/health/health.hpp"
#include "dnsd/loading/alarms.hpp"
#include "dnsd/loading/served_files.hpp"
#include "dnsd/loading/snapshot_maker.hpp"
#include "dnsd/nodes/node_link.hpp"
#include "dnsd/steering/measuring.hpp"
#include "dnsd/steering/relay_watch.hpp"

#include <utility>
#include <vector>

namespace control {

class Service {
 public:
    /// Who hears of zones. All of them outlive this.
    struct Hearers {
        SnapshotMaker& maker;
        NodeLink& link;
        Health& health;
        Measuring& measuring;
        RelayWatch& relay;
    };
    explicit Service(Hearers hearers) : hearers_{hearers} {}

    /// Takes the first zones.
    void begin(zones::Catalog catalog, std::vector<Alarm> alarms);
    /// Takes what has been loaded again, and logs what that changes. Where nothing could be loaded,
    /// what is in service stays.
    void take(Loaded& loaded);

    /// Adds one that lasts from the start to the end, to be told with the next ones.
    void add_alarm(Alarm alarm) { own_alarms_.push_back(std::move(alarm)); }
    /// Logs those that are due. To be called now and then.
    void tell_alarms();
    [[nodiscard]] const Alarms& alarms() const noexcept { return alarms_; }

 private:
    void publish(zones::Catalog catalog);
    void join_nodes();
    void leave_out_own(const zones::Catalog& catalog);
    void set_alarms(std::vector<Alarm> alarms);

    Hearers hearers_;
    Alarms alarms_;
    std::vector<Alarm> own_alarms_;
};

}  // namespace control
