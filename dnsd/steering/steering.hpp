// SPDX-License-Identifier: Apache-2.0
#pragma once
// Brings what nodes have measured into the answers: keeps it, makes a model of it, and lays that
// over the maps of the zones that are served. Slow, and not thread-safe: all of it belongs to the
// background thread.

#include "dnsd/config/steering_rules.hpp"
#include "geo/latency/home_ways.hpp"
#include "geo/latency/latency_model.hpp"
#include "geo/source/sources.hpp"
#include "probes/path/latency_store.hpp"
#include "zones/name/name.hpp"
#include "zones/zone/catalog.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace control {

class Steering {
 public:
    using Clock = std::chrono::steady_clock;

    /// `zone` is the one whose edges the nodes stand at, `edge` that of this one.
    Steering(zones::Name zone, std::string edge, geo::SourceFiles sources,
             const SteeringRules& rules);

    /// What the node at an edge tells from now on; what an earlier process knew of it is forgotten
    /// with its first word.
    void hear(const std::string& edge, const std::map<std::string, std::string, std::less<>>& set,
              const std::vector<std::string>& removed);
    /// Nothing that the node at an edge has told counts any more.
    void forget(const std::string& edge);
    /// What an earlier process knew, of which each edge's part counts until its node speaks, or for
    /// `good_for`; what is wrong with the text.
    [[nodiscard]] std::string restore(std::string_view text, Clock::duration good_for);
    [[nodiscard]] std::string saved_text() const { return store_.text(); }
    [[nodiscard]] const probes::LatencyStore& store() const noexcept { return store_; }

    /// Whether a new model would know more than the one that is served, and is due.
    [[nodiscard]] bool due(Clock::time_point now);
    /// Whether the maps of clients that were not measured are to be made anew, out of a new model.
    [[nodiscard]] bool rebase_due(Clock::time_point now);
    /// The base maps are made by the model that is latest now; before their time has come, by what
    /// was measured when they were made last, and what is new of nodes, ways home and landmarks.
    void rebase(Clock::time_point now);

    /// The zone whose edges the nodes stand at.
    [[nodiscard]] const zones::Name& zone() const noexcept { return zone_; }
    /// Makes a model of what is known now; `zone` is that of the nodes as its file is now. Where that
    /// has other edges, or where they stand elsewhere, everything is as after a start. Without the
    /// zone, or this node's edge in it, there is no model: this server is no node then.
    void learn(const zones::Zone* zone, Clock::time_point now);
    /// The databases may have changed: places are to be looked up again. Where a measured network
    /// stands elsewhere now, all is as after a start.
    void forget_places();

    /// How the zone's edges see the model that base maps are made by; null while there is none.
    [[nodiscard]] std::shared_ptr<const geo::ZoneLatency> base_of(const zones::Zone& zone) const;
    /// A number that is another one whenever base_of() is.
    [[nodiscard]] std::uint64_t base_generation() const noexcept { return base_generation_; }

    /// The same zones, with what is measured laid over their maps.
    [[nodiscard]] zones::Catalog over(const zones::Catalog& catalog);

    [[nodiscard]] const geo::LatencyModel* model() const noexcept { return model_.get(); }

 private:
    using Model = std::shared_ptr<const geo::LatencyModel>;
    [[nodiscard]] std::shared_ptr<const geo::ZoneLatency> zone_latency(
        const Model& model, const zones::Zone& zone) const;
    [[nodiscard]] std::optional<geo::LatencyFacts> facts(const zones::Zone& zone,
                                                         Clock::time_point now);
    void add_measurements(geo::LatencyFacts& facts);
    [[nodiscard]] bool its_time_has_come(Clock::time_point now) const;
    [[nodiscard]] double news_left(Clock::time_point now) const;
    void end_restored(Clock::time_point now);
    void drop_models();
    [[nodiscard]] std::size_t moves(std::size_t networks, Clock::duration passed);
    void open_sources();
    [[nodiscard]] geo::Place place_of(const geo::Prefix& network,
                                      const geo::Sources& sources) const;

    zones::Name zone_;
    std::string edge_;
    geo::SourceFiles files_;
    SteeringRules rules_;
    probes::LatencyStore store_;
    std::set<std::string> restored_;  // edges of which nothing was heard since
    std::optional<Clock::time_point> restored_until_;
    std::optional<geo::Sources> sources_;  // as they last were good
    bool sources_stale_ = true;
    bool places_good_ = false;  // those of the latest model are still true

    /// What of an edge's settings a model depends on, or how zones see it.
    struct Edge {
        std::string name;
        std::optional<geo::Coordinates> place;
        std::vector<geo::Address> addresses;
    };
    [[nodiscard]] static std::vector<Edge> edges_of(const zones::Zone& zone);
    [[nodiscard]] std::optional<geo::EdgeIndex> measured_as(const zones::Edge& edge,
                                                            const zones::Zone& zone) const;

    std::vector<Edge> edges_;  // of the models
    geo::HomeWays homes_{rules_.home_hold};
    Model model_;
    Model base_;
    std::uint64_t base_generation_ = 0;
    std::uint64_t learned_revision_ = 0;
    std::uint64_t based_revision_ = 0;
    Clock::time_point learned_{};
    Clock::duration learning_took_{0};
    Clock::time_point based_{};
    double moves_left_ = 0;
    double news_left_ = std::numeric_limits<double>::infinity();  // before the first
    Clock::time_point news_counted_{};
    bool news_wait_ = false;
};

}  // namespace control
