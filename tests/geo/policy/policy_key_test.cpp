// SPDX-License-Identifier: Apache-2.0
#include "geo/policy/policy.hpp"
#include "tests/geo/policy/made_policies.hpp"
#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace policy_policy_key_test {

using namespace policy_made;
using geo::EdgeSite;
using geo::EdgeSites;
using geo::Match;
using geo::Policy;
using support::prefix;

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

}  // namespace policy_policy_key_test
