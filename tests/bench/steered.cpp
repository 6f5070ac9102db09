// SPDX-License-Identifier: Apache-2.0
// What it costs to steer: a `geo` and a `latency` name over one database, the latter with 100,000
// measured networks laid over its map. Half of the client subnets are measured. Run a release build,
// as micro.cpp says, of the target `steered`; a database file in ISOCHRONE_DATABASE takes the place
// of the built-in one.

#include "dnsd/engine/respond.hpp"
#include "geo/compile/compiler.hpp"
#include "geo/compile/overlay.hpp"
#include "geo/latency/latency_model.hpp"
#include "geo/latency/prior.hpp"
#include "geo/place/cities.hpp"
#include "zones/file/zone_file.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using Message = std::vector<std::uint8_t>;

constexpr std::size_t network_count = 100'000;
constexpr std::uint32_t unicast_24s = 0xE00000;  // /24 networks below 224.0.0.0

enum Steered : std::size_t { Geo, Latency };  // in the order of the zone's names

constexpr const char* zone_text = R"({"zone": "bench.example", "nameservers": {"ns1": "192.0.2.1"},
    "edges": {"a": {"addresses": "192.0.2.10", "location": "New York, US"},
              "b": {"addresses": "192.0.2.11", "location": "Frankfurt, DE"},
              "c": {"addresses": "192.0.2.12", "location": "Singapore"}},
    "records": {"g": {"steer": {"geo": {"continent:EU": "b", "continent:AF": "b",
                                        "continent:AS": "c", "continent:OC": "c", "*": "a"}}},
                "l": {"steer": {"latency": ["a", "b", "c"]}}}})";

geo::Address network_address(std::uint64_t number) {
    return {geo::Family::V4, geo::Bits{number} << 104};
}

/// Distinct /24 networks, in order.
std::set<std::uint64_t> draw_networks() {
    geo::Random random{1};
    std::set<std::uint64_t> drawn;
    while (drawn.size() < network_count) drawn.insert((1U << 16) + random.below(unicast_24s >> 1));
    return drawn;
}

/// Clients near a city, and round trips to one edge of them that are not what the way lets expect.
std::shared_ptr<const geo::LatencyModel> make_model(const geo::EdgeSites& sites,
                                                    const std::set<std::uint64_t>& networks) {
    geo::Random random{2};
    geo::LatencyFacts facts;
    facts.edges = sites;
    facts.reporting = std::vector<bool>(sites.size(), true);
    facts.home_ms.resize(sites.size());
    for (const auto number : networks) {
        const auto& city = geo::cities()[random.below(geo::cities().size())];
        geo::Place place;
        place.latitude = static_cast<float>(city.at.latitude);
        place.longitude = static_cast<float>(city.at.longitude);
        place.country = city.country;
        const auto client = static_cast<std::uint32_t>(facts.networks.size());
        const auto edge = static_cast<geo::EdgeIndex>(random.below(sites.size()));
        facts.networks.push_back({geo::Population::Clients, {network_address(number), 24}, place});
        facts.measurements.push_back({.client = client,
                                      .edge = edge,
                                      .samples = 14,
                                      .smallest_ms = double(5 + random.below(200))});
    }
    constexpr std::size_t all_may_move = 1'000'000;
    return std::make_shared<const geo::LatencyModel>(std::move(facts), geo::LatencyRules{}, nullptr,
                                                     nullptr, all_may_move);
}

geo::Sources open_sources() {
    geo::SourceFiles files;
    if (const auto* path = std::getenv("ISOCHRONE_DATABASE")) files.databases.emplace_back(path);
    geo::Problems problems;
    auto sources = geo::Sources::open(files, problems);
    if (!sources) throw std::runtime_error{geo::to_text(problems.front())};
    return std::move(*sources);
}

struct World {
    engine::Snapshot snapshot;
    std::vector<std::uint64_t> clients;  // /24 networks, every other one measured
    [[nodiscard]] const geo::LayeredMap& map(std::size_t steered) const {
        return snapshot.catalog.zones().front().maps[steered];
    }
};

