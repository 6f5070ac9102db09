// SPDX-License-Identifier: Apache-2.0
#include "geo/compile/overlay.hpp"

#include "geo/compile/compiler.hpp"
#include "geo/latency/prior.hpp"
#include "geo/policy/layered_map.hpp"
#include "tests/geo/pieces.hpp"
#include "tests/geo/random_world.hpp"
#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace compile_overlay_test {

using geo::Address;
using geo::EdgeIndex;
using geo::Family;
using geo::KnownNetwork;
using geo::LatencyModel;
using geo::LayeredMap;
using geo::Policy;
using geo::Population;
using geo::Prefix;
using geo::ZoneLatency;
using support::draw;
using support::edge;
using support::Generator;
using support::of_kind;
using support::prefix;
using support::RandomWorld;
using support::ranked_all;
using support::six_sites;

namespace {

constexpr std::size_t no_limit = 1'000'000;
constexpr Population populations[] = {Population::Clients, Population::Resolvers};

/// Addresses of these carry IPv4 clients, or nobody.
constexpr const char* never_measured[] = {"2002:c000:200::/48", "2002:5000::/48", "2001:0:5::/48",
                                          "::/48", "64:ff9b::/48"};

Prefix random_network(RandomWorld& world) {
    auto& generator = world.generator();
    const auto special = draw(generator, 0, 19);
    if (special < std::size(never_measured)) return prefix(never_measured[special]);
    const auto around = world.cuts()[draw(generator, 0, world.cuts().size() - 1)];
    const auto at = support::random_address_in(generator, around);
    return support::prefix_around(at, at.family == Family::V4 ? 24 : 48);
}

std::vector<KnownNetwork> random_networks(RandomWorld& world) {
    std::vector<KnownNetwork> networks;
    const auto count = draw(world.generator(), 1, 60);
    for (unsigned i = 0; i < count; ++i) {
        const auto network = random_network(world);
        const auto population = populations[draw(world.generator(), 0, 1)];
        networks.push_back({population, network, world.sources().find(network.address).place});
        world.cut_at(network);
    }
    std::ranges::sort(networks, geo::network_before);
    const auto same = [](const KnownNetwork& a, const KnownNetwork& b) {
        return a.population == b.population && a.prefix == b.prefix;
    };
    networks.erase(std::ranges::unique(networks, same).begin(), networks.end());
    return networks;
}

geo::LatencyFacts random_facts(RandomWorld& world) {
    auto& generator = world.generator();
    geo::LatencyFacts facts;
    facts.edges.assign(six_sites.begin(), six_sites.begin() + 4);
    facts.networks = random_networks(world);
    for (std::size_t i = 0; i < facts.edges.size(); ++i) {
        facts.reporting.push_back(draw(generator, 0, 3) > 0);
        const bool known = draw(generator, 0, 2) > 0;
        facts.home_ms.push_back(known ? std::optional{double(draw(generator, 1, 300))}
                                      : std::nullopt);
    }
    for (std::uint32_t network = 0; network < facts.networks.size(); ++network) {
        for (EdgeIndex i = 0; i < facts.edges.size(); ++i) {
            if (draw(generator, 0, 1) == 0) continue;
            facts.measurements.push_back(
                {.client = network, .edge = i, .smallest_ms = double(draw(generator, 1, 400))});
        }
    }
    return facts;
}

/// A policy that tells the parts of measured networks apart in nothing but how it measures.
Policy policy_by_parts(RandomWorld& world, const std::vector<KnownNetwork>& networks) {
    auto& generator = world.generator();
    auto policy = of_kind(Policy::Kind::Geo);
    for (const auto via : {geo::Via::Edge, geo::Via::Home}) {
        policy.children.push_back(ranked_all(Policy::Kind::Latency));
        policy.children.back().via = via;
    }
    policy.children.back().biases[draw(generator, 0, 5)].share = 0.3;
    policy.rows.push_back({{}, 0});
    for (const auto& network : networks) {
        const auto at = support::random_address_in(generator, network.prefix);
        const auto length = network.prefix.length + draw(generator, 0, 5);
        const auto part = support::prefix_around(at, static_cast<unsigned>(length));
        geo::Match match;
        match.kind = geo::Match::Kind::Prefix;
        match.prefix = part;
        policy.rows.push_back({match, 1});
        world.cut_at(part);
    }
    return policy;
}

/// Measurements of a random world, as a zone sees them: two of its six edges do not measure.
struct Measured {
    explicit Measured(std::uint64_t seed) : world{seed}, facts{random_facts(world)} {
        const auto moves = draw(world.generator(), 0, 3) == 0 ? 3 : no_limit;
        model = std::make_shared<const LatencyModel>(facts, geo::LatencyRules{}, nullptr, nullptr,
                                                     moves);
        zone.emplace(model, six_sites,
                     std::vector<std::optional<EdgeIndex>>{2, std::nullopt, 0, 3, 1, std::nullopt});
        policies = world.policies();
        policies.push_back(ranked_all(Policy::Kind::Latency));
        policies.push_back(policy_by_parts(world, facts.networks));
    }

