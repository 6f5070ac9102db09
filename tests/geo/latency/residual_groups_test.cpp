// SPDX-License-Identifier: Apache-2.0
#include "geo/latency/residual_groups.hpp"

#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

namespace latency_residual_groups_test {

using geo::Coordinates;
using geo::Position;
using geo::Residual;
using geo::ResidualGroups;

namespace {

using Positions = std::vector<std::optional<Position>>;

constexpr Coordinates berlin{52.52, 13.40};
constexpr Coordinates potsdam{52.40, 13.06};
constexpr Coordinates munich{48.14, 11.58};
constexpr Coordinates paris{48.86, 2.35};
constexpr Coordinates tokyo{35.68, 139.77};

Positions at(const std::vector<Coordinates>& points) {
    Positions positions;
    for (const auto& point : points) positions.push_back(geo::position_at(point));
    return positions;
}

Residual of_ms(int milliseconds, std::int64_t weight_1024 = 1024) {
    return {.milliseconds_1024 = milliseconds * 1024, .weight_1024 = weight_1024};
}

/// Means with no doubt held against the narrowest group.
constexpr geo::GroupInertia near_alone{.edge = 5, .region = 5, .country = 3, .near = 1e-9};

}  // namespace

TEST_CASE("a mean is held back towards wider groups, each by its inertia") {
    const auto positions = at({berlin, munich, paris, tokyo, berlin});
    ResidualGroups groups{positions, 1, {.edge = 5, .region = 5, .country = 3, .near = 1}};
    groups.add(0, 0, of_ms(40));
    groups.add(2, 0, of_ms(20));
    groups.add(3, 0, of_ms(90));
    groups.spread();
    const double edge = (40 + 20 + 90) / (3 + 5.0);
    const double region = (40 + 20 + 5 * edge) / (2 + 5.0);
    const double country = (40 + 3 * region) / (1 + 3.0);
    CHECK(groups.mean_at(geo::position_at({54.3, 10.1}), 0) ==
          doctest::Approx((40 * std::exp(-296.0 / 150) + country) / (std::exp(-296.0 / 150) + 1))
              .epsilon(0.01));
    CHECK(groups.mean(4, 0, {}) == doctest::Approx((40 + country) / 2));
    CHECK(groups.mean_at(*positions[1], 0) ==
          doctest::Approx(country + (40 - country) * std::exp(-504.0 / 150)).epsilon(0.05));
}

TEST_CASE("neighbours count by their distance, and only those of the country") {
    const auto positions = at({berlin, munich, paris, potsdam, {48.9, 2.4}});
    ResidualGroups groups{positions, 1, near_alone};
    groups.add(0, 0, of_ms(10));
    groups.add(1, 0, of_ms(50));
    groups.spread();
    const double to_berlin = std::exp(-geo::kilometres_between(berlin, potsdam) / 150);
    const double to_munich = std::exp(-geo::kilometres_between(munich, potsdam) / 150);
    CHECK(
        groups.mean(3, 0, {}) ==
        doctest::Approx((10 * to_berlin + 50 * to_munich) / (to_berlin + to_munich)).epsilon(0.01));
    // For Paris there is no neighbour: what the country's mean falls back to is the region's.
    CHECK(groups.mean(4, 0, {}) == doctest::Approx(groups.mean(2, 0, {})));
    CHECK(groups.mean(4, 0, {}) == doctest::Approx((60 + 5 * 60 / 7.0) / 7));
}

TEST_CASE("what is left out leaves no trace") {
    const auto positions = at({berlin, berlin, potsdam, paris});
    const auto mean_with = [&](const Residual& own) {
        ResidualGroups groups{positions, 2, {}};
        groups.add(0, 1, own);
        groups.add(1, 1, of_ms(7));
        groups.add(2, 1, of_ms(-30, 512));
        groups.add(3, 1, of_ms(11));
        groups.spread();
        return groups.mean(0, 1, own);
    };
    CHECK(mean_with(of_ms(399)) == mean_with({}));
    CHECK(mean_with(of_ms(-150, 3)) == mean_with({}));
}

TEST_CASE("edges do not mix, and a client with half a weight counts half") {
    const auto positions = at({berlin, berlin, berlin});
    ResidualGroups groups{positions, 2, near_alone};
    groups.add(0, 0, of_ms(30));
    groups.add(1, 0, of_ms(60, 512));
    groups.spread();
    CHECK(groups.mean(2, 0, {}) == doctest::Approx((30 + 60 * 0.5) / 1.5));
    CHECK(groups.mean(2, 1, {}) == 0);
}

TEST_CASE("a client without a position belongs to no group") {
    auto positions = at({berlin, berlin});
    positions[1].reset();
    ResidualGroups groups{positions, 1, {}};
    groups.add(1, 0, of_ms(100));
    groups.spread();
    CHECK(groups.mean(0, 0, {}) == 0);
    CHECK(groups.mean(1, 0, of_ms(100)) == 0);
}

TEST_CASE("cells are near by over the date line too") {
    const Positions fiji{Position{.direction = geo::unit_vector({-17, 179.9}),
                                  .country = std::string_view{"FJ"},
                                  .region = geo::Region::Oceania},
                         Position{.direction = geo::unit_vector({-17, -179.9}),
                                  .country = std::string_view{"FJ"},
                                  .region = geo::Region::Oceania}};
    ResidualGroups groups{fiji, 1, near_alone};
    groups.add(0, 0, of_ms(25));
    groups.spread();
    CHECK(groups.mean(1, 0, {}) == doctest::Approx(25));
}

namespace {

/// Points a degree apart, so that each has a cell of its own, of two countries in between.
Position grid_position(std::uint64_t number) {
    const auto latitude = 30.5 + double(number / 50);
    const auto longitude = -120.5 + double(number % 50);
    return {.direction = geo::unit_vector({latitude, longitude}),
            .country = std::string_view{number % 3 == 0 ? "CA" : "US"},
            .region = geo::Region::EastNorthAmerica};
}

}  // namespace

TEST_CASE("a stranger gets what a silent client at its place gets, with or without a cell") {
    support::Generator generator{3};
    for (unsigned round = 0; round < 30; ++round) {
        const auto place = support::draw(generator, 0, 999);
        Positions clients;
        for (std::uint64_t number = 0; number < 1000; ++number) {
            if (number != place && support::draw(generator, 0, 3) == 0)
                clients.emplace_back(grid_position(number));
        }
        auto with_silent = clients;
        with_silent.emplace_back(grid_position(place));
        ResidualGroups without{clients, 2, {}};
        ResidualGroups with{with_silent, 2, {}};
        for (std::uint32_t i = 0; i < clients.size(); ++i) {
            const auto edge = static_cast<geo::EdgeIndex>(i % 2);
            const auto residual = of_ms(static_cast<int>(support::draw(generator, 0, 200)) - 50,
                                        std::int64_t(support::draw(generator, 1, 1024)));
            without.add(i, edge, residual);
            with.add(i, edge, residual);
        }
        without.spread();
        with.spread();
        for (geo::EdgeIndex edge = 0; edge < 2; ++edge) {
            const auto silent = with.mean(static_cast<std::uint32_t>(clients.size()), edge, {});
            CHECK(with.mean_at(grid_position(place), edge) == silent);
            CHECK(std::abs(without.mean_at(grid_position(place), edge) - silent) < 1e-9);
        }
    }
}

TEST_CASE("a stranger at a pole or at the date line has groups too") {
    const Positions poles{
        Position{.direction = geo::unit_vector({-90, 0}), .country = std::string_view{"AQ"}},
        Position{.direction = geo::unit_vector({-89, 170}), .country = std::string_view{"AQ"}},
        Position{.direction = geo::unit_vector({90, 0}), .country = std::string_view{"NO"}},
        Position{.direction = geo::unit_vector({0, 180}), .country = std::string_view{"FJ"}}};
    ResidualGroups groups{poles, 1, near_alone};
    for (std::uint32_t i = 0; i < poles.size(); ++i) groups.add(i, 0, of_ms(10 * int(i + 1)));
    groups.spread();
    const auto mean_at = [&](geo::Coordinates point, std::string_view country) {
        return groups.mean_at(Position{.direction = geo::unit_vector(point), .country = country},
                              0);
    };
    CHECK(mean_at({90, 0}, "NO") == doctest::Approx(30));
    CHECK(mean_at({88, 100}, "NO") == doctest::Approx(30));
    CHECK(mean_at({0, -179.9}, "FJ") == doctest::Approx(40));
    const auto south = mean_at({-89.5, -90}, "AQ");
    CHECK(south > 10);
    CHECK(south < 20);
}

}  // namespace latency_residual_groups_test