std::vector<std::uint64_t> draw_clients(const std::set<std::uint64_t>& measured) {
    const std::vector<std::uint64_t> all{measured.begin(), measured.end()};
    geo::Random random{3};
    std::vector<std::uint64_t> clients;
    for (int i = 0; i < 16384; ++i) {
        clients.push_back(all[random.below(all.size())]);
        clients.push_back(random.below(unicast_24s));
    }
    return clients;
}

World make_world() {
    geo::Problems problems;
    zones::ServedZone served{.zone = zones::read_zone(zone_text, "bench", 1, problems)};
    if (served.zone == nullptr) throw std::runtime_error{geo::to_text(problems.front())};
    const auto sources = open_sources();
    const auto& sites = served.zone->sites();
    const auto networks = draw_networks();
    const std::vector<std::optional<geo::EdgeIndex>> measures{0, 1, 2};
    served.latency =
        std::make_shared<const geo::ZoneLatency>(make_model(sites, networks), sites, measures);
    std::vector<geo::MapRequest> requests;
    for (const auto& steer : served.zone->steers())
        requests.push_back({&steer.policy, &sites, served.latency.get()});
    const auto maps = geo::compile(sources, requests).value();
    served.maps = {maps.begin(), maps.end()};
    const auto over = [&](geo::Population population) {
        return geo::make_overlay(maps[Latency], served.zone->steers()[Latency].policy, sites,
                                 *served.latency, population, sources);
    };
    const std::array overlays{over(geo::Population::Clients), over(geo::Population::Resolvers)};
    served.maps[Latency] = geo::LayeredMap{maps[Latency], overlays};
    World world{.snapshot = {}, .clients = draw_clients(networks)};
    world.snapshot.catalog = zones::Catalog{{std::move(served)}};
    return world;
}

const World& world() {
    static const World made = make_world();
    return made;
}

/// An A query of one name with a client subnet of 24 bits (RFC 7871 §6).
Message query(std::size_t steered, std::uint64_t network) {
    const auto first = static_cast<std::uint8_t>(steered == Geo ? 'g' : 'l');
    Message message{0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, first, 5};
    for (const char letter : std::string{"bench\7example"})
        message.push_back(static_cast<std::uint8_t>(letter));
    message.insert(message.end(), {0, 0, 1, 0, 1});
    message.insert(message.end(), {0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 11, 0, 8, 0, 7, 0, 1, 24, 0});
    for (const unsigned shift : {16U, 8U, 0U})
        message.push_back(static_cast<std::uint8_t>(network >> shift));
    return message;
}

void respond(benchmark::State& state) {
    std::vector<Message> messages;
    for (const auto client : world().clients)
        messages.push_back(query(static_cast<std::size_t>(state.range(0)), client));
    std::vector<engine::Query> batch(static_cast<std::size_t>(state.range(1)));
    std::vector<std::uint8_t> out(wire::max_message);
    geo::Random random{1};
    std::size_t i = 0;
    for (auto _ : state) {
        for (auto& asked : batch) asked.message = messages[++i % messages.size()];
        engine::read(world().snapshot, batch);
        for (auto& asked : batch)
            benchmark::DoNotOptimize(engine::respond(world().snapshot, asked, random, out));
    }
    state.SetItemsProcessed(state.iterations() * state.range(1));
}
BENCHMARK(respond)->ArgNames({"latency", "batch"})->ArgsProduct({{Geo, Latency}, {1, 32}});

void find(benchmark::State& state) {
    const auto& map = world().map(static_cast<std::size_t>(state.range(0)));
    std::vector<geo::Address> clients;
    for (const auto client : world().clients) clients.push_back(network_address(client));
    std::size_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(map.find(clients[++i % clients.size()], geo::Population::Clients));
    }
    const auto& overlay = map.overlay(geo::Population::Clients);
    state.counters["base_kB"] = double(map.base()->memory()) / 1024;
    state.counters["overlay_kB"] = overlay == nullptr ? 0 : double(overlay->memory()) / 1024;
}
BENCHMARK(find)->ArgName("latency")->Arg(Geo)->Arg(Latency);

}  // namespace

BENCHMARK_MAIN();