    [[nodiscard]] std::vector<std::shared_ptr<const geo::Map>> base() const {
        std::vector<geo::MapRequest> requests;
        for (const auto& policy : policies) requests.push_back({&policy, &six_sites, &*zone});
        auto maps = geo::compile(world.sources(), requests);
        REQUIRE(maps.has_value());
        return *maps;
    }
    [[nodiscard]] LayeredMap layered(const std::shared_ptr<const geo::Map>& base,
                                     const Policy& policy) const {
        const auto over = [&](Population population) {
            return geo::make_overlay(base, policy, six_sites, *zone, population, world.sources());
        };
        const std::array overlays{over(Population::Clients), over(Population::Resolvers)};
        return LayeredMap{base, overlays};
    }
    /// What the policy comes to without any map, by the scores of the client's network.
    [[nodiscard]] geo::OutcomeId expected(const Policy& policy, const Address& at,
                                          Population population, geo::Outcomes& outcomes) const {
        const auto inside = geo::embedded_v4(at);
        const auto client = inside ? inside->client : at;
        const auto place = world.sources().find(at).place;
        const auto within = geo::named_prefixes(policy, client);
        const auto full = static_cast<std::uint8_t>(geo::width(client.family));
        const auto network = client.family == Family::V6 && geo::repeats_v4({client, full})
                                 ? std::nullopt
                                 : model->find(population, client);
        const auto scores = network ? zone->scores_of(*network) : zone->scores_at(place);
        const geo::Subject subject{.place = place,
                                   .within = within,
                                   .round_trips = {.client = scores, .home = zone->home()}};
        return geo::evaluate(policy, six_sites, subject, outcomes);
    }

    RandomWorld world;
    geo::LatencyFacts facts;
    std::shared_ptr<const LatencyModel> model;
    std::optional<ZoneLatency> zone;
    std::vector<Policy> policies;
};

/// A layered map against the truth in all pieces of the address space.
class Check {
 public:
    Check(const Measured& measured, const Policy& policy, const LayeredMap& map,
          Population population, const support::Pieces& pieces)
        : measured_{measured},
          policy_{policy},
          map_{map},
          population_{population},
          pieces_{pieces} {
        const auto& overlay = map.overlay(population);
        // The numbers of the base's outcomes are the same in its overlays.
        auto outcomes = (overlay == nullptr ? *map.base() : *overlay).outcomes();
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            truth_.push_back(measured.expected(policy, pieces.start(i), population, outcomes));
            const bool differs = i > 0 && truth_[i] != truth_[i - 1];
            changes_.push_back(i == 0 ? 0 : changes_[i - 1] + (differs ? 1 : 0));
        }
    }

    /// How many pieces are answered by the overlay.
    std::size_t everywhere() const {
        std::size_t overlaid = 0;
        for (std::size_t i = 0; i < pieces_.size(); ++i) {
            const auto at = pieces_.start(i);
            const auto found = map_.find(at, population_);
            overlaid += found.map == map_.base().get() ? 0U : 1U;
            if (found.outcome != truth_[i]) FAIL_CHECK("wrong outcome at " << geo::to_text(at));
            const auto around = support::prefix_around(at, found.scope);
            if (!all(around, found.outcome))
                FAIL_CHECK(geo::to_text(around) << " has several outcomes");
            check_embedded(at, found);
        }
        return overlaid;
    }
    void random_addresses(Generator& generator) const {
        const auto family = pieces_.start(0).family;
        for (unsigned i = 0; i < 50; ++i) {
            const auto piece = draw(generator, 0, pieces_.size() - 1);
            const auto around =
                support::prefix_around(pieces_.start(piece), family == Family::V4 ? 22 : 46);
            const auto at = support::random_address_in(generator, around);
            const auto found = map_.find(at, population_);
            // Pieces know one form of each embedded client, of which there are many.
            if (geo::embedded_v4(at)) {
                check_embedded(at, found);
                continue;
            }
            CHECK(found.outcome == truth_[pieces_.piece_of(at)]);
            const auto scope = support::prefix_around(at, found.scope);
            check_inside(scope.address, found);
            check_inside(support::last_of(scope), found);
            check_inside(support::random_address_in(generator, scope), found);
        }
    }

