// SPDX-License-Identifier: Apache-2.0
#include "geo/latency/latency_model.hpp"

#include "geo/latency/prior.hpp"
#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace latency_latency_model_test {

using geo::EdgeIndex;
using geo::KnownNetwork;
using geo::LatencyFacts;
using geo::LatencyModel;
using geo::Population;
using geo::ZoneLatency;
using support::address;
using support::prefix;

namespace {

constexpr std::size_t no_limit = 1'000'000;

const geo::EdgeSites sites{
    geo::EdgeSite{{40.7, -74.0}},  // New York
    geo::EdgeSite{{50.1, 8.7}},    // Frankfurt
    geo::EdgeSite{{1.35, 103.8}},  // Singapore
};

geo::Place place_at(double latitude, double longitude, std::string_view country) {
    geo::Place place;
    place.latitude = static_cast<float>(latitude);
    place.longitude = static_cast<float>(longitude);
    place.country = country;
    return place;
}

/// Networks 20.0.0.0/24 and on, of clients in German cities.
LatencyFacts german_networks(std::uint32_t count) {
    LatencyFacts facts;
    facts.edges = sites;
    facts.reporting = std::vector<bool>(sites.size(), true);
    facts.home_ms = std::vector<std::optional<double>>(sites.size());
    for (std::uint32_t i = 0; i < count; ++i) {
        const geo::Prefix network{{geo::Family::V4, geo::Bits{(20U << 16) + i} << 104}, 24};
        facts.networks.push_back(
            {Population::Clients, network, place_at(48 + i % 6, 8 + i % 5, "DE")});
    }
    return facts;
}

void measure(LatencyFacts& facts, std::uint32_t network, const std::vector<double>& milliseconds) {
    for (EdgeIndex edge = 0; edge < milliseconds.size(); ++edge) {
        facts.measurements.push_back(
            {.client = network, .edge = edge, .samples = 20, .smallest_ms = milliseconds[edge]});
    }
}

std::size_t first_of(std::span<const double> scores) {
    return static_cast<std::size_t>(std::ranges::min_element(scores) - scores.begin());
}

std::vector<double> scores_of(const LatencyModel& model, std::size_t network) {
    const auto scores = model.scores_of(network);
    return {scores.begin(), scores.end()};
}

/// Milliseconds that the first edge by `before` is worse than the best by the estimates of `after`.
double gain_of(const LatencyModel& before, const LatencyModel& after, std::size_t network) {
    std::vector<double> wanted;
    for (EdgeIndex edge = 0; edge < sites.size(); ++edge) {
        const auto estimate = after.estimate(network, edge);
        wanted.push_back(estimate.estimate - after.optimism(estimate, edge));
    }
    return wanted[first_of(before.scores_of(network))] - *std::ranges::min_element(wanted);
}

}  // namespace

TEST_CASE("a network is found by any address in it, in its own family and population alone") {
    auto facts = german_networks(0);
    const auto add = [&](Population population, const char* network) {
        facts.networks.push_back({population, prefix(network), {}});
    };
    add(Population::Clients, "20.0.1.0/24");
    add(Population::Clients, "20.0.3.0/24");
    add(Population::Clients, "2a00:0:1::/48");
    add(Population::Resolvers, "20.0.2.0/24");
    add(Population::Resolvers, "2a00:0:1::/48");
    REQUIRE(std::ranges::is_sorted(facts.networks, geo::network_before));
    const LatencyModel model{facts, {}, nullptr, nullptr, no_limit};
    struct Row {
        Population population;
        const char* address;
        std::optional<std::size_t> expected;
    };
    const Row rows[] = {
        {Population::Clients, "20.0.1.0", 0},
        {Population::Clients, "20.0.1.255", 0},
        {Population::Clients, "20.0.2.1", std::nullopt},
        {Population::Clients, "20.0.3.77", 1},
        {Population::Clients, "20.0.0.255", std::nullopt},
        {Population::Clients, "2a00:0:1:ff::1", 2},
        {Population::Clients, "2a00:0:2::", std::nullopt},
        {Population::Clients, "1400:100::", std::nullopt},  // the bits of 20.0.1.0
        {Population::Resolvers, "20.0.1.0", std::nullopt},
        {Population::Resolvers, "20.0.2.9", 3},
        {Population::Resolvers, "2a00:0:1:ffff::", 4},
        {Population::Resolvers, "2a00:0:0:ffff::", std::nullopt},
        {Population::Resolvers, "255.255.255.255", std::nullopt},
    };
    for (const auto& row : rows) {
        CAPTURE(row.address);
        CHECK(model.find(row.population, address(row.address)) == row.expected);
    }
}

