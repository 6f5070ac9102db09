// SPDX-License-Identifier: Apache-2.0
#pragma once
// Puts zones into service: the nodes, the checks and the measurements hear of them in the order that
// matters, and then workers answer with them. Also what is wrong with them, for as long as it is.
// Control thread only.

#include "dnsd/health/health.hpp"
#include "dnsd/loading/alarms.hpp"
#include "dnsd/loading/snapshot_maker.hpp"
#include "dnsd/nodes/node_link.hpp"
#include "dnsd/steering/measuring.hpp"
#include "dnsd/steering/relay_watch.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace control {

/// What a load has come to.
struct Loaded {
    std::optional<zones::Catalog> catalog{};  // nothing: nothing has changed
    std::optional<CookieSecrets> secrets{};   // the same
    std::vector<Alarm> alarms{};              // of the catalog
    geo::Problems problems{};
};

class Service {
 public:
    /// Who hears of zones. All of them outlive this.
    struct Parts {
        SnapshotMaker& maker;
        NodeLink& link;
        Health& health;
        Measuring& measuring;
        RelayWatch& relay;
    };
    explicit Service(Parts parts) : parts_{parts} {}

    /// Takes the first zones.
    void begin(zones::Catalog catalog, std::vector<Alarm> alarms);
    /// Takes what has been loaded again, and logs what that changes. With a failure nothing was.
    void take(Loaded& loaded, const std::optional<std::string>& failure);

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

    Parts parts_;
    Alarms alarms_;
    std::vector<Alarm> own_alarms_;
};

}  // namespace control
