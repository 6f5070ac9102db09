// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is known of all edges, and what follows for the answers: joins the zones' edges with the
// targets that are watched for them, with what operators have drained and with what other nodes
// say, and writes the verdicts to the zones' boards. Control thread only; files are written
// elsewhere.

#include "dnsd/health/drain_registry.hpp"
#include "dnsd/health/edge_watch.hpp"
#include "dnsd/nodes/shared_health.hpp"
#include "dnsd/state/save_timer.hpp"
#include "probes/check/monitor.hpp"
#include "probes/health/dashboard.hpp"
#include "probes/health/state_file.hpp"
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
    /// Takes the text of the state file, to be written where that does not hold this thread up.
    using Save = std::function<void(std::string text)>;
    using EdgeName = control::EdgeName;

    Health(boost::asio::io_context& context, Save save);

    /// What an earlier process knew: states for edges that are attached within `good_for`, drains
    /// without an end of that, and what nodes had agreed on. Before the first `attach` and
    /// `set_node`.
    void restore(probes::SavedState saved, probes::Clock::duration good_for);
    /// Watches the checks of these zones, and no others; when this returns, their boards say what
    /// is known.
    void attach(const zones::Catalog& catalog);
    /// Has those asked again whom an exception has left without anybody who asks. Now and then.
    void revive() { monitor_.revive(); }
    [[nodiscard]] bool first_round_done() const { return monitor_.first_round_done(); }
    [[nodiscard]] std::size_t target_count() const { return monitor_.size(); }

    /// Where this server stands among the nodes of a zone, so that they decide together; again when
    /// its peers have changed. Edges of other zones with the same checks follow.
    void set_node(NodePlace place);
    /// A peer's zone was read: all of its records. It counts as heard until it is lost.
    void hear(const std::string& peer, const NodeRecords& records) { shared_.hear(peer, records); }
    /// A peer was asked, and has nothing new.
    void peer_reached(const std::string& peer) { shared_.reach(peer); }
    /// A peer does not answer. What it said counts for a minute more.
    void peer_lost(const std::string& peer) { shared_.lose(peer); }
    /// What this node tells the others, and who wants to know when that has changed.
    [[nodiscard]] const NodeRecords& told() const noexcept { return shared_.told(); }
    void on_told(std::function<void()> listener) { shared_.on_told(std::move(listener)); }

    /// What is known of a zone; nothing when it has no edges or is not attached.
    [[nodiscard]] std::optional<probes::ZoneStatus> status(const zones::Name& apex) const;
    [[nodiscard]] std::vector<probes::ZoneStatus> status() const;
    /// When anything last changed for the answers.
    [[nodiscard]] probes::Time changed() const noexcept { return changed_; }

    /// Takes all edges that match one of the patterns out of the answers; without an end until
    /// `undrain`. Which these are.
    std::vector<EdgeName> drain(const std::vector<std::string>& patterns,
                                std::optional<probes::Clock::duration> time,
                                probes::Reach reach = probes::Reach::AllNodes);
    /// Puts drained edges back; which these are.
    std::vector<EdgeName> undrain(const std::vector<std::string>& patterns);
    /// What has changed of what another node tells of drains.
    void hear_drains(const std::string& peer, const transfer::Changes& changes) {
        desk_.hear(zones_, peer, changes);
    }
    /// What this node tells of them, and who wants to know what has changed of that.
    [[nodiscard]] transfer::Records told_drains() const { return desk_.told(); }
    void on_told_drains(DrainDesk::Teller teller) { desk_.on_told(std::move(teller)); }
    /// How many nodes know what was last said of these edges.
    [[nodiscard]] probes::DrainSpread arrived(const std::vector<EdgeName>& edges) const {
        return desk_.arrived(edges);
    }
    /// Whether any edge matches the pattern.
    [[nodiscard]] bool has_edge(const std::string& pattern) const;
    /// Names of all edges, for a message about one that does not exist.
    [[nodiscard]] std::set<std::string> edge_names() const;

    /// The state file as it should be now.
    [[nodiscard]] std::string saved_text() const;

 private:
    using Target = probes::Monitor::Target;

    void join(const zones::Catalog& catalog);
    [[nodiscard]] Targets targets_of(const std::vector<probes::CheckPtr>& checks);
    void join_nodes();
    void on_attempt(const Target& target, bool turned);
    [[nodiscard]] std::vector<const ZoneWatch*> users_of(const Target& target) const;
    void ask_other_origins(const ZoneWatch& zone, const Target& target);
    void on_drain_beat(DrainDesk::Beat beat);
    void changed_by_hand();

    bool agree(const ZoneWatch& zone);
    void consider(ZoneWatch& zone);
    void consider_all();
    void decide(ZoneWatch& zone);
    void write_verdict(ZoneWatch& zone, std::size_t edge, probes::Removed removed);
    void sample_regularly();

    Save save_;
    std::vector<ZoneWatch> zones_;
    std::unordered_map<const Target*, std::vector<std::size_t>> users_;  // zones, by target
    DrainDesk desk_;
    SaveBeat save_beat_;
    SharedHealth shared_;
    boost::asio::steady_timer sample_timer_;
    probes::Time changed_ = probes::Clock::now();
    probes::Monitor monitor_;  // last: it calls back until it is gone
};

}  // namespace control
