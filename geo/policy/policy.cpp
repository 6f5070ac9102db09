// SPDX-License-Identifier: Apache-2.0
#include "geo/policy/policy.hpp"

#include "geo/latency/prior.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <numeric>

namespace geo {
namespace {

/// Appends the octets of a plain value, so that keys of different values differ.
template <class T>
void put(std::string& key, const T& value) {
    static_assert(std::is_arithmetic_v<T> || std::is_enum_v<T>);
    char octets[sizeof(T)];
    std::memcpy(octets, &value, sizeof(T));
    key.append(octets, sizeof(T));
}

void put(std::string& key, const Match& match) {
    put(key, match.kind);
    put(key, match.prefix.address.family);
    put(key, static_cast<std::uint64_t>(match.prefix.address.bits >> 64));
    put(key, static_cast<std::uint64_t>(match.prefix.address.bits));
    put(key, match.prefix.length);
    put(key, match.asn);
    key.append(match.area.characters.data(), match.area.characters.size());
    key.append(match.subdivision.characters.data(), match.subdivision.characters.size());
}

bool matches(const Match& match, const Subject& subject) {
    const Place& place = subject.place;
    switch (match.kind) {
        case Match::Kind::Prefix:
            return std::ranges::find(subject.within, match.prefix) != subject.within.end();
        case Match::Kind::Asn:
            return match.asn == place.asn;
        case Match::Kind::Subdivision:
            return match.area == place.country && match.subdivision == place.subdivision;
        case Match::Kind::Country:
            return match.area == place.country;
        case Match::Kind::Continent:
            return match.area.text() == place.continent_code();
        case Match::Kind::Any:
            return true;
    }
    return false;
}

/// True if `a` speaks for the subject rather than `b`. Both rows match.
bool more_specific(const Match& a, const Match& b) {
    if (a.kind != b.kind) return a.kind < b.kind;
    return a.kind == Match::Kind::Prefix && a.prefix.length > b.prefix.length;
}

/// Returns what each child costs a client at the place, in kilometres or milliseconds. Empty for
/// policies that do not rank children, and when neither a point nor a round trip is known.
std::vector<double> costs_of(const Policy& policy, const EdgeSites& sites, const Place& place,
                             const RoundTrips& round_trips) {
    std::vector<double> costs;
    const auto point = place.point();
    costs.reserve(policy.children.size());
    const auto count = static_cast<std::uint32_t>(policy.children.size());
    if (policy.kind == Policy::Kind::Nearest && point) {
        const auto direction = unit_vector(*point);
        for (std::uint32_t child = 0; child < count; ++child) {
            costs.push_back(biased_distance(policy, child, sites, direction));
        }
    }
    if (policy.kind == Policy::Kind::Latency && (point || !round_trips.client.empty())) {
        const auto client = position_of(place);
        for (std::uint32_t child = 0; child < count; ++child) {
            costs.push_back(biased_latency(policy, child, sites, client, round_trips));
        }
    }
    return costs;
}

void collect_prefixes(const Policy& policy, std::vector<Prefix>& found) {
    for (const auto& [match, child] : policy.rows) {
        if (match.kind == Match::Kind::Prefix) found.push_back(match.prefix);
    }
    for (const auto& child : policy.children) collect_prefixes(child, found);
}

}  // namespace

std::string key_of(const Policy& policy, const EdgeSites& sites) {
    std::string key;
    put(key, policy.kind);
    put(key, policy.edge);
    put(key, policy.answers);
    put(key, policy.ranked);
    put(key, policy.via);
    put(key, policy.children.size());
    for (std::size_t i = 0; i < policy.children.size(); ++i) {
        const Policy& child = policy.children[i];
        key += key_of(child, sites);
        if (i < policy.weights.size()) put(key, policy.weights[i]);
        if (i >= policy.biases.size()) continue;
        put(key, policy.biases[i].kilometres);
        put(key, policy.biases[i].share);
        const auto site = sites[child.edge].at.value_or(Coordinates{});
        put(key, sites[child.edge].at.has_value());
        put(key, site.latitude);
        put(key, site.longitude);
    }
    put(key, policy.rows.size());
    for (const auto& [match, child] : policy.rows) {
        put(key, match);
        put(key, child);
    }
    return key;
}

const Policy::Row* matching_row(const Policy& policy, const Subject& subject) {
    const Policy::Row* best = nullptr;
    for (const auto& row : policy.rows) {
        if (!matches(row.match, subject)) continue;
        if (best == nullptr || more_specific(row.match, best->match)) best = &row;
    }
    return best;
}

double biased_distance(const Policy& policy, std::uint32_t child, const EdgeSites& sites,
                       const UnitVector& point) {
    const auto& site = sites[policy.children[child].edge];
    const Bias& bias = policy.biases[child];
    return kilometres_between(site.position.direction, point) * (1 - bias.share) - bias.kilometres;
}

double biased_latency(const Policy& policy, std::uint32_t child, const EdgeSites& sites,
                      const std::optional<Position>& client, const RoundTrips& round_trips) {
    const auto edge = policy.children[child].edge;
    const Bias& bias = policy.biases[child];
    double way = round_trips.client.empty() ? prior_ms(sites[edge].position, *client)
                                            : round_trips.client[edge];
    if (policy.via == Via::Home && !round_trips.home.empty()) way += round_trips.home[edge];
    return way * (1 - bias.share) - bias.kilometres * prior_ms_per_km;
}

std::vector<Prefix> named_prefixes(const Policy& policy) {
    std::vector<Prefix> found;
    collect_prefixes(policy, found);
    return found;
}

std::vector<Prefix> named_prefixes(const Policy& policy, const Address& address) {
    auto found = named_prefixes(policy);
    std::erase_if(found, [&](const Prefix& prefix) { return !prefix.contains(address); });
    std::ranges::sort(found, std::greater{}, &Prefix::length);
    return found;
}

bool uses(const Policy& policy, Policy::Kind kind) {
    return policy.kind == kind || std::ranges::any_of(policy.children, [&](const Policy& child) {
               return uses(child, kind);
           });
}

std::vector<std::uint32_t> ranking(const Policy& policy, const EdgeSites& sites, const Place& place,
                                   const RoundTrips& round_trips) {
    std::vector<std::uint32_t> order(policy.children.size());
    std::iota(order.begin(), order.end(), 0U);
    const auto costs = costs_of(policy, sites, place, round_trips);
    if (costs.empty()) return order;
    const auto better = [&](std::uint32_t a, std::uint32_t b) {
        return costs[a] != costs[b] ? costs[a] < costs[b] : a < b;
    };
    const auto middle = order.begin() + std::min<std::ptrdiff_t>(policy.ranked, std::ssize(order));
    std::partial_sort(order.begin(), middle, order.end(), better);
    std::sort(middle, order.end());  // the rest as the zone lists them
    return order;
}

OutcomeId evaluate(const Policy& policy, const EdgeSites& sites, const Subject& subject,
                   Outcomes& outcomes) {
    const auto below = [&](std::size_t child) {
        return evaluate(policy.children[child], sites, subject, outcomes);
    };
    switch (policy.kind) {
        case Policy::Kind::Edge:
            return outcomes.edge(policy.edge);
        case Policy::Kind::Geo: {
            const auto* row = matching_row(policy, subject);
            return row == nullptr ? Outcomes::nothing() : below(row->child);
        }
        case Policy::Kind::Weighted: {
            std::vector<Outcomes::Branch> branches;
            for (std::size_t i = 0; i < policy.children.size(); ++i) {
                branches.push_back({.outcome = below(i), .weight = policy.weights[i]});
            }
            return outcomes.weighted(branches, policy.answers);
        }
        case Policy::Kind::Nearest:
        case Policy::Kind::Latency:
        case Policy::Kind::Failover:
        case Policy::Kind::All:
            break;
    }
    const auto order = ranking(policy, sites, subject.place, subject.round_trips);
    std::vector<OutcomeId> branches;
    branches.reserve(order.size());
    for (const auto child : order) branches.push_back(below(child));
    return outcomes.ordered(branches, policy.answers);
}

}  // namespace geo
