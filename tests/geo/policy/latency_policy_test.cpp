// SPDX-License-Identifier: Apache-2.0
// Policies that rank edges by estimated milliseconds.

#include "geo/latency/prior.hpp"
#include "geo/policy/policy.hpp"
#include "tests/geo/policy/made_policies.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace policy_latency_policy_test {

using geo::EdgeSite;
using geo::EdgeSites;
using geo::Place;
using geo::Policy;
using policy_made::nearest;
using policy_made::place_at;

namespace {

using Order = std::vector<std::uint32_t>;

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

}  // namespace policy_latency_policy_test
