// SPDX-License-Identifier: Apache-2.0
#pragma once
// Knows the health of all edges, and decides what follows for the answers. Joins the zones' edges
// with their watched targets, with the drains of operators, and with what other nodes say, and
// writes the verdicts to the zones' boards. Control thread only; others write files.

#include "dnsd/health/drain_registry.hpp"
#include "dnsd/health/edge_watch.hpp"
#include "dnsd/nodes/shared_health.hpp"
#include "dnsd/state/save_timer.hpp"
#include "probes/check/monitor.hpp"
#include "probes/health/state_file.hpp"
#include "probes/health/zone_status.hpp"
#include "zones/zone/catalog.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace control {

class Health {
 public:
    /// Takes the text of the state file. It must not wait for the disk on this thread.
    using Save = std::function<void(std::string text)>;

    Health(boost::asio::io_context& context, Save save);

    /// Takes what an earlier process knew: states, for edges that are attached within `good_for`;
    /// drains, without such a limit; and what the nodes had agreed on. Call this before the first
    /// attach() and set_node().
    void restore(probes::SavedState saved, probes::Clock::duration good_for);
    /// Watches the checks of these zones, and no others. When this returns, their boards hold what
    /// is known.
    void attach(const zones::Catalog& catalog);
    /// Restarts the checks that an exception has ended. The caller does this regularly.
    void revive() { monitor_.revive(); }
    [[nodiscard]] bool first_round_done() const { return monitor_.first_round_done(); }
    [[nodiscard]] std::size_t target_count() const { return monitor_.size(); }

    /// Sets where this server stands among the nodes of a zone, so that they decide together. Call
    /// it again when its peers have changed. Edges of other zones with the same checks follow.
    void set_node(NodePlace place);
    /// Takes all records of a peer's zone. The peer counts as heard until peer_lost().
    void hear(const std::string& peer, const probes::HealthLines& records) {
        shared_.hear(peer, records);
    }
    /// A peer was asked, and has nothing new.
    void peer_reached(const std::string& peer) { shared_.reach(peer); }
    /// A peer does not answer. What it said counts for a minute more.
    void peer_lost(const std::string& peer) { shared_.lose(peer); }
    /// Returns the records that this node tells the others. on_told() sets the function to call
    /// when they have changed.
    [[nodiscard]] const probes::HealthLines& told() const noexcept { return shared_.told(); }
    void on_told(std::function<void()> listener) { shared_.on_told(std::move(listener)); }

    /// Returns what is known of a zone; nothing if it has no edges or is not attached.
    [[nodiscard]] std::optional<probes::ZoneStatus> status(const zones::Name& apex) const;
    [[nodiscard]] std::vector<probes::ZoneStatus> status() const;
    /// Returns when anything last changed for the answers.
    [[nodiscard]] probes::Time changed() const noexcept { return changed_; }

    /// Takes all edges that match one of the patterns out of the answers, and returns them. The
    /// drain lasts for `time`; without one, until undrain().
    std::vector<EdgeName> drain(const std::vector<std::string>& patterns,
                                std::optional<probes::Clock::duration> time,
                                probes::DrainReach reach = probes::DrainReach::AllNodes);
    /// Puts drained edges that match one of the patterns back, and returns them.
    std::vector<EdgeName> undrain(const std::vector<std::string>& patterns);
    /// Takes the changes of what another node tells of drains.
    void hear_drains(const std::string& peer, const transfer::Changes& changes) {
        drains_.hear(zones_, peer, changes);
    }
    /// Returns the records of drains that this node tells. on_told_drains() sets the function that
    /// takes their changes.
    [[nodiscard]] transfer::Records told_drains() const { return drains_.told(); }
    void on_told_drains(DrainRegistry::Teller teller) { drains_.on_told(std::move(teller)); }
    /// Returns how many nodes know the latest word on these edges.
    [[nodiscard]] probes::DrainSpread arrived(const std::vector<EdgeName>& edges) const {
        return drains_.arrived(edges);
    }
    /// True if any edge matches the pattern.
    [[nodiscard]] bool has_edge(const std::string& pattern) const;
    /// Returns the names of all edges, for a message about one that does not exist.
    [[nodiscard]] std::set<std::string> edge_names() const;

    /// Returns the text that the state file should have now.
    [[nodiscard]] std::string saved_text() const;

 private:
    void join(const zones::Catalog& catalog);
    [[nodiscard]] Targets targets_of(const std::vector<probes::CheckPtr>& checks);
    void join_nodes();
    void on_attempt(const Target& target, bool turned);
    [[nodiscard]] std::vector<const ZoneWatch*> users_of(const Target& target) const;
    void ask_home_elsewhere(const ZoneWatch& zone, const Target& target);
    void on_drains(DrainRegistry::Changed what);
    void changed_by_hand();

    bool agree(const ZoneWatch& zone);
    void consider(ZoneWatch& zone);
    void consider_all();
    void decide(ZoneWatch& zone);
    void write_verdict(ZoneWatch& zone, std::size_t edge, probes::Removed removed);
    void sample_regularly();

    Save save_;
    std::vector<ZoneWatch> zones_;
    std::unordered_map<const Target*, std::vector<std::size_t>> users_;  // indices in zones_
    DrainRegistry drains_;
    SaveTimer save_timer_;
    SharedHealth shared_;
    boost::asio::steady_timer sample_timer_;
    probes::Time changed_ = probes::Clock::now();
    probes::Monitor monitor_;  // last: it calls back until it is gone
};

}  // namespace control
