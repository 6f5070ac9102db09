// SPDX-License-Identifier: Apache-2.0
// What it costs to estimate everything anew, and to compile it: 100,000 client prefixes and 6
// edges. Run a release build, as micro.cpp says, of the target `estimates`.

#include "geo/compile/compiler.hpp"
#include "geo/compile/overlay.hpp"
#include "geo/latency/damping.hpp"
#include "geo/latency/estimator.hpp"
#include "geo/latency/latency_model.hpp"
#include "geo/latency/prior.hpp"
#include "geo/place/cities.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace {

const geo::EdgeSites sites{geo::EdgeSite{{40.71, -74.01}}, geo::EdgeSite{{37.55, -121.99}},
                           geo::EdgeSite{{50.11, 8.68}},   geo::EdgeSite{{51.51, -0.13}},
                           geo::EdgeSite{{1.35, 103.82}},  geo::EdgeSite{{35.68, 139.77}}};

struct World {
    std::vector<geo::Place> clients;
    std::vector<geo::Measurement> measurements;
};

/// Clients within a degree or so of a city, each measured by `edges_each` edges.
World make_world(std::uint32_t client_count, std::size_t edges_each) {
    World world;
    geo::Random random{1};
    const auto scatter = [&] { return (static_cast<float>(random.below(2000)) - 1000) / 700; };
    for (std::uint32_t client = 0; client < client_count; ++client) {
        const auto& city = geo::cities()[random.below(geo::cities().size())];
        geo::Place place;
        place.latitude = static_cast<float>(city.at.latitude) + scatter();
        place.longitude = static_cast<float>(city.at.longitude) + scatter();
        place.country = city.country;
        world.clients.push_back(place);
        const auto first = random.below(sites.size());
        for (std::size_t i = 0; i < edges_each; ++i) {
            const auto edge = static_cast<geo::EdgeIndex>((first + i) % sites.size());
            const double prior = geo::prior_ms(*geo::position_of(place), sites[edge].position);
            world.measurements.push_back({.client = client,
                                          .edge = edge,
                                          .samples = 3,
                                          .smallest_ms = prior + double(random.below(60))});
        }
    }
    return world;
}

void estimate_all(benchmark::State& state) {
    const auto world = make_world(100'000, static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) {
        const geo::Estimator estimator{sites, world.clients, world.measurements};
        std::vector<double> scores(sites.size());
        for (std::uint32_t client = 0; client < world.clients.size(); ++client) {
            for (geo::EdgeIndex edge = 0; edge < sites.size(); ++edge)
                scores[edge] = estimator.of(client, edge).score(geo::default_kappa);
            benchmark::DoNotOptimize(geo::preferred_edge(scores, 0, {}));
        }
    }
}
BENCHMARK(estimate_all)->ArgName("edges_each")->Arg(1)->Arg(6)->Unit(benchmark::kMillisecond);

constexpr std::size_t no_limit = 1'000'000;

geo::Prefix network_of(std::uint32_t client) {
    if (client % 4 != 0) return {{geo::Family::V4, geo::Bits{(11U << 16) + client * 7} << 104}, 24};
    return {{geo::Family::V6, geo::Bits{(0x2400ULL << 32) + client * 77} << 80}, 48};
}

/// Three networks of clients for one of resolvers, and three of IPv4 for one of IPv6.
geo::LatencyFacts make_facts(std::size_t edges_each, std::uint32_t network_count = 100'000) {
    auto world = make_world(network_count, edges_each);
    geo::LatencyFacts facts;
    facts.edges = sites;
    facts.reporting = std::vector<bool>(sites.size(), true);
    facts.home_ms = {12, 70, 95, 88, 230, 180};
    std::vector<std::uint32_t> order(world.clients.size());
    for (std::uint32_t client = 0; client < order.size(); ++client) order[client] = client;
    const auto network = [&](std::uint32_t client) {
        return geo::KnownNetwork{
            client % 7 < 5 ? geo::Population::Clients : geo::Population::Resolvers,
            network_of(client), world.clients[client]};
    };
    std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) {
        return geo::network_before(network(a), network(b));
    });
    std::vector<std::uint32_t> number(order.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) {
        facts.networks.push_back(network(order[i]));
        number[order[i]] = i;
    }
    for (auto& measurement : world.measurements) measurement.client = number[measurement.client];
    facts.measurements = std::move(world.measurements);
    return facts;
}

geo::Policy latency_policy() {
    geo::Policy policy;
    policy.kind = geo::Policy::Kind::Latency;
    policy.via = geo::Via::Home;
    for (geo::EdgeIndex edge = 0; edge < sites.size(); ++edge) {
        geo::Policy child;
        child.edge = edge;
        policy.children.push_back(child);
    }
    policy.biases.resize(sites.size());
    return policy;
}

geo::Sources builtin_sources() {
    geo::Problems problems;
    auto sources = geo::Sources::open({}, problems);
    if (!sources) throw std::runtime_error{geo::to_text(problems.front())};
    return std::move(*sources);
}

std::vector<std::optional<geo::EdgeIndex>> all_measure() {
    std::vector<std::optional<geo::EdgeIndex>> measures;
    for (geo::EdgeIndex edge = 0; edge < sites.size(); ++edge) measures.emplace_back(edge);
    return measures;
}

/// What happens each time that news came in: a model on the one before, and its two overlays.
void serve_all(benchmark::State& state) {
    const auto facts = make_facts(static_cast<std::size_t>(state.range(0)));
    const auto sources = builtin_sources();
    const auto policy = latency_policy();
    const auto before = std::make_shared<const geo::LatencyModel>(facts, geo::LatencyRules{},
                                                                  nullptr, nullptr, no_limit);
    const geo::ZoneLatency base_latency{before, sites, all_measure()};
    const geo::MapRequest request{&policy, &sites, &base_latency};
    const auto base = geo::compile(sources, {&request, 1});
    if (!base) throw std::runtime_error{base.error().text};
    std::size_t leaves = 0;
    for (auto _ : state) {
        auto copy = facts;
        const auto model = std::make_shared<const geo::LatencyModel>(
            std::move(copy), geo::LatencyRules{}, before.get(), before.get(), no_limit);
        const geo::ZoneLatency latency{model, sites, all_measure()};
        for (const auto population : {geo::Population::Clients, geo::Population::Resolvers}) {
            const auto overlay =
                geo::make_overlay(base->front(), policy, sites, latency, population, sources);
            leaves += overlay->leaf_count();
        }
    }
    state.counters["leaves"] = double(leaves) / double(state.iterations());
}
BENCHMARK(serve_all)->ArgName("edges_each")->Arg(1)->Arg(6)->Unit(benchmark::kMillisecond);

/// A model alone, of networks most of which the one before did not know.
void meet_all(benchmark::State& state) {
    const auto facts = make_facts(1);
    const geo::LatencyModel served{make_facts(1, 5'000), {}, nullptr, nullptr, no_limit};
    for (auto _ : state) {
        const geo::LatencyModel model{facts, {}, &served, &served, no_limit};
        benchmark::DoNotOptimize(model.moved());
    }
}
BENCHMARK(meet_all)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
