// SPDX-License-Identifier: Apache-2.0
#pragma once
// All that a node says to the other nodes of its zone and hears from them: health, drains, versions of
// zones, measurements. What is heard is sorted by kind and handed to those that use it, who stand in
// higher rooms. What this node has measured takes the same way to them. Without keys nobody is told
// and nobody is heard. Control thread only, but for the queries that workers leave.

#include "dnsd/config/node_settings.hpp"
#include "dnsd/nodes/backlog.hpp"
#include "dnsd/nodes/published_records.hpp"
#include "dnsd/nodes/shared_health.hpp"
#include "dnsd/nodes/sharing.hpp"
#include "dnsd/nodes/zone_versions.hpp"
#include "probes/health/zone_status.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace control {

class NodeLink {
 public:
    /// Who uses what is heard.
    struct Ears {
        /// All that a peer says of health now.
        std::function<void(const std::string& peer, const probes::HealthLines& records)> health;
        /// What has changed of all that a peer says.
        std::function<void(const std::string& peer, const transfer::Changes& changes)> drains;
        /// The same, or of what this node has measured itself. The hold is kept until it is
        /// taken in.
        std::function<void(std::string edge, transfer::Changes changes,
                           transfer::Backlog::Hold hold)>
            measurements;
    };

    /// As Sharing. All must outlive this.
    NodeLink(boost::asio::io_context& context, const std::optional<NodeSettings>& node,
             const engine::Snapshots& snapshots, engine::Observer& next, Ears ears);

    /// As Sharing.
    void begin(geo::Problems& problems, bool relay);
    /// Takes the peers from zones that are to be served.
    void attach(const zones::Catalog& catalog);
    /// Tells which versions of zones are served.
    void serve(const zones::Catalog& catalog);

    /// Tells what is new of these: of all records of health, of drains, of all measurements. The
    /// other nodes know measurements of a zone by the line that began it, as this one's ears do.
    void tell_health(const probes::HealthLines& now);
    void tell_drains(const transfer::Changes& said);
    void tell_measured(const std::map<std::string, probes::ToldMeasurement>& now);
    /// Whether measurements of this node wait to be taken in.
    [[nodiscard]] bool own_measurements_wait() const noexcept { return own_backlog_.waiting() > 0; }

    /// Logs which zones are served otherwise elsewhere. To be called every few seconds.
    void compare_zones();
    /// Goes on with all that an exception has ended. To be called now and then.
    void revive() const { sharing_.revive(); }

    /// Returns the settings of this node; nothing if this server is none.
    [[nodiscard]] const std::optional<NodeSettings>& node() const noexcept { return node_; }
    [[nodiscard]] const Sharing& sharing() const noexcept { return sharing_; }
    [[nodiscard]] engine::Observer& observer() noexcept { return sharing_.observer(); }
    /// Where this node stands among the others. Only where it has keys.
    [[nodiscard]] NodePlace place() const;
    /// Returns which zones other nodes serve differently, since a minute or longer.
    [[nodiscard]] std::vector<ZoneDifference> differences() const;
    /// Returns those of one zone. For the zone of the nodes, returns all.
    [[nodiscard]] std::vector<ZoneDifference> differences(const zones::Name& zone) const;
    /// Whether a node that is there has not heard of a drain.
    [[nodiscard]] bool is_awaited(const probes::DrainSpread& arrived) const;

 private:
    void hear(const std::string& peer, const transfer::Changes& changes,
              const transfer::Backlog::Hold& hold);
    void hear_health(const std::string& peer, const transfer::Changes& changes);

    const std::optional<NodeSettings>& node_;
    Ears ears_;
    bool relay_ = false;
    bool relay_told_ = false;
    Telling telling_;
    Telling telling_zones_;
    transfer::Backlog own_backlog_;
    ZoneVersions versions_;
    std::map<std::string, probes::HealthLines> peer_health_;
    Sharing sharing_;  // last: it calls back until it is gone
};

}  // namespace control
