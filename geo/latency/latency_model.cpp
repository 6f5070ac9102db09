// SPDX-License-Identifier: Apache-2.0
#include "geo/latency/latency_model.hpp"

#include "geo/base/median.hpp"
#include "geo/latency/prior.hpp"

#include <algorithm>
#include <cassert>
#include <functional>
#include <tuple>
#include <utility>

namespace geo {
namespace {

auto rank_at(Population population, const Address& address) {
    return std::tuple{population, address.family, address.bits};
}

std::vector<Place> places_of(const LatencyFacts& facts) {
    std::vector<Place> places;
    places.reserve(facts.networks.size() + facts.landmarks.size());
    for (const auto& network : facts.networks) places.push_back(network.place);
    for (const auto& landmark : facts.landmarks) places.push_back(landmark.place);
    return places;
}

std::size_t first_of(std::span<const double> scores) {
    return static_cast<std::size_t>(std::ranges::min_element(scores) - scores.begin());
}

}  // namespace

LatencyModel::LatencyModel(LatencyFacts facts, const LatencyRules& rules,
                           const LatencyModel* served, const LatencyModel* before,
                           std::size_t moves)
    : facts_{std::move(facts)},
      rules_{rules},
      estimator_{facts_.edges, places_of(facts_), facts_.measurements, rules.tuning} {
    assert(facts_.reporting.size() == edge_count() && facts_.home_ms.size() == edge_count());
    if (edge_count() > 0) settle(served, before, moves);
}

std::optional<std::size_t> LatencyModel::find(Population population, const Address& address) const {
    const auto after = std::ranges::upper_bound(
        facts_.networks, rank_at(population, address), std::less{},
        [](const KnownNetwork& known) { return rank_at(known.population, known.prefix.address); });
    if (after == facts_.networks.begin()) return std::nullopt;
    const auto& found = *std::prev(after);
    if (found.population != population || !found.prefix.contains(address)) return std::nullopt;
    return static_cast<std::size_t>(std::prev(after) - facts_.networks.begin());
}

std::vector<double> LatencyModel::scores_at(const Place& place) const {
    std::vector<double> scores;
    scores.reserve(edge_count());
    for (EdgeIndex edge = 0; edge < edge_count(); ++edge) {
        scores.push_back(score(estimator_.at(place, edge), edge));
    }
    return scores;
}

std::vector<double> LatencyModel::scores_before(std::size_t network, const LatencyModel* served,
                                                const LatencyModel* before) const {
    const auto& [population, prefix, place] = facts_.networks[network];
    if (before != nullptr && before->edge_count() == edge_count()) {
        const auto known = before->find(population, prefix.address);
        if (known) {
            const auto scores = before->scores_of(*known);
            return {scores.begin(), scores.end()};
        }
    }
    if (served != nullptr && served->edge_count() == edge_count()) return served->scores_at(place);
    std::vector<double> priors;
    const auto client = position_of(place);
    for (const auto& edge : facts_.edges) {
        priors.push_back(prior_between(client, edge.known_position()));
    }
    return priors;
}

void LatencyModel::settle(const LatencyModel* served, const LatencyModel* before,
                          std::size_t moves) {
    struct Move {
        std::size_t network;
        double gain;
        std::vector<double> scores;
    };
    std::vector<Move> wanted;
    std::vector<double> scores(edge_count());
    scores_.resize(facts_.networks.size() * edge_count());
    for (std::size_t network = 0; network < facts_.networks.size(); ++network) {
        for (EdgeIndex edge = 0; edge < edge_count(); ++edge) {
            scores[edge] = score(estimate(network, edge), edge);
        }
        const auto old = scores_before(network, served, before);
        auto damped = damped_scores(old, scores, rules_.least_gain);
        const auto at = scores_.begin() + static_cast<std::ptrdiff_t>(network * edge_count());
        const auto first = first_of(old);
        if (first_of(damped) == first) {
            std::ranges::copy(damped, at);
        } else {
            std::ranges::copy(old, at);
            const double gain = scores[first] - *std::ranges::min_element(scores);
            wanted.push_back({network, gain, std::move(damped)});
        }
    }
    moved_ = std::min(moves, wanted.size());
    waiting_ = wanted.size() - moved_;
    std::ranges::stable_sort(wanted, std::greater{}, &Move::gain);
    for (const auto& move : std::span{wanted}.first(moved_)) {
        std::ranges::copy(move.scores, scores_.begin() + static_cast<std::ptrdiff_t>(move.network *
                                                                                     edge_count()));
    }
}

ZoneLatency::ZoneLatency(std::shared_ptr<const LatencyModel> model, const EdgeSites& sites,
                         std::vector<std::optional<EdgeIndex>> measures)
    : model_{std::move(model)}, sites_{sites}, measures_{std::move(measures)} {
    std::vector<double> known;
    for (const auto& measured : measures_) {
        const auto home = measured ? model_->home_ms()[*measured] : std::nullopt;
        if (home) known.push_back(*home);
    }
    if (known.empty()) return;
    const double middle = median(known);
    for (const auto& measured : measures_) {
        const auto home = measured ? model_->home_ms()[*measured] : std::nullopt;
        home_.push_back(home.value_or(middle));
    }
}

std::string ZoneLatency::key() const {
    std::string key;
    for (const auto& measured : measures_)
        key += measured ? std::to_string(*measured) + ' ' : std::string{"- "};
    return key;
}

std::vector<double> ZoneLatency::scores_of(std::size_t network) const {
    return by_edge(model_->scores_of(network), position_of(model_->networks()[network].place));
}

std::vector<double> ZoneLatency::scores_at(const Place& place) const {
    const auto client = position_of(place);
    return client ? by_edge(model_->scores_at(place), client) : std::vector<double>{};
}

std::vector<double> ZoneLatency::by_edge(std::span<const double> scores,
                                         const std::optional<Position>& client) const {
    std::vector<double> found;
    found.reserve(sites_.size());
    for (std::size_t edge = 0; edge < sites_.size(); ++edge) {
        found.push_back(measures_[edge] ? scores[*measures_[edge]]
                                        : prior_between(client, sites_[edge].known_position()));
    }
    return found;
}

}  // namespace geo