 private:
    [[nodiscard]] bool all(const Prefix& inside, geo::OutcomeId outcome) const {
        const auto first = pieces_.piece_of(inside.address);
        const auto last = pieces_.piece_of(support::last_of(inside));
        return truth_[first] == outcome && changes_[first] == changes_[last];
    }
    void check_inside(const Address& other, const LayeredMap::Found& found) const {
        CHECK(map_.find(other, population_).outcome == found.outcome);
    }
    /// The client inside gets the same by its own address.
    void check_embedded(const Address& at, const LayeredMap::Found& found) const {
        const auto inside = geo::embedded_v4(at);
        if (!inside) return;
        const auto own = map_.find(inside->client, population_);
        CHECK(own.map == found.map);
        CHECK(own.outcome == found.outcome);
        CHECK(own.scope + inside->offset == found.scope);
    }

    const Measured& measured_;
    const Policy& policy_;
    const LayeredMap& map_;
    Population population_;
    const support::Pieces& pieces_;
    std::vector<geo::OutcomeId> truth_;
    std::vector<std::size_t> changes_;
};

/// One network, measured just as the prior says, but for the edge that is best by it.
geo::LatencyFacts one_network(const geo::Sources& sources, Population population, double slower) {
    geo::LatencyFacts facts;
    facts.edges = six_sites;
    facts.reporting = std::vector<bool>(six_sites.size(), false);
    facts.home_ms = std::vector<std::optional<double>>(six_sites.size());
    const auto network = prefix("1.2.3.0/24");
    const auto place = sources.find(network.address).place;
    facts.networks.push_back({population, network, place});
    const auto client = geo::position_of(place);
    REQUIRE(client);
    for (EdgeIndex i = 0; i < six_sites.size(); ++i) {
        const double prior = geo::prior_ms(*client, six_sites[i].position);
        facts.measurements.push_back({.client = 0, .edge = i, .smallest_ms = prior});
    }
    std::ranges::min_element(facts.measurements, {}, &geo::Measurement::smallest_ms)->smallest_ms +=
        slower;
    return facts;
}

std::vector<std::optional<EdgeIndex>> all_measure() {
    return {0, 1, 2, 3, 4, 5};
}

}  // namespace

TEST_CASE("in random worlds the overlay says what the policy says by each network's own scores") {
    std::size_t overlaid = 0;
    for (std::uint64_t seed = 1; seed <= 15; ++seed) {
        CAPTURE(seed);
        Measured measured{seed};
        const auto base = measured.base();
        for (const auto family : {Family::V4, Family::V6}) {
            const auto pieces = measured.world.pieces(family);
            for (std::size_t which = 0; which < base.size(); ++which) {
                CAPTURE(which);
                const auto& policy = measured.policies[which];
                const auto map = measured.layered(base[which], policy);
                for (const auto population : populations) {
                    const Check check{measured, policy, map, population, pieces};
                    overlaid += check.everywhere();
                    check.random_addresses(measured.world.generator());
                }
            }
        }
    }
    CHECK(overlaid > 500);
}

TEST_CASE("what is measured of one population leaves the other to the base") {
    const RandomWorld world{3};
    for (const auto population : populations) {
        const auto other =
            population == Population::Clients ? Population::Resolvers : Population::Clients;
        const auto model =
            std::make_shared<const LatencyModel>(one_network(world.sources(), population, 300),
                                                 geo::LatencyRules{}, nullptr, nullptr, no_limit);
        const ZoneLatency zone{model, six_sites, all_measure()};
        const auto policy = ranked_all(Policy::Kind::Latency);
        const geo::MapRequest request{&policy, &six_sites, nullptr};
        const auto base = geo::compile(world.sources(), {&request, 1})->front();
        const auto over = [&](Population of) {
            return geo::make_overlay(base, policy, six_sites, zone, of, world.sources());
        };
        CHECK(over(population) != nullptr);
        CHECK(over(other) == nullptr);
    }
}

TEST_CASE("an overlay that changes nothing is none") {
    const RandomWorld world{3};
    const auto overlay = [&](const Policy& policy, double slower) {
        const auto model = std::make_shared<const LatencyModel>(
            one_network(world.sources(), Population::Clients, slower), geo::LatencyRules{}, nullptr,
            nullptr, no_limit);
        const ZoneLatency zone{model, six_sites, all_measure()};
        const geo::MapRequest request{&policy, &six_sites, nullptr};
        const auto base = geo::compile(world.sources(), {&request, 1})->front();
        return geo::make_overlay(base, policy, six_sites, zone, Population::Clients,
                                 world.sources());
    };
    CHECK(overlay(ranked_all(Policy::Kind::Latency), 300) != nullptr);
    CHECK(overlay(ranked_all(Policy::Kind::Latency), 0) == nullptr);
    CHECK(overlay(ranked_all(Policy::Kind::Nearest), 300) == nullptr);
    CHECK(overlay(edge(2), 300) == nullptr);
}

}  // namespace compile_overlay_test
