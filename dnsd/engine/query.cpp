// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/query.hpp"

#include "dnsd/wire/message.hpp"
#include "geo/place/address.hpp"
#include "zones/name/record_type.hpp"

#include <cstdint>

namespace engine {
namespace {

using wire::Rcode;

/// Finds where the answer will be counted. Any number of names may not exist, so those of a zone
/// are counted together. A wildcard has one node, whatever name was asked for.
void expect_limit(const Snapshot& snapshot, Query& query) noexcept {
    const auto& client = query.client;
    query.slips = false;
    query.limited = client.limiter != nullptr && !snapshot.limits.answers.none() &&
                    !any_contains(snapshot.limits.exempt, client.address);
    if (!query.limited) return;
    auto key = rate_key(client.address);
    if (query.served != nullptr) {
        const auto zone = reinterpret_cast<std::uintptr_t>(query.served->zone.get());
        const bool named = query.lookup.found != zones::Zone::Found::NxDomain;
        key = rate_key(client.address, zone, named ? query.lookup.node : 0);
    }
    query.rate_place = client.limiter->place_of(key);
    client.limiter->expect(query.rate_place);
}

const zones::ServedZone* find_zone(const zones::Catalog& catalog,
                                   const wire::Request& request) noexcept {
    const auto* own = catalog.find(request.name);
    if (own == nullptr || request.type != zones::rr::DS || !(own->zone->apex() == request.name)) {
        return own;
    }
    // DS belongs to the parent's side of a cut (RFC 4035 §3.1.4.1), if that zone is here too.
    const auto* parent = catalog.find(request.name.parent());
    return parent == nullptr || request.name.label_count() == 0 ? own : parent;
}

void read(const Snapshot& snapshot, Query& query) noexcept {
    query.served = nullptr;
    if (!is_query(query.message)) return;
    query.fault = wire::read_request(query.message, query.request);
    const bool internet = query.request.rr_class == static_cast<std::uint16_t>(wire::RrClass::IN);
    if (query.fault != Rcode::NoError || !internet) return;
    query.served = find_zone(snapshot.catalog, query.request);
    if (query.served != nullptr) query.served->zone->expect_slot(query.request.name);
}

/// Finds the name, and begins to find the client where the answer depends on it.
void look_up(Query& query) noexcept {
    query.map = nullptr;
    if (query.served == nullptr) return;
    const auto& zone = *query.served->zone;
    query.lookup = zone.look_up_expected(query.request.name, query.expected);
    if (query.served->maps.empty() || !query.lookup.has_records()) return;
    const auto* set = zone.find(query.lookup.node, query.request.type);
    if (set == nullptr || !set->steered()) return;
    query.map = &query.served->maps[set->at];
    query.locating = locating_address(query.request, query.client, *query.map);
    query.search = query.map->begin(query.locating.address, query.locating.population());
}

/// Takes one step to the client's place in the map. False while there are more steps.
bool locate(Query& query) noexcept {
    return query.map == nullptr || query.search.done() || query.map->advance(query.search);
}

}  // namespace

LocatingAddress locating_address(const wire::Request& request, const Client& client,
                                 const geo::LayeredMap& map) noexcept {
    const auto* subnet = request.edns && request.edns->subnet ? &*request.edns->subnet : nullptr;
    // RFC 7871 §7.1.2: a source prefix of 0 asks for privacy.
    if (subnet == nullptr || subnet->prefix.length == 0) return {.address = client.address};
    if (geo::routable(subnet->prefix))
        return {.address = subnet->prefix.address, .by_subnet = true};
    // §10: a subnet that no client of the internet has counts as absent, unless the operator knows
    // it.
    const auto part = map.base()->local_part(subnet->prefix);
    return {.address = part.named ? subnet->prefix.address : client.address,
            .by_subnet = part.named,
            .least_scope = part.length};
}

// Flattened, as `respond` is: a query takes hundreds of steps in dozens of small functions, and
// calls were a fifth of all instructions.
[[gnu::flatten]] void read(const Snapshot& snapshot, std::span<Query> batch) noexcept {
    for (auto& query : batch) read(snapshot, query);
    for (auto& query : batch) {
        if (query.served != nullptr)
            query.expected = query.served->zone->expect_node(query.request.name);
    }
    for (auto& query : batch) {
        look_up(query);
        expect_limit(snapshot, query);
    }
    // Until all of them have arrived.
    for (bool all = false; !all;) {
        all = true;
        for (auto& query : batch) all &= locate(query);
    }
}

}  // namespace engine
