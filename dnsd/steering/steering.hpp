// SPDX-License-Identifier: Apache-2.0
#pragma once
// Brings the nodes' measurements into the answers: keeps them, makes a model of them, and lays the
// model over the maps of the zones that are served. Slow, and not thread-safe: only the background
// thread uses it.

#include "dnsd/config/steering_rules.hpp"
#include "geo/base/result.hpp"
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

struct Config;

class Steering {
 public:
    using Clock = std::chrono::steady_clock;

    /// The nodes stand at the edges of `zone`, and this node at `edge`.
    Steering(zones::Name zone, std::string edge, geo::SourceFiles sources,
             const SteeringRules& rules);

    /// Takes changes of what the node at an edge tells. Its first word ends what an earlier process
    /// knew of it.
    void hear(const std::string& edge, const std::map<std::string, std::string, std::less<>>& set,
              const std::vector<std::string>& removed);
    /// Forgets everything that the node at an edge has told.
    void forget(const std::string& edge);
    /// Takes what an earlier process knew. Each edge's part counts until its node speaks, or for
    /// `good_for`. A fault says what is wrong with the text; the rest is taken.
    [[nodiscard]] geo::Result<void> restore(std::string_view text, Clock::duration good_for);
    [[nodiscard]] std::string saved_text() const { return store_.text(); }
    [[nodiscard]] const probes::LatencyStore& store() const noexcept { return store_; }

    /// True if a new model is due, and would know more than the one that is served.
    [[nodiscard]] bool due(Clock::time_point now);
    /// True if the base maps, those for clients that are not measured, are due to be made anew.
    [[nodiscard]] bool rebase_due(Clock::time_point now);
    /// Makes the latest model the base, the model that base maps are made by. Before the time for
    /// that has come, the new base has the measurements of the last one, and only what is new of
    /// nodes, ways home and landmarks.
    void rebase(Clock::time_point now);

    /// Returns the zone at whose edges the nodes stand.
    [[nodiscard]] const zones::Name& zone() const noexcept { return zone_; }
    /// Makes a model of what is known now. `zone` is the nodes' zone as its file is now. If its
    /// edges are others than before, or stand elsewhere, everything is as after a start. Without
    /// the zone, or without this node's edge in it, this server is no node, and there is no model.
    void learn(const zones::Zone* zone, Clock::time_point now);
    /// Looks up places again at the next learn(): the databases may have changed. If a measured
    /// network then stands elsewhere, everything is as after a start.
    void forget_places();

    /// Returns the base as the zone's edges see it; null while there is none.
    [[nodiscard]] std::shared_ptr<const geo::ZoneLatency> base_of(const zones::Zone& zone) const;
    /// Returns a number that changes whenever base_of() does.
    [[nodiscard]] std::uint64_t base_generation() const noexcept { return base_generation_; }

    /// Returns the same zones with the latest model laid over their maps.
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
    std::set<std::string> restored_;  // edges whose node has not spoken since restore()
    std::optional<Clock::time_point> restored_until_;
    std::optional<geo::Sources> sources_;  // the last good ones
    bool sources_stale_ = true;
    bool places_good_ = false;  // the places of the latest model still hold

    /// The settings of an edge on which a model depends, or the way in which zones see the model.
    struct ModelEdge {
        std::string name;
        std::optional<geo::Coordinates> place;
        std::vector<geo::Address> addresses;
    };
    [[nodiscard]] static std::vector<ModelEdge> edges_of(const zones::Zone& zone);
    [[nodiscard]] std::optional<geo::EdgeIndex> measured_as(const zones::Edge& edge,
                                                            const zones::Zone& zone) const;

    std::vector<ModelEdge> edges_;  // the models have these
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

/// By the settings. Nothing where this server is no node: it would be alone in what it knows, and two
/// name servers would differ.
[[nodiscard]] std::optional<Steering> steering_for(const Config& config);

}  // namespace control
