// SPDX-License-Identifier: Apache-2.0
#include "geo/latency/latency_facts.hpp"

#include <algorithm>
#include <cassert>
#include <set>

namespace geo {
namespace {

auto rank(const KnownNetwork& network) {
    const auto& address = network.prefix.address;
    return std::tuple{network.population, address.family, address.bits};
}

auto key_of(const KnownLandmark& landmark) {
    return std::tuple{landmark.name, landmark.place.latitude, landmark.place.longitude};
}

/// True if the edge's node has spoken in `now` and is not the process that `then` knows, if any.
bool is_new_node(const LatencyFacts& now, const LatencyFacts& then, EdgeIndex edge) {
    if (edge >= now.nodes.size() || now.nodes[edge].empty()) return false;
    return edge >= then.nodes.size() || now.nodes[edge] != then.nodes[edge];
}

bool same(const Place& a, const Place& b) {
    const bool at_one_point =
        a.has_point() ? a.latitude == b.latitude && a.longitude == b.longitude : !b.has_point();
    return at_one_point && a.asn == b.asn && a.continent == b.continent && a.country == b.country &&
           a.subdivision == b.subdivision;
}

/// The pairs of landmark and edge that were measured.
class LandmarkWays {
 public:
    explicit LandmarkWays(const LatencyFacts& facts) {
        for (const auto& measurement : facts.measurements) {
            if (measurement.client < facts.networks.size()) continue;
            const auto& landmark = facts.landmarks[measurement.client - facts.networks.size()];
            known_.emplace(key_of(landmark), measurement.edge);
        }
    }
    [[nodiscard]] bool has(const KnownLandmark& landmark, EdgeIndex edge) const {
        return known_.contains({key_of(landmark), edge});
    }
    [[nodiscard]] bool includes(const LandmarkWays& others) const {
        return std::ranges::includes(known_, others.known_);
    }

 private:
    std::set<std::pair<std::tuple<std::string, float, float>, EdgeIndex>> known_;
};

/// Adds the measurements of `facts` for which `wanted(measurement, landmark or null)` is true.
template <class Wanted>
void add_to(MeasurementList& list, const LatencyFacts& facts, Wanted wanted) {
    for (const auto& measurement : facts.measurements) {
        if (measurement.client < facts.networks.size()) {
            if (wanted(measurement, nullptr))
                list.add(facts.networks[measurement.client], measurement);
            continue;
        }
        const auto& landmark = facts.landmarks[measurement.client - facts.networks.size()];
        if (wanted(measurement, &landmark)) list.add(landmark, measurement);
    }
}

}  // namespace

bool network_before(const KnownNetwork& a, const KnownNetwork& b) noexcept {
    return rank(a) < rank(b);
}

void MeasurementList::add(const KnownNetwork& network, const Measurement& measurement) {
    networks_.emplace_back(network, measurement);
}

void MeasurementList::add(const KnownLandmark& landmark, const Measurement& measurement) {
    const auto [at, added] = numbers_.try_emplace(key_of(landmark), landmarks_.size());
    if (added) landmarks_.push_back(landmark);
    at_landmarks_.emplace_back(at->second, measurement);
}

void MeasurementList::move_into(LatencyFacts& facts) {
    std::ranges::stable_sort(networks_, network_before,
                             &std::pair<KnownNetwork, Measurement>::first);
    facts.networks.clear();
    facts.measurements.clear();
    facts.measurements.reserve(networks_.size() + at_landmarks_.size());
    const auto add = [&facts](std::size_t client, Measurement measurement) {
        measurement.client = static_cast<std::uint32_t>(client);
        facts.measurements.push_back(measurement);
    };
    for (const auto& [network, measurement] : networks_) {
        if (facts.networks.empty() || network_before(facts.networks.back(), network))
            facts.networks.push_back(network);
        add(facts.networks.size() - 1, measurement);
    }
    for (const auto& [landmark, measurement] : at_landmarks_)
        add(facts.networks.size() + landmark, measurement);
    facts.landmarks = std::move(landmarks_);
    *this = {};
}

bool same_places(const LatencyFacts& a, const LatencyFacts& b) {
    auto other = b.networks.begin();
    for (const auto& network : a.networks) {
        while (other != b.networks.end() && network_before(*other, network)) ++other;
        if (other == b.networks.end()) return true;
        if (!network_before(network, *other) && !same(network.place, other->place)) return false;
    }
    return true;
}

bool has_news(const LatencyFacts& now, const LatencyFacts& then) {
    assert(now.edges.size() == then.edges.size());
    for (EdgeIndex edge = 0; edge < now.edges.size(); ++edge) {
        if (is_new_node(now, then, edge)) return true;
        if (now.home_ms[edge] && !then.home_ms[edge]) return true;
    }
    return !LandmarkWays{then}.includes(LandmarkWays{now});
}

LatencyFacts with_news(const LatencyFacts& then, const LatencyFacts& now) {
    assert(now.edges.size() == then.edges.size());
    LatencyFacts facts{.edges = then.edges,
                       .nodes = then.nodes,
                       .reporting = then.reporting,
                       .home_ms = then.home_ms,
                       .networks = {},
                       .landmarks = {},
                       .measurements = {}};
    std::vector<bool> is_new;
    facts.nodes.resize(now.edges.size());
    for (EdgeIndex edge = 0; edge < now.edges.size(); ++edge) {
        is_new.push_back(is_new_node(now, then, edge));
        if (is_new[edge]) facts.nodes[edge] = now.nodes[edge];
        if (is_new[edge] || now.reporting[edge]) facts.reporting[edge] = now.reporting[edge];
        if (is_new[edge] || now.home_ms[edge]) facts.home_ms[edge] = now.home_ms[edge];
    }
    MeasurementList list;
    list.reserve(then.measurements.size());
    const LandmarkWays known{then};
    add_to(list, then,
           [&](const Measurement& one, const KnownLandmark*) { return !is_new[one.edge]; });
    add_to(list, now, [&](const Measurement& one, const KnownLandmark* landmark) {
        return is_new[one.edge] || (landmark != nullptr && !known.has(*landmark, one.edge));
    });
    list.move_into(facts);
    return facts;
}

}  // namespace geo
