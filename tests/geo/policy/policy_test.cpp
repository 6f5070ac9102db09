// SPDX-License-Identifier: Apache-2.0
#include "geo/policy/policy.hpp"

#include "geo/latency/prior.hpp"
#include "geo/place/countries.hpp"
#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace policy_policy_test {

using geo::EdgeSite;
using geo::EdgeSites;
using geo::Match;
using geo::Place;
using geo::Policy;
using geo::Subject;
using support::prefix;

namespace {

using Order = std::vector<std::uint32_t>;

// Edges along the equator, so that a degree of longitude is 111.2 km.
const EdgeSites sites{EdgeSite{{0, 0}}, EdgeSite{{0, 10}}, EdgeSite{{0, 20}}, EdgeSite{{0, 30}},
                      EdgeSite{{0, -10}}};
const std::vector<std::string> names{"a", "b", "c", "d", "e"};

Policy of_kind(Policy::Kind kind) {
    Policy policy;
    policy.kind = kind;
    return policy;
}

Policy edge(geo::EdgeIndex index) {
    auto policy = of_kind(Policy::Kind::Edge);
    policy.edge = index;
    return policy;
}

Policy nearest(const std::vector<geo::EdgeIndex>& edges) {
    auto policy = of_kind(Policy::Kind::Nearest);
    for (const auto index : edges) policy.children.push_back(edge(index));
    policy.biases.resize(edges.size());
    return policy;
}

Policy group(Policy::Kind kind, std::vector<Policy> children, std::uint16_t answers = 1) {
    auto policy = of_kind(kind);
    policy.children = std::move(children);
    policy.answers = answers;
    return policy;
}

Policy table(const std::vector<std::pair<Match, Policy>>& rows) {
    auto policy = of_kind(Policy::Kind::Geo);
    for (const auto& [match, child] : rows) {
        policy.rows.push_back({match, static_cast<std::uint32_t>(policy.children.size())});
        policy.children.push_back(child);
    }
    return policy;
}

Match by_prefix(const char* text) {
    Match match;
    match.kind = Match::Kind::Prefix;
    match.prefix = prefix(text);
    return match;
}
Match by_asn(std::uint32_t asn) {
    Match match;
    match.kind = Match::Kind::Asn;
    match.asn = asn;
    return match;
}
Match by_area(Match::Kind kind, const char* code) {
    Match match;
    match.kind = kind;
    match.area = std::string_view{code};
    return match;
}
Match by_country(const char* code) {
    return by_area(Match::Kind::Country, code);
}
Match by_continent(const char* code) {
    return by_area(Match::Kind::Continent, code);
}
Match by_subdivision(const char* country, const char* code) {
    auto match = by_area(Match::Kind::Subdivision, country);
    match.subdivision = std::string_view{code};
    return match;
}
const Match any;

Place place_at(float latitude, float longitude) {
    Place place;
    place.latitude = latitude;
    place.longitude = longitude;
    return place;
}

std::string run(const Policy& policy, const Place& place,
                const std::vector<geo::Prefix>& within = {}) {
    geo::Outcomes outcomes;
    return outcomes.to_text(geo::evaluate(policy, sites, {place, within}, outcomes), names);
}

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

namespace {

// Tel Aviv is 1,100 km nearer to Cairo than Milan is, but its traffic goes by Europe.
const EdgeSites mediterranean{EdgeSite{{45.46, 9.19}}, EdgeSite{{32.07, 34.78}},
                              EdgeSite{{51.51, -0.13}}};

Policy latency(const std::vector<geo::EdgeIndex>& edges) {
    auto policy = nearest(edges);
    policy.kind = Policy::Kind::Latency;
    return policy;
}

Place cairo() {
    auto place = place_at(30.04F, 31.24F);
    place.country = std::string_view{"EG"};
    return place;
}

}  // namespace

TEST_CASE("latency ranks by estimated milliseconds where nearest ranks by distance") {
    CHECK(geo::ranking(nearest({0, 1, 2}), mediterranean, cairo()) == Order{1, 0, 2});
    CHECK(geo::ranking(latency({0, 1, 2}), mediterranean, cairo()) == Order{0, 2, 1});
    const auto client = *geo::position_of(cairo());
    const auto policy = latency({0, 1, 2});
    for (std::uint32_t child = 0; child < 3; ++child) {
        CHECK(geo::biased_latency(policy, child, mediterranean, client) ==
              geo::prior_ms(client, mediterranean[child].position));
    }
}

TEST_CASE("latency asks where in the country a client is, and in which country") {
    Place egypt;
    egypt.country = std::string_view{"EG"};
    CHECK(geo::ranking(latency({1, 0}), mediterranean, egypt) == Order{1, 0});
    CHECK(geo::ranking(latency({1, 0}), mediterranean, Place{}) == Order{0, 1});
    auto israel = cairo();
    israel.country = std::string_view{"IL"};  // whatever its point
    CHECK(geo::ranking(latency({0, 1, 2}), mediterranean, israel) == Order{1, 0, 2});
}

TEST_CASE("a bias takes a share of the milliseconds, and kilometres at what each costs") {
    auto policy = latency({0, 1, 2});
    const auto client = *geo::position_of(cairo());
    const double plain = geo::biased_latency(policy, 1, mediterranean, client);
    policy.biases[1] = {.share = 0.25};
    CHECK(geo::biased_latency(policy, 1, mediterranean, client) == doctest::Approx(plain * 0.75));
    policy.biases[1] = {.kilometres = 1000};
    CHECK(geo::biased_latency(policy, 1, mediterranean, client) ==
          doctest::Approx(plain - 1000 * geo::prior_ms_per_km));
    policy.biases[1] = {.kilometres = 3000};
    CHECK(geo::ranking(policy, mediterranean, cairo()).front() == 1);
    policy.biases[1] = {.share = -1};
    CHECK(geo::biased_latency(policy, 1, mediterranean, client) == doctest::Approx(plain * 2));
}

TEST_CASE("latency ranks as many as it is told, then as the zone lists them") {
    auto policy = latency({1, 2, 0});
    policy.ranked = 1;
    CHECK(geo::ranking(policy, mediterranean, cairo()) == Order{2, 0, 1});
}

TEST_CASE("several answers are taken from an outcome") {
    auto policy = nearest({0, 1, 2});
    policy.answers = 2;
    CHECK(run(policy, place_at(0, 19)) == "2 of c > b > a");
}

TEST_CASE("keys are equal for equal policies and differ with all that an outcome depends on") {
    const auto base = [] {
        auto near = nearest({0, 1, 2});
        auto weighted = group(Policy::Kind::Weighted, {edge(0), edge(1)});
        weighted.weights = {1, 2};
        return group(Policy::Kind::Failover, {table({
                                                  {by_prefix("192.0.2.0/24"), near},
                                                  {by_asn(64500), std::move(weighted)},
                                                  {by_subdivision("US", "CA"), edge(1)},
                                                  {by_country("DE"), edge(2)},
                                              }),
                                              edge(3)});
    };
    auto moved_sites = sites;
    const auto key = geo::key_of(base(), sites);
    CHECK(geo::key_of(base(), sites) == key);
    moved_sites[3] = EdgeSite{{1, 1}};
    CHECK(geo::key_of(base(), moved_sites) == key);  // no distance to it is ever asked
    moved_sites[1] = EdgeSite{{0, 10.01}};
    CHECK(geo::key_of(base(), moved_sites) != key);

    struct Row {
        const char* name;
        void (*change)(Policy&);
    };
    const Row rows[] = {
        {"another kind", [](Policy& top) { top.kind = Policy::Kind::All; }},
        {"answers", [](Policy& top) { top.answers = 2; }},
        {"one child more", [](Policy& top) { top.children.push_back(edge(4)); }},
        {"another edge", [](Policy& top) { top.children[1].edge = 4; }},
        {"children swapped", [](Policy& top) { std::swap(top.children[0], top.children[1]); }},
        {"weight", [](Policy& top) { top.children[0].children[1].weights[1] = 3; }},
        {"kilometres", [](Policy& top) { top.children[0].children[0].biases[2].kilometres = 1; }},
        {"share", [](Policy& top) { top.children[0].children[0].biases[2].share = 0.1; }},
        {"ranked", [](Policy& top) { top.children[0].children[0].ranked = 1; }},
        {"latency", [](Policy& top) { top.children[0].children[0].kind = Policy::Kind::Latency; }},
        {"prefix",
         [](Policy& top) { top.children[0].rows[0].match.prefix = prefix("192.0.3.0/24"); }},
        {"prefix length",
         [](Policy& top) { top.children[0].rows[0].match.prefix = prefix("192.0.2.0/25"); }},
        {"family",
         [](Policy& top) { top.children[0].rows[0].match.prefix = prefix("c000:200::/24"); }},
        {"AS number", [](Policy& top) { top.children[0].rows[1].match.asn = 64501; }},
        {"subdivision",
         [](Policy& top) { top.children[0].rows[2].match.subdivision = std::string_view{"NV"}; }},
        {"country",
         [](Policy& top) { top.children[0].rows[3].match.area = std::string_view{"FR"}; }},
        {"match", [](Policy& top) { top.children[0].rows[3].match.kind = Match::Kind::Continent; }},
        {"row's child", [](Policy& top) { top.children[0].rows[3].child = 2; }},
        {"one row less", [](Policy& top) { top.children[0].rows.pop_back(); }},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        auto changed = base();
        row.change(changed);
        CHECK(geo::key_of(changed, sites) != key);
    }
}

TEST_CASE("an edge without a place has another key than one at the origin") {
    const EdgeSites at_origin{EdgeSite{{0, 0}}, EdgeSite{{0, 10}}};
    const EdgeSites nowhere{EdgeSite{}, EdgeSite{{0, 10}}};
    CHECK(geo::key_of(nearest({0, 1}), at_origin) != geo::key_of(nearest({0, 1}), nowhere));
}

}  // namespace policy_policy_test
