// SPDX-License-Identifier: Apache-2.0
#include "tests/geo/policy/made_policies.hpp"

#include "tests/support/random_space.hpp"

namespace policy_made {

using geo::EdgeSite;
using geo::EdgeSites;
using geo::Match;
using geo::Place;
using geo::Policy;
using support::prefix;

namespace {

const std::vector<std::string> names{"a", "b", "c", "d", "e"};

Match by_area(Match::Kind kind, const char* code) {
    Match match;
    match.kind = kind;
    match.area = std::string_view{code};
    return match;
}

}  // namespace

const EdgeSites sites{EdgeSite{{0, 0}}, EdgeSite{{0, 10}}, EdgeSite{{0, 20}}, EdgeSite{{0, 30}},
                      EdgeSite{{0, -10}}};

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

Policy group(Policy::Kind kind, std::vector<Policy> children, std::uint16_t answers) {
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
Place place_at(float latitude, float longitude) {
    Place place;
    place.latitude = latitude;
    place.longitude = longitude;
    return place;
}

std::string run(const Policy& policy, const Place& place, const std::vector<geo::Prefix>& within) {
    geo::Outcomes outcomes;
    return outcomes.to_text(geo::evaluate(policy, sites, {place, within}, outcomes), names);
}

}  // namespace policy_made
