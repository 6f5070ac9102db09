// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/routing_quality/states.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <utility>

namespace bench {
namespace {

constexpr double share_seen = 0.9;
constexpr std::size_t probes_each = 3;

std::vector<geo::Place> places_of(const DataSet& data) {
    std::vector<geo::Place> places;
    for (const auto& client : data.clients) places.push_back(client.place);
    return places;
}

/// `latency` over the offered edges, and nothing else.
geo::Policy latency_policy(std::span<const geo::EdgeIndex> edges) {
    geo::Policy policy;
    policy.kind = geo::Policy::Kind::Latency;
    for (const auto edge : edges) policy.children.emplace_back().edge = edge;
    policy.biases.resize(edges.size());
    return policy;
}

/// `before` is the client's last answer; null when there was none.
geo::EdgeIndex choose(const geo::Estimator& estimator, const Offer& offer, const Decision* before,
                      const Rules& rules) {
    std::vector<double> scores;
    std::optional<geo::EdgeIndex> now;
    for (const auto edge : offer.edges) {
        if (before != nullptr && before->edge == edge) {
            now = static_cast<geo::EdgeIndex>(scores.size());
        }
        scores.push_back(estimator.of(offer.client, edge).score(rules.kappa));
    }
    return offer.edges[geo::preferred_edge(scores, now, rules.least_gain)];
}

/// The hosts that may be landmarks: each is the one that is farthest from all before it.
std::vector<ClientIndex> spread_landmarks(const DataSet& data) {
    std::vector<ClientIndex> left;
    for (ClientIndex i = 0; i < data.clients.size(); ++i) {
        if (data.clients[i].landmark && data.clients[i].place.point()) left.push_back(i);
    }
    std::vector<ClientIndex> order;
    std::vector<double> distance(data.clients.size(), std::numeric_limits<double>::infinity());
    while (!left.empty()) {
        const auto farthest =
            std::ranges::max_element(left, std::less{}, [&](ClientIndex i) { return distance[i]; });
        const auto chosen = *farthest;
        left.erase(farthest);
        order.push_back(chosen);
        for (const auto i : left) {
            distance[i] =
                std::min(distance[i], geo::kilometres_between(*data.clients[chosen].place.point(),
                                                              *data.clients[i].place.point()));
        }
    }
    return order;
}

geo::Measurement measurement(const Pair& pair, std::span<const double> samples) {
    return {.client = pair.first,
            .edge = pair.second,
            .samples = static_cast<std::uint32_t>(samples.size()),
            .smallest_ms = *std::ranges::min_element(samples)};
}

std::vector<geo::EdgeIndex> edges_of(const Scenario& scenario) {
    std::vector<geo::EdgeIndex> edges;
    for (const auto& offer : scenario.offers) {
        for (const auto edge : offer.edges) {
            if (std::ranges::find(edges, edge) == edges.end()) edges.push_back(edge);
        }
    }
    return edges;
}

/// What the edges know of each landmark but `left_out`.
std::vector<geo::Measurement> pings(const DataSet& data, std::span<const geo::EdgeIndex> edges,
                                    std::span<const ClientIndex> landmarks,
                                    std::optional<ClientIndex> left_out, std::size_t count) {
    std::vector<geo::Measurement> measurements;
    for (const auto landmark : landmarks) {
        if (landmark == left_out) continue;
        if (count-- == 0) break;
        for (const auto edge : edges) {
            const auto samples = data.samples.find({landmark, edge});
            if (samples != data.samples.end())
                measurements.push_back(measurement({landmark, edge}, samples->second));
        }
    }
    return measurements;
}

/// Clients and edges as they learn of each other.
class Simulation {
 public:
    Simulation(const DataSet& data, const Scenario& scenario, const Rules& rules,
               std::uint64_t seed)
        : data_{data}, scenario_{scenario}, rules_{rules}, random_{seed} {}

