// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/routing_quality/score.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <vector>

namespace bench {
namespace {

constexpr double access_ms = 10;

struct Regret {
    double choices = 0;
    double best = 0;
    double within_10_ms = 0;
    double sum = 0;
    double loss = 0;
};

/// Milliseconds of the best edge that the client is offered.
double least_of(const DataSet& data, const Offer& offer) {
    double least = std::numeric_limits<double>::infinity();
    for (const auto edge : offer.edges)
        least = std::min(least, data.truth.at({offer.client, edge}));
    return least;
}

std::map<ClientIndex, Regret> regrets_of(const DataSet& data, const Scenario& scenario,
                                         const Decisions& decisions) {
    std::map<ClientIndex, double> least;
    for (const auto& offer : scenario.offers) least[offer.client] = least_of(data, offer);
    std::map<ClientIndex, Regret> regrets;
    for (const auto& [client, edge] : decisions) {
        const double chosen = data.truth.at({client, edge});
        const double lost = chosen - least.at(client);
        auto& regret = regrets[client];
        regret.choices += 1;
        regret.best += lost < 0.5 ? 1 : 0;
        regret.within_10_ms += lost <= 10 ? 1 : 0;
        regret.sum += lost;
        regret.loss += 1 - (least.at(client) + access_ms) / (chosen + access_ms);
    }
    return regrets;
}

double quantile(const std::vector<double>& sorted, double share) {
    // The first value that this share of all values does not exceed, safe from rounding.
    const auto rank = std::ceil(share * static_cast<double>(sorted.size()) - 1e-9);
    return sorted[static_cast<std::size_t>(std::max(1.0, rank)) - 1];
}

}  // namespace

Score score(const DataSet& data, const Scenario& scenario, const Decisions& decisions) {
    Score score{.clients = scenario.offers.size()};
    std::vector<double> means;
    for (const auto& [client, regret] : regrets_of(data, scenario, decisions)) {
        means.push_back(regret.sum / regret.choices);
        score.best += 100 * regret.best / regret.choices;
        score.within_10_ms += 100 * regret.within_10_ms / regret.choices;
        score.mean += means.back();
        score.throughput_loss += 100 * regret.loss / regret.choices;
    }
    for (auto member : {&Score::best, &Score::within_10_ms, &Score::mean, &Score::throughput_loss})
        score.*member /= static_cast<double>(means.size());
    std::ranges::sort(means);
    score.median = quantile(means, 0.5);
    score.p90 = quantile(means, 0.9);
    score.p99 = quantile(means, 0.99);
    return score;
}

Score mean_of(const std::vector<Score>& scores) {
    Score mean;
    for (auto member : {&Score::best, &Score::within_10_ms, &Score::mean, &Score::median,
                        &Score::p90, &Score::p99, &Score::throughput_loss}) {
        for (const auto& score : scores) mean.*member += score.*member;
        mean.*member /= static_cast<double>(scores.size());
    }
    return mean;
}

}  // namespace bench
