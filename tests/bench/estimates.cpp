// SPDX-License-Identifier: Apache-2.0
// What it costs to estimate everything anew: 100,000 client prefixes and 6 edges. Run a release
// build, as micro.cpp says, of the target `estimates`.

#include "geo/cities.hpp"
#include "geo/damping.hpp"
#include "geo/estimator.hpp"
#include "geo/prior.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
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

}  // namespace

BENCHMARK_MAIN();