    void probe() {
        for (const auto& [client, edges] : scenario_.offers) {
            if (!data_.clients[client].answers_probes) continue;
            for (const auto edge : edges) {
                for (std::size_t i = 0; i < probes_each; ++i) see({client, edge});
            }
        }
    }

    /// One answer to each client.
    const Decisions& answer(std::span<const geo::Place> places) {
        std::vector<geo::Measurement> measurements;
        for (const auto& [pair, count] : seen_) {
            const auto& samples = data_.samples.at(pair);
            auto known =
                measurement(pair, std::span{samples}.first(std::min(count, samples.size())));
            known.samples = static_cast<std::uint32_t>(count);
            measurements.push_back(known);
        }
        const geo::Estimator estimator{data_.sites, places, measurements, rules_.tuning};
        const auto before = std::exchange(answers_, {});
        for (std::size_t i = 0; i < scenario_.offers.size(); ++i) {
            const auto& offer = scenario_.offers[i];
            const auto* last = before.empty() ? nullptr : &before[i];
            const auto edge = choose(estimator, offer, last, rules_);
            answers_.push_back({offer.client, edge});
        }
        for (const auto& [client, edge] : answers_) {
            if (static_cast<double>(random_.below(1000)) < 1000 * share_seen) see({client, edge});
        }
        return answers_;
    }

 private:
    /// When there are no more samples, those that are known are confirmed.
    void see(const Pair& pair) {
        if (data_.samples.contains(pair)) ++seen_[pair];
    }

    const DataSet& data_;
    const Scenario& scenario_;
    const Rules& rules_;
    geo::Random random_;
    std::map<Pair, std::size_t> seen_;
    Decisions answers_;
};

}  // namespace

Decisions decide_cold(const DataSet& data, const Scenario& scenario) {
    Decisions decisions;
    for (const auto& [client, edges] : scenario.offers) {
        const auto policy = latency_policy(edges);
        const auto order = geo::ranking(policy, data.sites, data.clients[client].place);
        decisions.push_back({client, policy.children[order.front()].edge});
    }
    return decisions;
}

Decisions decide_by_landmarks(const DataSet& data, const Scenario& scenario, const Rules& rules) {
    const auto landmarks = spread_landmarks(data);
    const auto places = places_of(data);
    const auto edges = edges_of(scenario);
    const auto estimator_without = [&](std::optional<ClientIndex> client) {
        return geo::Estimator{data.sites, places,
                              pings(data, edges, landmarks, client, rules.landmarks), rules.tuning};
    };
    const auto shared = estimator_without(std::nullopt);
    const auto used = std::span{landmarks}.first(std::min(landmarks.size(), rules.landmarks));
    Decisions decisions;
    for (const auto& offer : scenario.offers) {
        // A landmark is judged by the others alone, like any client that nobody has measured.
        const bool is_landmark = std::ranges::find(used, offer.client) != used.end();
        const auto edge = is_landmark
                              ? choose(estimator_without(offer.client), offer, nullptr, rules)
                              : choose(shared, offer, nullptr, rules);
        decisions.push_back({offer.client, edge});
    }
    return decisions;
}

Followed follow(const DataSet& data, const Scenario& scenario, Probing probing,
                const Rules& rules) {
    const auto places = places_of(data);
    Followed followed;
    for (unsigned run = 1; run <= rules.runs; ++run) {
        Simulation simulation{data, scenario, rules, run};
        if (probing == Probing::On) simulation.probe();
        for (unsigned round = 1; round <= 30; ++round) {
            const auto& answers = simulation.answer(places);
            followed.all.insert(followed.all.end(), answers.begin(), answers.end());
            auto* kept = round == 10 ? &followed.at_10 : round == 30 ? &followed.at_30 : nullptr;
            if (kept != nullptr) kept->insert(kept->end(), answers.begin(), answers.end());
        }
    }
    return followed;
}

}  // namespace bench
