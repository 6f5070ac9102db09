// SPDX-License-Identifier: Apache-2.0
#include "tests/geo/compile/compiled.hpp"

#include "geo/compile/compiler.hpp"
#include "tests/geo/random_world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

namespace support {

using geo::Address;
using geo::Map;
using geo::Policy;
using geo::Prefix;
using geo::Sources;

std::vector<std::shared_ptr<const Map>> compile(const Sources& sources,
                                                const std::vector<Policy>& policies) {
    std::vector<geo::MapRequest> requests;
    for (const auto& policy : policies) requests.push_back({&policy, &six_sites});
    auto maps = geo::compile(sources, requests);
    if (!maps) FAIL(maps.error().text);
    REQUIRE(maps->size() == policies.size());
    return *maps;
}

namespace {

Address client_of(const Address& address) {
    const auto inside = geo::embedded_v4(address);
    return inside ? inside->client : address;
}

}  // namespace

geo::OutcomeId evaluate_at(const Sources& sources, const Policy& policy, const Address& at,
                           geo::Outcomes& outcomes) {
    std::vector<Prefix> within;
    collect_prefixes(policy, within);
    std::erase_if(within, [&](const Prefix& named) { return !named.contains(client_of(at)); });
    std::ranges::stable_sort(within, std::greater{}, &Prefix::length);
    const auto place = sources.find(at).place;
    return geo::evaluate(policy, six_sites, {place, within}, outcomes);
}

}  // namespace support
