// SPDX-License-Identifier: Apache-2.0
#pragma once
// Brings what nodes have measured into the answers: keeps it, makes a model of it, and lays that
// over the maps of the zones that are served. Slow, and not thread-safe: all of it belongs to the
// background thread.

#include "geo/latency_model.hpp"
#include "geo/sources.hpp"
#include "probes/latency_store.hpp"
#include "zones/catalog.hpp"
#include "zones/name.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace control {

/// Which networks may move, and how fast.
struct SteeringRules {
    std::chrono::milliseconds interval{5000};  // between two models, at least
    std::chrono::milliseconds rebase{
        3'600'000};                  // between two maps for clients that were not measured
    double moves_per_minute = 0.05;  // share of all networks that may get another first edge
    std::size_t least_moves = 20;    // a minute, however few networks there are
    geo::LatencyRules latency;
};

class Steering {
 public:
    using Clock = std::chrono::steady_clock;

    /// `zone` is the one whose edges the nodes stand at.
    Steering(zones::Name zone, geo::SourceFiles sources, const SteeringRules& rules);

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
    [[nodiscard]] bool rebase_due(Clock::time_point now) const;
    /// The base maps are made by the model that is latest now; before their time has come, by what
    /// was measured when they were made last, and what is known of the edges now.
    void rebase(Clock::time_point now);

    /// Makes a model of what is known now. Without the zone there is none, and none of its edges
    /// that another zone has too is measured any more.
    void learn(const zones::Catalog& catalog, Clock::time_point now);
    /// The databases have changed: places are to be looked up again.
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
    [[nodiscard]] std::optional<geo::LatencyFacts> facts(const zones::Zone& zone);
    void add_networks(geo::LatencyFacts& facts);
    void add_landmarks(geo::LatencyFacts& facts);
    void end_restored(Clock::time_point now);
    void drop_models();
    [[nodiscard]] std::size_t moves(std::size_t networks, Clock::duration passed);
    /// The databases as they are, or as they last were good; null before that.
    [[nodiscard]] const geo::Sources* sources();
    [[nodiscard]] geo::Place place_of(const geo::Prefix& network,
                                      const geo::Sources& sources) const;

    zones::Name zone_;
    geo::SourceFiles files_;
    SteeringRules rules_;
    probes::LatencyStore store_;
    std::set<std::string> restored_;  // edges of which nothing was heard since
    std::optional<Clock::time_point> restored_until_;
    std::optional<geo::Sources> sources_;
    bool sources_stale_ = true;
    bool places_good_ = false;  // those of the latest model are still true

    std::vector<std::string> edge_names_;  // of the model
    std::vector<std::vector<geo::Address>> edge_addresses_;
    Model model_;
    Model base_;
    std::uint64_t base_generation_ = 0;
    std::uint64_t learned_revision_ = 0;
    std::uint64_t based_revision_ = 0;
    Clock::time_point learned_{};
    Clock::duration learning_took_{0};
    Clock::time_point based_{};
    double moves_left_ = 0;
};

}  // namespace control
