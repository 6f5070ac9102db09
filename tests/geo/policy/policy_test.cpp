// SPDX-License-Identifier: Apache-2.0
#include "geo/policy/policy.hpp"

#include "geo/place/countries.hpp"
#include "tests/geo/policy/made_policies.hpp"
#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace policy_policy_test {

using namespace policy_made;
using geo::EdgeSite;
using geo::EdgeSites;
using geo::Match;
using geo::Place;
using geo::Policy;
using support::prefix;

namespace {

using Order = std::vector<std::uint32_t>;

const Match any;

}  // namespace

TEST_CASE("the nearest edges come first, then the rest as the zone lists them") {
    auto policy = nearest({3, 2, 1, 0, 4});
    struct Row {
        const char* name;
        float longitude;
        std::uint16_t ranked;
        Order expected;  // children, not edges
    };
    const Row rows[] = {
        {"all ranked", 1, 5, {3, 2, 4, 1, 0}},
        {"more ranked than there are", 1, 100, {3, 2, 4, 1, 0}},
        {"three ranked", 1, 3, {3, 2, 4, 0, 1}},
        {"one ranked", 1, 1, {3, 0, 1, 2, 4}},
        {"none ranked", 1, 0, {0, 1, 2, 3, 4}},
        {"from the other side", 25.5, 2, {0, 1, 2, 3, 4}},
        {"over the date line", -175, 1, {0, 1, 2, 3, 4}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        policy.ranked = row.ranked;
        CHECK(geo::ranking(policy, sites, place_at(0, row.longitude)) == row.expected);
    }
}

TEST_CASE("edges as near as each other stand as the zone lists them") {
    const EdgeSites twins{EdgeSite{{50, 8}}, EdgeSite{{50, 8}}, EdgeSite{{50, 8}}};
    CHECK(geo::ranking(nearest({2, 0, 1}), twins, place_at(1, 1)) == Order{0, 1, 2});
}

TEST_CASE("without a point edges stand as the zone lists them") {
    CHECK(geo::ranking(nearest({2, 0, 1}), sites, Place{}) == Order{0, 1, 2});
    CHECK(run(nearest({2, 0, 1}), {}) == "c > a > b");
    Place somewhere;
    somewhere.asn = 64500;
    CHECK(run(nearest({2, 0, 1}), somewhere) == "c > a > b");
}

TEST_CASE("a client of whom the continent alone is known stands where its people live") {
    for (const auto* code : {"EU", "AS", "SA"}) {
        CAPTURE(code);
        Place somewhere;
        somewhere.continent = std::string_view{code};
        Place there;
        there.latitude = static_cast<float>(geo::find_continent(code)->centre.latitude);
        there.longitude = static_cast<float>(geo::find_continent(code)->centre.longitude);
        CHECK(run(nearest({2, 0, 1}), somewhere) == run(nearest({2, 0, 1}), there));
    }
}

TEST_CASE("a client of whom the country is known stands at its centre") {
    Place kenya;
    kenya.country = std::string_view{"KE"};  // 37 degrees east
    CHECK(run(nearest({0, 1, 2, 3}), kenya) == "d > c > b > a");
}

TEST_CASE("a bias moves an edge by kilometres, by a share, or by both") {
    auto policy = nearest({0, 1});
    const auto first_at = [&](float longitude) {
        return geo::ranking(policy, sites, place_at(0, longitude)).front();
    };
    const double degree = geo::kilometres_between(*sites[0].at, *sites[1].at) / 10;
    CHECK(first_at(4.9F) == 0);
    CHECK(first_at(5.1F) == 1);
    policy.biases[1] = {.kilometres = 2 * degree};
    CHECK(first_at(3.9F) == 0);
    CHECK(first_at(4.1F) == 1);
    policy.biases[1] = {.kilometres = -2 * degree};
    CHECK(first_at(5.9F) == 0);
    CHECK(first_at(6.1F) == 1);
    policy.biases[1] = {.share = 0.5};  // 2 to 1
    CHECK(first_at(3.3F) == 0);
    CHECK(first_at(3.4F) == 1);
    policy.biases[1] = {.share = -1};  // 1 to 2
    CHECK(first_at(6.6F) == 0);
    CHECK(first_at(6.7F) == 1);
    policy.biases[1] = {.kilometres = 1 * degree, .share = 0.5};
    CHECK(first_at(2.6F) == 0);
    CHECK(first_at(2.7F) == 1);
    const auto point = geo::unit_vector({0, 4});
    CHECK(geo::biased_distance(policy, 0, sites, point) == doctest::Approx(4 * degree));
    CHECK(geo::biased_distance(policy, 1, sites, point) == doctest::Approx(2 * degree));
}

TEST_CASE("a table's most specific row speaks, wherever it stands") {
    std::vector<std::pair<Match, Policy>> entries{
        {by_prefix("192.0.2.0/24"), edge(0)},  {by_asn(64500), edge(1)},
        {by_subdivision("DE", "BE"), edge(2)}, {by_country("DE"), edge(3)},
        {by_continent("EU"), edge(4)},
    };
    Place berlin = place_at(52.5, 13.4F);
    berlin.asn = 64500;
    berlin.country = std::string_view{"DE"};
    berlin.subdivision = std::string_view{"BE"};
    Place anywhere_in_germany;
    anywhere_in_germany.country = std::string_view{"DE"};
    Place france;
    france.country = std::string_view{"FR"};
    Place texas;
    texas.country = std::string_view{"US"};
    texas.subdivision = std::string_view{"BE"};
    auto berlin_without_asn = berlin;
    berlin_without_asn.asn = 0;
    const std::vector inside{prefix("192.0.2.0/24")};
    for (unsigned turn = 0; turn < 5; ++turn) {
        CAPTURE(turn);
        std::ranges::rotate(entries, entries.begin() + 1);
        auto policy = table(entries);
        CHECK(run(policy, berlin, inside) == "a");
        CHECK(run(policy, berlin) == "b");
        CHECK(run(policy, berlin_without_asn) == "c");
        CHECK(run(policy, anywhere_in_germany) == "d");
        CHECK(run(policy, france) == "e");
        CHECK(run(policy, texas) == "nothing");
        CHECK(run(policy, {}) == "nothing");
        policy.rows.insert(policy.rows.begin(), {any, 0});
        CHECK(geo::matching_row(policy, {texas, {}}) == &policy.rows[0]);
        CHECK(run(policy, berlin, inside) == "a");
        CHECK(run(policy, berlin_without_asn) == "c");
    }
}

TEST_CASE("of two prefixes the longer one speaks") {
    const auto policy = table({
        {by_prefix("192.0.0.0/16"), edge(0)},
        {by_prefix("192.0.2.0/24"), edge(1)},
        {by_prefix("192.0.2.0/23"), edge(2)},
    });
    const auto a = prefix("192.0.0.0/16");
    const auto b = prefix("192.0.2.0/24");
    const auto c = prefix("192.0.2.0/23");
    CHECK(run(policy, {}, {b, c, a}) == "b");
    CHECK(run(policy, {}, {c, a}) == "c");
    CHECK(run(policy, {}, {a}) == "a");
    CHECK(run(policy, {}, {prefix("192.0.0.0/8")}) == "nothing");
}

TEST_CASE("a place's own continent counts before its country's") {
    const auto policy = table({
        {by_continent("EU"), edge(0)},
        {by_continent("AS"), edge(1)},
    });
    Place place;
    place.country = std::string_view{"RU"};
    CHECK(run(policy, place) == "a");
    place.continent = std::string_view{"AS"};
    CHECK(run(policy, place) == "b");
}

TEST_CASE("rows may share a child") {
    auto policy = of_kind(Policy::Kind::Geo);
    policy.children.push_back(edge(1));
    policy.rows = {{by_country("DE"), 0}, {by_country("FR"), 0}};
    Place france;
    france.country = std::string_view{"FR"};
    CHECK(run(policy, france) == "b");
}

TEST_CASE("policies nest to any depth") {
    auto weighted = group(Policy::Kind::Weighted, {nearest({0, 1}), edge(2)}, 2);
    weighted.weights = {3, 1};
    const auto inner = table(
        {{by_country("KE"), weighted}, {any, group(Policy::Kind::All, {edge(3), edge(4)}, 2)}});
    const auto policy = group(Policy::Kind::Failover, {inner, edge(4)});
    Place kenya;
    kenya.country = std::string_view{"KE"};
    CHECK(run(policy, kenya) == "(all of 3 (b > a) | 1 c) > e");
    CHECK(run(policy, {}) == "(all of d > e) > e");
}

TEST_CASE("several answers are taken from an outcome") {
    auto policy = nearest({0, 1, 2});
    policy.answers = 2;
    CHECK(run(policy, place_at(0, 19)) == "2 of c > b > a");
}

}  // namespace policy_policy_test
