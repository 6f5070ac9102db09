// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is known of all edges, and what follows for the answers: joins the zones' edges with the
// targets that are watched for them and with what operators have drained, and writes the verdicts
// to the zones' boards. Control thread only; files are written elsewhere.

#include "geo/edge_board.hpp"
#include "probes/dashboard.hpp"
#include "probes/drains.hpp"
#include "probes/monitor.hpp"
#include "probes/recent_count.hpp"
#include "probes/state_file.hpp"
#include "probes/verdict.hpp"
#include "zones/catalog.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace control {

/// The zone's name without the dot at its end, as zone files and commands have it.
[[nodiscard]] std::string zone_text(const zones::Name& apex);

class Health {
 public:
    /// Takes the text of the state file, to be written where that does not hold this thread up.
    using Save = std::function<void(std::string text)>;

    Health(boost::asio::io_context& context, Save save);

    /// What an earlier process knew: states for edges that are attached within `good_for`, drains
    /// without an end of that. Before the first `attach`.
    void restore(probes::SavedState saved, probes::Clock::duration good_for);
    /// Watches the checks of these zones, and no others; when this returns, their boards say what
    /// is known.
    void attach(const zones::Catalog& catalog);
    [[nodiscard]] bool first_round_done() const { return monitor_.first_round_done(); }
    [[nodiscard]] std::size_t target_count() const { return monitor_.size(); }

    /// What is known of a zone; nothing when it has no edges or is not attached.
    [[nodiscard]] std::optional<probes::ZoneStatus> status(const zones::Name& apex) const;
    [[nodiscard]] std::vector<probes::ZoneStatus> status() const;
    /// When anything last changed for the answers.
    [[nodiscard]] probes::Time changed() const noexcept { return changed_; }

    struct EdgeName {
        std::string zone;
        std::string edge;
    };
    /// Takes all edges that match one of the patterns out of the answers; without an end until
    /// `undrain`. Which these are.
    std::vector<EdgeName> drain(const std::vector<std::string>& patterns,
                                std::optional<probes::Clock::duration> time);
    /// Puts drained edges back; which these are.
    std::vector<EdgeName> undrain(const std::vector<std::string>& patterns);
    /// Whether any edge matches the pattern.
    [[nodiscard]] bool has_edge(const std::string& pattern) const;
    /// Names of all edges, for a message about one that does not exist.
    [[nodiscard]] std::set<std::string> edge_names() const;

    /// The state file as it should be now.
    [[nodiscard]] std::string saved_text() const;

 private:
    using Target = probes::Monitor::Target;
    struct Edge {
        std::vector<const Target*> checks;
        std::vector<const Target*> origins;
        probes::Removed removed = probes::Removed::No;
        probes::RecentCount answers{};
    };
    struct Zone {
        std::shared_ptr<const zones::Zone> zone;
        std::shared_ptr<geo::EdgeBoard> board;
        std::string name;
        std::vector<Edge> edges;
        bool home_down = false;
        bool home_in_doubt = false;  // some origin check is down
        bool none_left = false;      // every edge is out of the answers
    };

    void on_attempt(const Target& target, bool turned);
    void log_turn(const Target& target) const;
    void ask_other_origins(const Zone& zone, const Target& target);
    void update(Zone& zone);
    [[nodiscard]] std::vector<probes::EdgeFacts> facts_of(const Zone& zone) const;
    [[nodiscard]] std::uint32_t ttl_limit(const Edge& edge, const probes::Drain* drain,
                                          probes::Time now) const;
    [[nodiscard]] const probes::Drain* find_drain(const Zone& zone, std::size_t edge) const;
    [[nodiscard]] probes::ZoneStatus status_of(const Zone& zone) const;
    [[nodiscard]] probes::EdgeStatus edge_status(const Zone& zone, std::size_t edge,
                                                 std::uint64_t all) const;
    [[nodiscard]] static std::uint64_t answers(const Zone& zone, std::size_t edge);
    static void go_on_from(const Zone& before, Zone& zone);

    void save_soon();
    void save_regularly();
    void sample_regularly();
    void end_drains();
    void wait_for_drains();
    void changed_by_hand();

    Save save_;
    std::vector<Zone> zones_;
    probes::Drains drains_;
    std::unordered_map<const Target*, std::vector<std::size_t>> users_;  // zones, by target
    boost::asio::steady_timer save_timer_;
    boost::asio::steady_timer regular_save_timer_;
    boost::asio::steady_timer sample_timer_;
    boost::asio::steady_timer drain_timer_;
    bool save_asked_ = false;
    probes::Time changed_ = probes::Clock::now();
    probes::Monitor monitor_;  // last: it calls back until it is gone
};

}  // namespace control
