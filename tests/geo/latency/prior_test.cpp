// SPDX-License-Identifier: Apache-2.0
#include "geo/latency/prior.hpp"

#include "geo/place/cities.hpp"
#include "geo/place/countries.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

namespace latency_prior_test {

using geo::Coordinates;
using geo::position_at;
using geo::prior_ms;

namespace {

constexpr Coordinates frankfurt{50.1167, 8.6833};
constexpr Coordinates london{51.5171, -0.1062};
constexpr Coordinates warsaw{52.23, 21.01};
constexpr Coordinates new_york{40.71, -74.01};
constexpr Coordinates fremont{37.5483, -121.9875};
constexpr Coordinates singapore{1.3667, 103.75};
constexpr Coordinates tokyo{35.6833, 139.7667};
constexpr Coordinates istanbul{41.01, 28.95};
constexpr Coordinates izmir{38.41, 27.14};

}  // namespace

TEST_CASE("the prior of known pairs is a line over the distance and what the regions add") {
    struct Row {
        const char* name;
        Coordinates from;
        Coordinates to;
        double kilometres;
        double regions;  // milliseconds that the pair adds
    };
    const Row rows[] = {
        {"western Europe", london, frankfurt, 636.4, -10.7},
        {"across Europe", frankfurt, warsaw, 889.7, -7.5},
        {"the Atlantic", london, new_york, 5568.4, -30.8},
        {"the Atlantic and more", frankfurt, fremont, 9134.2, -22.0},
        {"Europe to Singapore", frankfurt, singapore, 10257.6, 43.0},
        {"the Pacific", fremont, tokyo, 8321.4, -43.5},
        {"along the Asian coast", singapore, tokyo, 5326.2, -5.2},
        {"Turkey to the west", istanbul, frankfurt, 1865.2, 0.4},
        {"within Turkey, not as within the Middle East", istanbul, izmir, 327.6, -18.3},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(geo::kilometres_between(row.from, row.to) ==
              doctest::Approx(row.kilometres).epsilon(0.002));
        CHECK(prior_ms(position_at(row.from), position_at(row.to)) ==
              doctest::Approx(23.39 + 0.017117 * row.kilometres + row.regions).epsilon(0.005));
    }
}

TEST_CASE("the prior is symmetric, finite and never faster than light in fibre") {
    std::vector<geo::Position> positions;
    for (const auto& country : geo::countries()) positions.push_back(position_at(country.centre));
    for (const auto& a : positions) {
        for (const auto& b : positions) {
            const double there = prior_ms(a, b);
            if (there != prior_ms(b, a) || !(there >= geo::fibre_ms(a, b)) || !(there < 1000)) {
                FAIL_CHECK(a.country.text() << " to " << b.country.text() << ": " << there);
            }
        }
    }
}

TEST_CASE("the prior is continuous within a region") {
    geo::Position client = position_at(warsaw);
    const auto edge = position_at(london);
    double before = 0;
    for (double longitude = 18; longitude <= 24; longitude += 0.01) {
        client.direction = geo::unit_vector({52, longitude});
        const double now = prior_ms(client, edge);
        if (before != 0 && std::abs(now - before) > 0.7 * 1.1 * geo::prior_ms_per_km)
            FAIL_CHECK("a step from " << before << " to " << now << " at " << longitude);
        before = now;
    }
}

TEST_CASE("a zone's own country is a fast one in the slowest region") {
    const auto edge = position_at(istanbul);
    CHECK(prior_ms(edge, edge) < 10);
    CHECK(prior_ms(position_at(izmir), edge) <
          prior_ms(position_at(izmir), position_at(frankfurt)));
}

}  // namespace latency_prior_test