TEST_CASE("a network moves only for a gain that matters") {
    auto facts = german_networks(3);
    facts.reporting.assign(sites.size(), false);
    geo::LatencyRules rules;
    rules.least_gain = {.share = 0.1, .milliseconds = 5};
    rules.tuning.base_samples = 0;
    for (std::uint32_t i = 0; i < 3; ++i) measure(facts, i, {100, 30, 200});
    const LatencyModel before{facts, rules, nullptr, nullptr, no_limit};
    CHECK(before.moved() == 0);  // Frankfurt is the best by distance, too
    facts.measurements.clear();
    measure(facts, 0, {26, 30, 200});
    measure(facts, 1, {25, 30, 200});
    measure(facts, 2, {100, 98, 92});
    const LatencyModel after{facts, rules, nullptr, &before, no_limit};
    CHECK(first_of(after.scores_of(0)) == 1);
    CHECK(first_of(after.scores_of(1)) == 0);
    CHECK(first_of(after.scores_of(2)) == 1);
    CHECK(after.moved() == 1);
    CHECK(after.waiting() == 0);
}

TEST_CASE("of many that want to move, those that gain most do, and the others keep their scores") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        support::Generator generator{seed};
        auto facts = german_networks(60);
        const auto measure_all = [&] {
            facts.measurements.clear();
            for (std::uint32_t i = 0; i < facts.networks.size(); ++i) {
                const auto some = [&] { return double(support::draw(generator, 20, 300)); };
                measure(facts, i, {some(), some(), some()});
            }
        };
        measure_all();
        const LatencyModel before{facts, {}, nullptr, nullptr, no_limit};
        measure_all();
        const LatencyModel free{facts, {}, nullptr, &before, no_limit};
        REQUIRE(free.moved() > 10);
        CHECK(free.waiting() == 0);
        const std::size_t moves = support::draw(generator, 0, 10);
        const LatencyModel after{facts, {}, nullptr, &before, moves};
        CHECK(after.moved() == moves);
        CHECK(after.waiting() == free.moved() - moves);
        double least_moved = 1e9;
        double most_waiting = 0;
        for (std::size_t network = 0; network < facts.networks.size(); ++network) {
            const auto first_before = first_of(before.scores_of(network));
            const double gain = gain_of(before, after, network);
            if (first_of(after.scores_of(network)) != first_before) {
                CHECK(scores_of(after, network) == scores_of(free, network));
                least_moved = std::min(least_moved, gain);
            } else if (first_of(free.scores_of(network)) != first_before) {
                CHECK(scores_of(after, network) == scores_of(before, network));
                most_waiting = std::max(most_waiting, gain);
            } else {
                CHECK(scores_of(after, network) == scores_of(free, network));
            }
        }
        CHECK(least_moved >= most_waiting);
        const LatencyModel next{facts, {}, nullptr, &after, no_limit};
        CHECK(next.moved() == after.waiting());
    }
}

TEST_CASE("a network that was not known was served by its place, and by the prior at the first") {
    auto facts = german_networks(2);
    measure(facts, 0, {20, 90, 200});
    geo::LatencyRules rules;
    rules.tuning.group.near = 0.01;
    const auto place = facts.networks[1].place;
    const LatencyModel first{facts, rules, nullptr, nullptr, 0};
    REQUIRE(first.waiting() == 2);
    for (std::size_t network = 0; network < 2; ++network) {
        const auto position = *geo::position_of(facts.networks[network].place);
        for (EdgeIndex edge = 0; edge < sites.size(); ++edge)
            CHECK(first.scores_of(network)[edge] == geo::prior_ms(position, sites[edge].position));
    }
    auto more = german_networks(3);
    more.networks[2].place = place;
    measure(more, 2, {90, 20, 200});
    const LatencyModel later{more, rules, &first, &first, 0};
    CHECK(first_of(first.scores_at(place)) == 0);
    CHECK(first_of(later.scores_of(2)) == 0);
    CHECK(scores_of(later, 2) == first.scores_at(place));
}

