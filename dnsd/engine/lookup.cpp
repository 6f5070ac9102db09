// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/lookup.hpp"

#include "dnsd/engine/observed_name.hpp"
#include "dnsd/wire/message.hpp"
#include "zones/name/record_type.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <span>

namespace engine {
namespace {

using zones::Zone;
namespace rr = zones::rr;

}  // namespace

Steering::Steering(const Query& query, std::size_t number, geo::Family family,
                   geo::Random& random) noexcept
    : served{query.served},
      steer{&served->zone->steers()[number]},
      index{number},
      locating{query.map == &served->maps[number]
                   ? query.locating
                   : locating_address(query.request, query.client, served->maps[number])},
      found{query.map == &served->maps[number]
                ? query.search.found()
                : served->maps[number].find(locating.address, locating.population())},
      chosen{choose_edges(*served, number, found, family, random)} {
    found.scope = std::max(found.scope, locating.least_scope);
}

Finding Findings::first() noexcept {
    const auto& at = query_.lookup;
    // Records at an observed name are a fault of the zone. Where it has some, they are answered.
    const bool has_records = at.found == Zone::Found::Exact && !zone_.sets(at.node).empty();
    if (!has_records) {
        if (const auto observed = observe()) return {at, *observed};
    }
    return {at, find(at)};
}

Finding Findings::next() noexcept {
    goes_on_ = false;
    const auto at = zone_.look_up(*name_);
    return {at, find(at)};
}

std::optional<Findings::Kind> Findings::observe() const noexcept {
    const auto observed = read_observed(zone_, *name_);
    if (observed.kind == ObservedName::Kind::None ||
        !any_contains(snapshot_.observers, query_.client.address)) {
        return std::nullopt;
    }
    if (query_.origin() == Origin::Claimed && !query_.client.on_this_machine()) return Unproved{};
    if (observed.kind == ObservedName::Kind::Absent) return NoName{.ttl_limit = 0};
    const auto type = query_.request.type;
    if (type != rr::TXT && type != rr::ANY) return NoType{.ttl_limit = 0};
    return Observed{.observation = observation_};
}

Findings::Kind Findings::find(const Zone::Lookup& at) noexcept {
    switch (at.found) {
        case Zone::Found::Exact:
        case Zone::Found::Wildcard:
            return find_type(at.node);
        case Zone::Found::Delegation:
            if (at.label == 0 && query_.request.type == rr::DS) return find_type(at.node);
            return Cut{.name_servers = zone_.find(at.node, rr::NS)};
        case Zone::Found::Dname:
            return substitute(at);
        case Zone::Found::NxDomain:
            break;
    }
    return NoName{};
}

Findings::Kind Findings::find_type(std::uint32_t node) noexcept {
    const auto* set = zone_.find(node, query_.request.type);
    if (set == nullptr) return find_without_type(node);
    if (set->steered()) return steer(*set);
    return PlainSet{.set = set};
}

/// At a name that has nothing of the type, or that is asked for all types.
Findings::Kind Findings::find_without_type(std::uint32_t node) noexcept {
    const bool any = query_.request.type == rr::ANY;
    if (const auto* cname = zone_.find(node, rr::CNAME)) {
        if (!any) follow(*cname, 0);
        return Alias{.cname = cname};
    }
    if (any && !zone_.sets(node).empty()) return AllTypes{};
    return NoType{};
}

Findings::Kind Findings::substitute(const Zone::Lookup& at) noexcept {
    const auto& dname = *zone_.find(at.node, rr::DNAME);
    const auto kept = name_->label_at(at.label);
    const bool fits = follow(dname, kept);
    if (query_.request.type == rr::CNAME) goes_on_ = false;
    return Substitution{.dname = &dname, .kept = kept, .too_long = !fits};
}

bool Findings::follow(const zones::RrSet& alias, std::size_t kept) noexcept {
    const auto set = zone_.wire(alias);
    constexpr std::size_t rdata = 12;
    // A pointer ends the target's own labels and leads to the rest of them in the zone's name.
    const bool shared = !set.fixups.empty();
    const std::size_t end = shared ? set.fixups.front() : set.octets.size();
    const auto own = set.octets.subspan(rdata, end - rdata);
    const auto rest = shared ? zone_.apex().wire().subspan(wire::read16(set.octets, end))
                             : std::span<const std::uint8_t>{};
    std::array<std::uint8_t, zones::max_name_length> target;
    const auto length = kept + own.size() + rest.size();
    if (length > target.size()) return false;
    std::memcpy(target.data(), name_->wire().data(), kept);
    std::memcpy(target.data() + kept, own.data(), own.size());
    // memcpy takes no null pointer, not even for nothing.
    if (shared) std::memcpy(target.data() + kept + own.size(), rest.data(), rest.size());
    goes_on_ = alias_.assign(std::span{target}.first(length)) && alias_.within(zone_.apex()) &&
               steps_++ < zones::max_chain;
    name_ = &alias_;
    return true;
}

Findings::Kind Findings::steer(const zones::RrSet& set) noexcept {
    const auto family = set.type == rr::A ? geo::Family::V4 : geo::Family::V6;
    auto& why = steering_.emplace(query_, set.at, family, random_);
    // No edge has an address of this family, wherever the client is and whatever health says.
    if (!why.steer->may_have(family)) return NoType{};
    why.scope = why.locating.by_subnet ? why.found.scope : why.locating.least_scope;
    const AnswerSet answer{
        .edges = with_address(why, family), .family = family, .ttl = why.chosen.ttl};
    if (!answer.edges.empty()) return SteeredSet{.steer = why.steer, .answer = answer};
    // Other edges have one, so the scope is that of an answer with addresses: with a scope of 0
    // this answer would go to all clients. Some resolvers know no scope of a negative answer (RFC
    // 7871 §7.4). In these it lives no longer than an address would.
    return NoType{.ttl_limit = why.chosen.ttl};
}

std::span<const geo::EdgeIndex> Findings::with_address(const Steering& why,
                                                       geo::Family family) noexcept {
    const auto& chosen = why.chosen.picked.edges;
    const auto has_address = [&](geo::EdgeIndex edge) {
        return zone_.edge_wire(*why.steer, edge, family).rr_count > 0;
    };
    std::size_t with = 0;
    for (const auto edge : chosen) with += has_address(edge) ? std::size_t{1} : 0;
    if (with == chosen.size()) return {chosen.data(), chosen.size()};
    std::ranges::copy_if(chosen, std::back_inserter(answered_), has_address);
    return {answered_.data(), answered_.size()};
}

}  // namespace engine
