// SPDX-License-Identifier: Apache-2.0
#include "zones/zone/contents.hpp"

#include <algorithm>
#include <compare>
#include <iterator>

namespace zones {
namespace {

constexpr std::size_t soa_numbers = 20;  // octets behind its names; the serial first

std::pair<std::uint32_t, RrType> order_of(const Contents::Set& set) {
    return {set.owner, set.type};
}

/// Returns where the labels of a name in wire form begin.
std::vector<std::size_t> labels_of(std::span<const std::uint8_t> name) {
    std::vector<std::size_t> starts;
    for (std::size_t at = 0; at < name.size() && name[at] != 0; at += name[at] + std::size_t{1})
        starts.push_back(at);
    return starts;
}

/// RFC 4034 §6.1: label by label from the end; an absent label sorts before all others.
std::strong_ordering canonical_order(std::span<const std::uint8_t> one,
                                     std::span<const std::uint8_t> other) {
    const auto ours = labels_of(one);
    const auto theirs = labels_of(other);
    const auto label = [](std::span<const std::uint8_t> name, std::size_t at) {
        return name.subspan(at + 1, name[at]);
    };
    for (std::size_t i = 1; i <= std::min(ours.size(), theirs.size()); ++i) {
        const auto first = label(one, ours[ours.size() - i]);
        const auto second = label(other, theirs[theirs.size() - i]);
        const auto order = std::lexicographical_compare_three_way(first.begin(), first.end(),
                                                                  second.begin(), second.end());
        if (order != 0) return order;
    }
    return ours.size() <=> theirs.size();
}

std::vector<std::span<const std::uint8_t>> sorted(Records records) {
    std::vector<std::span<const std::uint8_t>> rdatas{records.begin(), records.end()};
    std::ranges::sort(rdatas, [](const auto& one, const auto& other) {
        return std::ranges::lexicographical_compare(one, other);
    });
    return rdatas;
}

bool same_octets(std::span<const std::uint8_t> one, std::span<const std::uint8_t> other) {
    return std::ranges::equal(one, other);
}

bool same_checks(std::span<const probes::CheckPtr> some, std::span<const probes::CheckPtr> others) {
    const auto key = [](const probes::CheckPtr& check) { return key_of(*check); };
    return std::ranges::equal(some, others, {}, key, key);
}

bool same_edge(const Edge& one, const Edge& other) {
    return one.name == other.name && one.addresses == other.addresses &&
           one.location == other.location && same_checks(one.checks, other.checks) &&
           same_checks(one.origins, other.origins);
}

bool same_settings(const ZoneSettings& one, const ZoneSettings& other) {
    return one.missing_family == other.missing_family && one.all_down.kind == other.all_down.kind &&
           one.all_down.edge == other.all_down.edge &&
           std::ranges::equal(one.edges, other.edges, same_edge);
}

}  // namespace

Contents::Contents(const Name& apex) : names_{apex} {
    add_name(apex);
}

void Contents::expect(std::size_t names) {
    names_.reserve(names);
    parents_.reserve(names);
    sets_.reserve(names);
}

std::uint32_t Contents::add_name(const Name& name) {
    const auto before = names_.size();
    const auto number = names_.add(name);
    if (names_.size() == before) return number;
    parents_.push_back(NameTable::none);
    // The names between it and the apex exist too, if only as empty non-terminals (RFC 8020 §3).
    auto child = number;
    const auto apex_label = name.label_count() - names_.common().label_count();
    for (std::size_t label = 1; label <= apex_label; ++label) {
        const auto known = names_.size();
        const auto parent = names_.add(name, label);
        parents_[child] = parent;
        if (names_.size() == known) break;
        parents_.push_back(NameTable::none);
        child = parent;
    }
    return number;
}

void Contents::add(const Name& owner, RrType type, std::uint32_t ttl,
                   std::span<const std::span<const std::uint8_t>> rdatas, FilePosition where) {
    sets_.push_back({.owner = add_name(owner),
                     .type = type,
                     .ttl = ttl,
                     .rr_count = static_cast<std::uint32_t>(rdatas.size()),
                     .at = static_cast<std::uint32_t>(octets_.size()),
                     .where = where});
    for (const auto& rdata : rdatas) Records::append(octets_, rdata);
}

void Contents::add(const Name& owner, RrType type, std::uint32_t ttl,
                   const std::vector<Rdata>& rdatas, FilePosition where) {
    std::vector<std::span<const std::uint8_t>> octets;
    octets.reserve(rdatas.size());
    for (const auto& rdata : rdatas) octets.emplace_back(rdata.octets);
    add(owner, type, ttl, octets, where);
}

void Contents::add_steer(Steer steer, FilePosition where) {
    const auto owner = add_name(steer.owner);
    for (const auto type : {rr::A, rr::AAAA}) {
        sets_.push_back({.owner = owner,
                         .type = type,
                         .ttl = steer.ttl,
                         .at = static_cast<std::uint32_t>(steers_.size()),
                         .where = where});
    }
    steers_.push_back(std::move(steer));
}

void Contents::sort() {
    // Nearly sorted already: names are numbered as they come.
    const auto rest = std::ranges::is_sorted_until(sets_, {}, order_of);
    std::ranges::stable_sort(rest, sets_.end(), {}, order_of);
    std::ranges::inplace_merge(sets_, rest, {}, order_of);
}

std::vector<const Contents::Set*> Contents::in_canonical_order() const {
    std::vector<const Set*> ordered;
    ordered.reserve(sets_.size());
    for (const auto& set : sets_) ordered.push_back(&set);
    std::ranges::stable_sort(ordered, [&](const Set* one, const Set* other) {
        if (one->owner == other->owner) return one->type < other->type;
        return canonical_order(names_.stored(one->owner), names_.stored(other->owner)) < 0;
    });
    return ordered;
}

const Contents::Set* Contents::find(std::uint32_t owner, RrType type) const {
    const std::pair wanted{owner, type};
    const auto found = std::ranges::lower_bound(sets_, wanted, {}, order_of);
    return found != sets_.end() && order_of(*found) == wanted ? &*found : nullptr;
}

const Contents::Set* Contents::find(const Name& owner, RrType type) const {
    return owner.within(apex()) ? find(names_.find(owner), type) : nullptr;
}

std::uint32_t Contents::serial() const {
    const auto* soa = find(0, rr::SOA);
    if (soa == nullptr) return 0;
    std::uint32_t serial = 0;
    for (const auto octet : records(*soa).front().last(soa_numbers).first(4))
        serial = serial << 8 | octet;
    return serial;
}

bool Contents::is_wildcard(std::uint32_t number) const {
    const auto wire = names_.stored(number);
    return wire.size() >= 2 && wire[0] == 1 && wire[1] == '*';
}

bool Contents::same(const Set& set, const Contents& others, const Set& other) const {
    if (set.type != other.type || set.ttl != other.ttl || set.rr_count != other.rr_count)
        return false;
    if (!set.steered()) {
        return std::ranges::equal(sorted(records(set)), sorted(others.records(other)), same_octets);
    }
    const auto& our = steer(set);
    const auto& their = others.steer(other);
    return our.min_ttl == their.min_ttl && geo::key_of(our.policy, settings_.sites) ==
                                               geo::key_of(their.policy, others.settings_.sites);
}

bool Contents::operator==(const Contents& other) const {
    if (!(apex() == other.apex()) || !same_settings(settings_, other.settings_)) return false;
    return std::ranges::equal(
        in_canonical_order(), other.in_canonical_order(), [&](const Set* one, const Set* two) {
            return same_octets(names_.stored(one->owner), other.names_.stored(two->owner)) &&
                   same(*one, other, *two);
        });
}

}  // namespace zones
