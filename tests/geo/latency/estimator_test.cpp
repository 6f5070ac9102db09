// SPDX-License-Identifier: Apache-2.0
#include "geo/latency/estimator.hpp"

#include "geo/latency/prior.hpp"
#include "geo/place/cities.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

namespace latency_estimator_test {

using geo::EdgeSite;
using geo::EdgeSites;
using geo::Estimate;
using geo::Estimator;
using geo::Measurement;
using geo::Place;

namespace {

using Places = std::vector<Place>;
using Measurements = std::vector<Measurement>;

const EdgeSites sites{EdgeSite{{40.71, -74.01}}, EdgeSite{{50.11, 8.68}}, EdgeSite{{1.35, 103.82}}};

Place place_at(double latitude, double longitude, const char* country) {
    Place place;
    place.latitude = static_cast<float>(latitude);
    place.longitude = static_cast<float>(longitude);
    place.country = std::string_view{country};
    return place;
}

const Place berlin = place_at(52.52, 13.40, "DE");
const Place potsdam = place_at(52.40, 13.06, "DE");
const Place lagos = place_at(6.45, 3.39, "NG");

double prior(const Place& place, geo::EdgeIndex edge) {
    return geo::prior_ms(*geo::position_of(place), sites[edge].position);
}

/// Clients in random cities, each measured at some edges as a city's own truth says, with noise.
struct World {
    explicit World(std::uint32_t seed) : random{seed} {
        for (std::uint32_t client = 0; client < 200; ++client) {
            const auto& city = geo::cities()[random() % geo::cities().size()];
            places.push_back(place_at(city.at.latitude, city.at.longitude, city.country.data()));
            for (geo::EdgeIndex edge = 0; edge < sites.size(); ++edge) {
                if (random() % 3 == 0) continue;
                const double noise = static_cast<double>(random() % 100'000) / 1000;
                measurements.push_back({.client = client,
                                        .edge = edge,
                                        .samples = 1 + static_cast<std::uint32_t>(random() % 20),
                                        .smallest_ms = prior(places[client], edge) + noise,
                                        .age_s = static_cast<double>(random() % 200'000)});
            }
        }
    }

    std::mt19937 random;
    Places places;
    Measurements measurements;
};

void check_same(const Estimate& a, const Estimate& b) {
    CHECK(a.prior == b.prior);
    CHECK(a.group == b.group);
    CHECK(a.own_offset == b.own_offset);
    CHECK(a.measured == b.measured);
    CHECK(a.samples == b.samples);
    CHECK(a.estimate == b.estimate);
    CHECK(a.sigma == b.sigma);
}

}  // namespace

TEST_CASE("where nothing is measured the estimate is the prior, and not at all certain") {
    const Places places{berlin};
    const Estimator estimator{sites, places, {}};
    for (geo::EdgeIndex edge = 0; edge < sites.size(); ++edge) {
        const auto estimate = estimator.of(0, edge);
        CHECK(estimate.estimate == prior(berlin, edge));
        CHECK_FALSE(estimate.measured);
        CHECK(estimate.samples == 0);
        CHECK(estimate.sigma == std::max(8.0, 0.18 * estimate.estimate));
        CHECK(estimate.score(1.5) == estimate.estimate - 1.5 * estimate.sigma);
        check_same(estimate, estimator.at(berlin, edge));
    }
}

TEST_CASE("a measured client comes to its measurement, and the more samples the surer") {
    const Places places{berlin};
    const double base_off = 70;  // far from the prior of 21 ms
    double error_before = 1000;
    double sigma_before = 1000;
    for (const auto samples : {1U, 2U, 5U, 30U, 1000U}) {
        CAPTURE(samples);
        const Measurements measurements{
            {.client = 0, .edge = 1, .samples = samples, .smallest_ms = base_off}};
        const auto estimate = Estimator{sites, places, measurements}.of(0, 1);
        const double error = std::abs(estimate.estimate - base_off);
        CHECK(error < 0.05 * (base_off - prior(berlin, 1)));
        CHECK(error < error_before);
        CHECK(estimate.sigma < sigma_before);
        CHECK(estimate.sigma == doctest::Approx(4 / std::sqrt(samples)));
        error_before = error;
        sigma_before = estimate.sigma;
    }
}

TEST_CASE("an edge that was never measured has optimism, a measured one hardly any") {
    const Places places{berlin};
    const Measurements measurements{{.client = 0, .edge = 1, .samples = 100, .smallest_ms = 20}};
    const Estimator estimator{sites, places, measurements};
    CHECK(estimator.of(0, 0).optimism(1) >= 8);
    CHECK(estimator.of(0, 1).optimism(1) < 0.5);
    CHECK(estimator.of(0, 2).optimism(2) == 2 * estimator.of(0, 2).sigma);
}

TEST_CASE("old samples count less, until the base has its say again") {
    const Places places{berlin};
    const auto aged = [&](double age_s) {
        const Measurements measurements{
            {.client = 0, .edge = 1, .samples = 4, .smallest_ms = 90, .age_s = age_s}};
        return Estimator{sites, places, measurements}.of(0, 1);
    };
    CHECK(aged(0).samples == 4);
    CHECK(aged(86'400).samples == doctest::Approx(2));
    CHECK(aged(-500).samples == 4);  // a clock that was set back makes nothing younger than new
    CHECK(aged(86'400).sigma > aged(0).sigma);
    CHECK(aged(86'400 * 12).estimate < 30);
    CHECK(aged(86'400 * 12).sigma == doctest::Approx(8));
}

TEST_CASE("neighbours tell what a client has not measured, and strangers ask them too") {
    const Places places{berlin, potsdam, lagos};
    const Measurements measurements{
        {.client = 0, .edge = 0, .samples = 5, .smallest_ms = prior(berlin, 0) + 60}};
    const Estimator estimator{sites, places, measurements};
    CHECK(estimator.of(1, 0).group > 40);
    CHECK(estimator.of(1, 0).group < 60);
    CHECK(estimator.of(1, 0).own_offset == 0);
    CHECK(estimator.of(2, 0).group < 12);  // of another region: the edge's share alone
    CHECK(estimator.of(1, 1).group == 0);  // of another edge: nothing
    CHECK(estimator.at(potsdam, 0).estimate == doctest::Approx(estimator.of(1, 0).estimate));
    CHECK(estimator.at(lagos, 0).estimate == doctest::Approx(estimator.of(2, 0).estimate));
}

TEST_CASE("what a client takes more than its group it takes to the other edges too") {
    const Places places{berlin, potsdam};
    const auto offset_after = [&](std::vector<geo::EdgeIndex> edges) {
        Measurements measurements;
        for (const auto edge : edges) {
            measurements.push_back(
                {.client = 0, .edge = edge, .samples = 5, .smallest_ms = prior(berlin, edge) + 40});
        }
        const auto estimate = Estimator{sites, places, measurements}.of(0, 2);
        CHECK(estimate.estimate ==
              doctest::Approx(estimate.prior + estimate.group + estimate.own_offset));
        return estimate.own_offset;
    };
    CHECK(offset_after({}) == 0);
    CHECK(offset_after({0}) == doctest::Approx(40 / 4.0));
    CHECK(offset_after({0, 1}) == doctest::Approx(80 / 5.0));
}

TEST_CASE("what one edge says of a client moves its estimates for others by little") {
    const Places places{berlin};
    struct Row {
        const char* name;
        double honest;                // milliseconds more than the prior that it takes to edge 0
        std::vector<double> claimed;  // to edges 1, where that is measured, and 2
        double least;
        double most;  // of the offset
    };
    const Row rows[] = {
        {"alone, near", 0, {-150}, -15, 0},     {"alone, far", 0, {9000}, 0, 15},
        {"against one", 40, {-150}, 0, 16},     {"against one, far", 40, {9000}, 0, 16},
        {"against two", 40, {40, -150}, 0, 20}, {"against two, far", 40, {40, 9000}, 0, 20},
        {"of one mind", 40, {40, 40}, 19, 21},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        Measurements measurements;
        const bool alone = row.honest == 0;
        for (geo::EdgeIndex edge = alone ? 1 : 0; edge <= row.claimed.size(); ++edge) {
            const double more = edge == 0 ? row.honest : row.claimed[edge - 1];
            measurements.push_back({.client = 0,
                                    .edge = edge,
                                    .samples = 5,
                                    .smallest_ms = std::max(0.1, prior(berlin, edge) + more)});
        }
        const auto offset = Estimator{sites, places, measurements}.of(0, 2).own_offset;
        CHECK(offset >= row.least - 0.001);
        CHECK(offset <= row.most + 0.001);
    }
}

TEST_CASE("no client's own measurement enters its own group") {
    World world{11};
    const Estimator before{sites, world.places, world.measurements};
    std::size_t neighbours_that_moved = 0;
    for (std::size_t changed = 0; changed < 60; ++changed) {
        auto measurements = world.measurements;
        auto& mine = measurements[changed];
        mine.smallest_ms += 150;
        mine.age_s = 0;
        const Estimator after{sites, world.places, measurements};
        CHECK(after.of(mine.client, mine.edge).group == before.of(mine.client, mine.edge).group);
        for (std::uint32_t client = 0; client < world.places.size(); ++client) {
            if (client == mine.client) continue;
            neighbours_that_moved +=
                after.of(client, mine.edge).group != before.of(client, mine.edge).group;
        }
    }
    CHECK(neighbours_that_moved == 60 * (world.places.size() - 1));
}

TEST_CASE("the order in which clients and measurements come changes no bit") {
    World world{5};
    const Estimator first{sites, world.places, world.measurements};
    std::vector<std::uint32_t> moved_to(world.places.size());
    std::iota(moved_to.begin(), moved_to.end(), 0U);
    std::ranges::shuffle(moved_to, world.random);
    Places places(world.places.size());
    for (std::size_t i = 0; i < places.size(); ++i) places[moved_to[i]] = world.places[i];
    auto measurements = world.measurements;
    for (auto& measurement : measurements) measurement.client = moved_to[measurement.client];
    std::ranges::shuffle(measurements, world.random);
    const Estimator second{sites, places, measurements};
    for (std::uint32_t client = 0; client < places.size(); ++client) {
        for (geo::EdgeIndex edge = 0; edge < sites.size(); ++edge) {
            check_same(first.of(client, edge), second.of(moved_to[client], edge));
        }
    }
}

TEST_CASE("a measurement that cannot be true moves its neighbours by no more than 400 ms") {
    const Places places{berlin, potsdam};
    const auto neighbour = [&](double milliseconds) {
        const Measurements measurements{
            {.client = 0, .edge = 1, .samples = 5, .smallest_ms = milliseconds}};
        return Estimator{sites, places, measurements}.of(1, 1);
    };
    CHECK(neighbour(60'000).group == neighbour(600).group);
    CHECK(neighbour(60'000).group < 400);
    CHECK(neighbour(0).estimate >=
          geo::fibre_ms(*geo::position_of(potsdam), sites[1].position));  // as fast as light
}

TEST_CASE("clients and edges without a place go by their own measurements alone") {
    const EdgeSites with_placeless{sites[0], EdgeSite{}};
    const Places places{berlin, Place{}, Place{}};
    const Measurements measurements{{.client = 1, .edge = 0, .samples = 9, .smallest_ms = 33},
                                    {.client = 0, .edge = 1, .samples = 9, .smallest_ms = 44}};
    const Estimator estimator{with_placeless, places, measurements};
    CHECK(estimator.of(1, 0).estimate == doctest::Approx(33).epsilon(0.02));
    CHECK(estimator.of(0, 1).estimate == doctest::Approx(44).epsilon(0.02));
    CHECK(estimator.of(2, 0).estimate == estimator.of(2, 1).estimate);
    CHECK(estimator.of(2, 0).group == 0);
    CHECK(estimator.at(Place{}, 0).estimate == estimator.of(2, 0).estimate);
}

}  // namespace latency_estimator_test
