// SPDX-License-Identifier: Apache-2.0
#include "tests/dnsd/measured_world.hpp"

#include "geo/compile/overlay.hpp"
#include "tests/support/random_space.hpp"

#include <array>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace support {
namespace {

using geo::Population;

constexpr const char* steered = R"(
    "@":    {"steer": {"latency": ["newyork", "frankfurt", "singapore"]}},
    "home": {"steer": {"latency": ["newyork", "frankfurt", "singapore"], "via": "home"}})";

class Facts {
 public:
    Facts(const geo::EdgeSites& edges, const geo::Sources& sources) : sources_{sources} {
        facts_.edges = edges;
        facts_.reporting = {true, true, false};
        facts_.home_ms = {40, 60, std::nullopt};
    }
    /// Networks have to come in order.
    void add(Population population, const char* network, const std::vector<double>& milliseconds) {
        const auto number = static_cast<std::uint32_t>(facts_.networks.size());
        const auto place = sources_.find(prefix(network).address).place;
        facts_.networks.push_back({population, prefix(network), place});
        for (geo::EdgeIndex edge = 0; edge < milliseconds.size(); ++edge) {
            facts_.measurements.push_back({.client = number,
                                           .edge = edge,
                                           .samples = 14,
                                           .smallest_ms = milliseconds[edge],
                                           .age_s = 180});
        }
    }
    [[nodiscard]] const geo::LatencyFacts& all() const { return facts_; }

 private:
    const geo::Sources& sources_;
    geo::LatencyFacts facts_;
};

/// The network that gains least has to wait.
std::shared_ptr<const geo::LatencyModel> make_model(const geo::EdgeSites& edges,
                                                    const geo::Sources& sources) {
    Facts facts{edges, sources};
    facts.add(Population::Clients, "20.1.2.0/24", {200, 150, 10});
    facts.add(Population::Clients, "20.1.3.0/24", {200, 50, 30});
    facts.add(Population::Clients, "2a00:1:2::/48", {210, 160, 11});
    facts.add(Population::Resolvers, "20.1.2.0/24", {5, 150, 200});
    return std::make_shared<const geo::LatencyModel>(facts.all(), geo::LatencyRules{}, nullptr,
                                                     nullptr, 3);
}

}  // namespace

World measured_world() {
    const auto sources = open_three_countries();
    World world{{zone_text("example.", steered, three_edges)}, &sources};
    auto served = world.snapshot.catalog.zones();
    auto& zone = served.front();
    const auto& sites = zone.zone->sites();
    const std::vector<std::optional<geo::EdgeIndex>> measures{0, 1, 2};
    zone.latency =
        std::make_shared<const geo::ZoneLatency>(make_model(sites, sources), sites, measures);
    for (std::size_t i = 0; i < zone.maps.size(); ++i) {
        const auto& policy = zone.zone->steers()[i].policy;
        const auto base = zone.maps[i].base();
        const auto over = [&](Population population) {
            return geo::make_overlay(base, policy, sites, *zone.latency, population, sources);
        };
        const std::array overlays{over(Population::Clients), over(Population::Resolvers)};
        zone.maps[i] = geo::LayeredMap{base, overlays};
    }
    world.snapshot.catalog = zones::Catalog{std::move(served)};
    return world;
}

}  // namespace support