TEST_CASE("edges that do not report get no optimism, as nothing would be learned of them") {
    auto facts = german_networks(1);
    facts.reporting = {true, false, true};
    const LatencyModel model{facts, {}, nullptr, nullptr, no_limit};
    for (EdgeIndex edge = 0; edge < sites.size(); ++edge) {
        const auto estimate = model.estimate(0, edge);
        const auto optimism = model.optimism(estimate, edge);
        CHECK(estimate.sigma > 0);
        CHECK((optimism > 0) == facts.reporting[edge]);
        CHECK(model.scores_at(facts.networks[0].place)[edge] ==
              model.estimate_at(facts.networks[0].place, edge).estimate - optimism);
    }
}

TEST_CASE("a model without edges, or without networks, is none the worse for it") {
    const LatencyModel nothing{{}, {}, nullptr, nullptr, no_limit};
    CHECK(nothing.edge_count() == 0);
    CHECK(nothing.scores_at({}).empty());
    CHECK_FALSE(nothing.find(Population::Clients, address("20.0.0.1")));
    const LatencyModel edges{german_networks(0), {}, nullptr, nullptr, no_limit};
    CHECK(edges.scores_at({}).size() == sites.size());
    CHECK_FALSE(edges.find(Population::Resolvers, address("::1")));
}

TEST_CASE("a way home that is not known counts as the median of those that are") {
    auto facts = german_networks(1);
    using Homes = std::vector<std::optional<double>>;
    using Measures = std::vector<std::optional<EdgeIndex>>;
    using Scores = std::vector<double>;
    const Homes all{10, 20, 60};
    const Homes two{10, std::nullopt, 60};
    const Homes one{std::nullopt, 20, std::nullopt};
    const Homes none(3);
    const Measures as_listed{0, 1, 2};
    const Measures turned{2, 0, 1};
    const Measures first_and_last{0, std::nullopt, 2};
    const Measures nobody(3);
    struct Row {
        const char* name;
        Homes home_ms;
        Measures measures;
        Scores expected;
    };
    const std::vector<Row> rows{
        Row{"all", all, as_listed, Scores{10, 20, 60}},
        Row{"in another order", all, turned, Scores{60, 10, 20}},
        Row{"one not known", two, as_listed, Scores{10, 35, 60}},
        Row{"one not measuring", all, first_and_last, Scores{10, 35, 60}},
        Row{"one known", one, as_listed, Scores{20, 20, 20}},
        Row{"none known", none, as_listed, Scores{}},
        Row{"none measuring", all, nobody, Scores{}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        facts.home_ms = row.home_ms;
        const auto model =
            std::make_shared<const LatencyModel>(facts, geo::LatencyRules{}, nullptr, nullptr, 0);
        const ZoneLatency zone{model, sites, row.measures};
        CHECK(std::ranges::equal(zone.home(), row.expected));
        for (EdgeIndex edge = 0; edge < 3; ++edge) {
            const auto& measured = row.measures[edge];
            CHECK(zone.home_known(edge) == (measured && row.home_ms[*measured]));
        }
    }
}

TEST_CASE("one node's word does not move a way home that is not known out of the others' range") {
    auto facts = german_networks(0);
    facts.edges.push_back(sites[0]);
    facts.reporting.push_back(true);
    for (const double word : {0.001, 10'000.0}) {
        facts.home_ms = {10, 20, word, std::nullopt};
        const auto model = std::make_shared<const LatencyModel>(facts, geo::LatencyRules{}, nullptr,
                                                                nullptr, no_limit);
        const ZoneLatency zone{model, facts.edges, {0, 1, 2, 3}};
        CHECK(zone.home()[3] >= 10);
        CHECK(zone.home()[3] <= 20);
    }
}

TEST_CASE("a zone sees an edge that does not measure by the prior, and the others in its order") {
    auto facts = german_networks(1);
    measure(facts, 0, {80, 20, 150});
    const auto model = std::make_shared<const LatencyModel>(facts, geo::LatencyRules{}, nullptr,
                                                            nullptr, no_limit);
    const geo::EdgeSites seen{sites[2], sites[0], sites[1]};
    const ZoneLatency zone{model, seen, {2, std::nullopt, 1}};
    const auto place = facts.networks[0].place;
    const auto prior = geo::prior_ms(*geo::position_of(place), sites[0].position);
    CHECK(zone.scores_of(0) == std::vector{model->scores_of(0)[2], prior, model->scores_of(0)[1]});
    const auto stranger = model->scores_at(place);
    CHECK(zone.scores_at(place) == std::vector{stranger[2], prior, stranger[1]});
    CHECK(zone.scores_at({}).empty());  // without a place nothing is known
}

}  // namespace latency_latency_model_test
