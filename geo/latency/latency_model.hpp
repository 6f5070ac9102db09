// SPDX-License-Identifier: Apache-2.0
#pragma once
// What all nodes have measured, and what follows for every client: the estimator with the networks
// that it was fed, each edge's round trip to the server behind it, and the scores by which each
// measured network is served. These scores are damped: they follow the estimates only where a
// network's move gains enough, and only a limited number of networks move at a time.
//
// Built on a thread of its own, const from then on.

#include "geo/latency/damping.hpp"
#include "geo/latency/latency_facts.hpp"
#include "geo/place/address.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace geo {

struct LatencyRules {
    double kappa = default_kappa;
    LeastGain least_gain;
    EstimatorTuning tuning;
};

class LatencyModel {
 public:
    /// `served` is the model that serves clients without a measurement now; null: the prior does.
    /// `before` is the latest model; null for the first one. At most `moves` networks get another
    /// first edge than before: those that gain most.
    LatencyModel(LatencyFacts facts, const LatencyRules& rules, const LatencyModel* served,
                 const LatencyModel* before, std::size_t moves);

    [[nodiscard]] const LatencyFacts& facts() const noexcept { return facts_; }
    [[nodiscard]] std::size_t edge_count() const noexcept { return facts_.edges.size(); }
    [[nodiscard]] std::span<const KnownNetwork> networks() const noexcept {
        return facts_.networks;
    }
    /// Returns the index of the network that holds the address; nothing when there is none.
    [[nodiscard]] std::optional<std::size_t> find(Population population,
                                                  const Address& address) const;

    /// Returns the scores by which a network is served, in milliseconds by edge.
    [[nodiscard]] std::span<const double> scores_of(std::size_t network) const {
        return std::span{scores_}.subspan(network * edge_count(), edge_count());
    }
    /// Returns the scores for clients that were not measured.
    [[nodiscard]] std::vector<double> scores_at(const Place& place) const;

    [[nodiscard]] Estimate estimate(std::size_t network, EdgeIndex edge) const {
        return estimator_.of(static_cast<std::uint32_t>(network), edge);
    }
    [[nodiscard]] Estimate estimate_at(const Place& place, EdgeIndex edge) const {
        return estimator_.at(place, edge);
    }
    /// Returns the milliseconds by which the score is better than the estimate. 0 for an edge that
    /// does not report: sending clients there teaches nothing.
    [[nodiscard]] double optimism(const Estimate& estimate, EdgeIndex edge) const noexcept {
        return facts_.reporting[edge] ? estimate.optimism(rules_.kappa) : 0;
    }
    [[nodiscard]] const std::vector<std::optional<double>>& home_ms() const noexcept {
        return facts_.home_ms;
    }
    /// moved(): how many networks got another first edge. waiting(): how many should get one but
    /// have to wait.
    [[nodiscard]] std::size_t moved() const noexcept { return moved_; }
    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_; }

 private:
    [[nodiscard]] double score(const Estimate& estimate, EdgeIndex edge) const noexcept {
        return estimate.estimate - optimism(estimate, edge);
    }
    /// Returns the scores by which a network was served until now.
    [[nodiscard]] std::vector<double> scores_before(std::size_t network, const LatencyModel* served,
                                                    const LatencyModel* before) const;
    void settle(const LatencyModel* served, const LatencyModel* before, std::size_t moves);

    LatencyFacts facts_;
    LatencyRules rules_;
    Estimator estimator_;
    std::vector<double> scores_;  // by network and edge
    std::size_t moved_ = 0;
    std::size_t waiting_ = 0;
};

/// A model as one zone's edges see it. Edges that do not measure are judged by the prior alone.
class ZoneLatency {
 public:
    /// `measures` gives the model's number of each edge of the zone, or nothing.
    ZoneLatency(std::shared_ptr<const LatencyModel> model, const EdgeSites& sites,
                std::vector<std::optional<EdgeIndex>> measures);

    [[nodiscard]] const LatencyModel& model() const noexcept { return *model_; }
    [[nodiscard]] std::optional<EdgeIndex> measured_as(EdgeIndex edge) const {
        return measures_[edge];
    }
    /// Returns a key. Two views of one model with equal keys are equal if the zones' edges have
    /// equal locations.
    [[nodiscard]] std::string key() const;

    /// Returns milliseconds by edge of the zone. scores_at() is empty for a client without a place.
    [[nodiscard]] std::vector<double> scores_of(std::size_t network) const;
    [[nodiscard]] std::vector<double> scores_at(const Place& place) const;
    /// Returns the round trips from the edges to the server behind them, by edge of the zone; empty
    /// when none is known. An unknown one counts as the median of the known ones, so it is neither
    /// good nor bad; with three known, no single node moves that median far.
    [[nodiscard]] std::span<const double> home() const noexcept { return home_; }
    /// True if the round trip from this edge to the server behind it was measured.
    [[nodiscard]] bool home_known(EdgeIndex edge) const {
        return measures_[edge] && model_->home_ms()[*measures_[edge]].has_value();
    }

 private:
    [[nodiscard]] std::vector<double> by_edge(std::span<const double> scores,
                                              const std::optional<Position>& client) const;

    std::shared_ptr<const LatencyModel> model_;
    EdgeSites sites_;
    std::vector<std::optional<EdgeIndex>> measures_;
    std::vector<double> home_;
};

}  // namespace geo
