// SPDX-License-Identifier: Apache-2.0
#include "geo/latency/estimator.hpp"

#include "geo/base/median.hpp"
#include "geo/latency/prior.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace geo {
namespace {

constexpr double one = 1024;  // of Residual

// A greater difference from the prior is a fault of the database or of the prober, and must not
// move a whole group.
constexpr double least_residual_ms = -150;
constexpr double most_residual_ms = 400;
constexpr double most_own_ms = 60;  // what an access line, or a wrong place, may make of all edges

std::vector<std::optional<Position>> positions_of(const EdgeSites& edges) {
    std::vector<std::optional<Position>> positions;
    for (const auto& site : edges) {
        positions.push_back(site.known_position());
    }
    return positions;
}

std::vector<std::optional<Position>> positions_of(std::span<const Place> places) {
    std::vector<std::optional<Position>> positions;
    positions.reserve(places.size());
    for (const auto& place : places) positions.push_back(position_of(place));
    return positions;
}

}  // namespace

Estimator::Estimator(const EdgeSites& edges, std::span<const Place> clients,
                     std::span<const Measurement> measurements, const EstimatorTuning& tuning)
    : tuning_{tuning},
      edges_{positions_of(edges)},
      clients_{positions_of(clients)},
      groups_{clients_, edges_.size(), tuning.group} {
    store(measurements);
    for (std::uint32_t client = 0; client < clients_.size(); ++client) {
        for (const auto& known : own(client)) groups_.add(client, known.edge, known.residual);
    }
    groups_.spread();
    find_offsets();
}

Estimator::Own Estimator::as_it_counts(const Measurement& measurement) const {
    const auto& [client, edge, samples, smallest_ms, age_s] = measurement;
    const double fresh = samples * std::exp2(-std::max(0.0, age_s) / tuning_.half_life_s);
    const double residual = std::clamp(smallest_ms - prior_between(clients_[client], edges_[edge]),
                                       least_residual_ms, most_residual_ms);
    return {.edge = edge,
            .smallest_ms = smallest_ms,
            .samples = fresh,
            .age_s = age_s,
            .residual = {.milliseconds_1024 = std::llround(residual * one),
                         .weight_1024 = std::llround(std::min(1.0, fresh) * one)}};
}

/// Sorts the measurements by client, then by edge.
void Estimator::store(std::span<const Measurement> measurements) {
    first_own_.assign(clients_.size() + 1, 0);
    for (const auto& measurement : measurements) {
        assert(measurement.client < clients_.size() && measurement.edge < edges_.size());
        ++first_own_[measurement.client + 1];
    }
    std::partial_sum(first_own_.begin(), first_own_.end(), first_own_.begin());
    own_.resize(measurements.size());
    auto next = first_own_;
    for (const auto& measurement : measurements) {
        own_[next[measurement.client]++] = as_it_counts(measurement);
    }
    for (std::size_t client = 0; client < clients_.size(); ++client) {
        const auto of_client = std::span{own_}.subspan(first_own_[client],
                                                       first_own_[client + 1] - first_own_[client]);
        std::ranges::sort(of_client, std::less{}, &Own::edge);
    }
}

/// One edge's figures about a client may move the estimates for other edges only a little, and
/// never away from what the others say: that edge may lie.
void Estimator::find_offsets() {
    offsets_.reserve(clients_.size());
    std::vector<double> rests;
    for (std::uint32_t client = 0; client < clients_.size(); ++client) {
        const auto measured = own(client);
        rests.clear();
        double weight = 0;
        for (const auto& known : measured) {
            const auto& [milliseconds, share] = known.residual;
            const double group = groups_.mean(client, known.edge, known.residual);
            rests.push_back(static_cast<double>(milliseconds) / one - group);
            weight += static_cast<double>(share) / one;
        }
        if (rests.size() != 1) rests.push_back(0);  // where they do not agree, nothing is known
        const double rest = std::clamp(median(rests), -most_own_ms, most_own_ms);
        offsets_.push_back(rest * weight / (weight + tuning_.own_inertia));
    }
}

std::span<const Estimator::Own> Estimator::own(std::uint32_t client) const {
    return std::span{own_}.subspan(first_own_[client], first_own_[client + 1] - first_own_[client]);
}

Estimate Estimator::of(std::uint32_t client, EdgeIndex edge) const {
    Estimate terms{.own_offset = offsets_[client], .measured = {}};
    const auto measured = own(client);
    const auto known = std::ranges::find(measured, edge, &Own::edge);
    Residual residual;
    if (known != measured.end()) {
        terms.measured = known->smallest_ms;
        terms.samples = known->samples;
        terms.age_s = known->age_s;
        residual = known->residual;
    }
    terms.group = groups_.mean(client, edge, residual);
    return conclude(terms, clients_[client], edge);
}

Estimate Estimator::at(const Place& place, EdgeIndex edge) const {
    const auto position = position_of(place);
    Estimate terms{.measured = {}};
    if (position) terms.group = groups_.mean_at(*position, edge);
    return conclude(terms, position, edge);
}

Estimate Estimator::conclude(Estimate terms, const MaybePosition& client, EdgeIndex edge) const {
    const auto& site = edges_[edge];
    terms.prior = prior_between(client, site);
    const double least = client && site ? fibre_ms(*client, *site) : 0;
    const double base = std::max(least, terms.prior + terms.group + terms.own_offset);
    terms.estimate = (terms.samples * terms.measured.value_or(0) + tuning_.base_samples * base) /
                     (terms.samples + tuning_.base_samples);
    terms.sigma = std::max(tuning_.least_sigma_ms, tuning_.sigma_share * base);
    if (terms.samples > 0) {
        terms.sigma = std::min(terms.sigma, tuning_.sample_sigma_ms / std::sqrt(terms.samples));
    }
    return terms;
}

}  // namespace geo
