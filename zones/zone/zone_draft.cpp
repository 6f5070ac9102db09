// SPDX-License-Identifier: Apache-2.0
#include "zones/zone/zone_draft.hpp"

#include <algorithm>

namespace zones {
namespace {

std::pair<std::uint32_t, RrType> order_of(const PendingSet& pending) {
    return {pending.number, pending.type};
}

/// True if the names in the records are needed once all names are there.
bool leads_on(RrType type, const std::vector<Rdata>& rdatas) {
    return !rdatas.empty() && !names_of(type, rdatas.front().octets).empty();
}

}  // namespace

ZoneDraft::ZoneDraft(const Name& apex) : names_{apex} {
    add_name(apex);
}

void ZoneDraft::expect(std::size_t names) {
    names_.reserve(names);
    parents_.reserve(names);
    sets_.reserve(names);
}

std::uint32_t ZoneDraft::add_name(const Name& name) {
    const auto before = names_.size();
    const auto number = names_.add(name);
    if (names_.size() == before) return number;
    parents_.push_back(NodeStore::none);
    // The names between it and the apex exist too, if only as empty non-terminals (RFC 8020 §3).
    auto child = number;
    const auto apex_label = name.label_count() - names_.common().label_count();
    for (std::size_t label = 1; label <= apex_label; ++label) {
        const auto known = names_.size();
        const auto parent = names_.add(name, label);
        parents_[child] = parent;
        if (names_.size() == known) break;
        parents_.push_back(NodeStore::none);
        child = parent;
    }
    return number;
}

void ZoneDraft::add_set(PendingSet pending, std::vector<Rdata> rdatas) {
    if (leads_on(pending.type, rdatas)) {
        pending.rdatas = static_cast<std::uint32_t>(rdatas_.size());
        rdatas_.push_back(std::move(rdatas));
    }
    sets_.push_back(pending);
}

void ZoneDraft::sort() {
    // Nearly sorted already: names are numbered as they come.
    const auto rest = std::ranges::is_sorted_until(sets_, {}, order_of);
    std::ranges::stable_sort(rest, sets_.end(), {}, order_of);
    std::ranges::inplace_merge(sets_, rest, {}, order_of);
}

void ZoneDraft::mark_nodes() {
    flags_.resize(parents_.size());
    for (const auto& pending : sets_) {
        auto& flags = flags_[pending.number];
        if (pending.type == rr::NS && pending.number != 0) flags |= NodeStore::Cut;
        if (pending.type == rr::DNAME) flags |= NodeStore::Dname;
    }
    for (std::uint32_t number = 0; number < parents_.size(); ++number) {
        if (has_cut_above(number)) flags_[number] |= NodeStore::Below;
        if (parents_[number] != NodeStore::none && is_wildcard(number)) {
            flags_[parents_[number]] |= NodeStore::HasWildcard;
        }
    }
}

bool ZoneDraft::is_wildcard(std::uint32_t number) const {
    const auto wire = names_.stored(number);
    return wire.size() >= 2 && wire[0] == 1 && wire[1] == '*';
}

const PendingSet* ZoneDraft::find(std::uint32_t number, RrType type) const {
    const std::pair wanted{number, type};
    const auto found = std::ranges::lower_bound(sets_, wanted, {}, order_of);
    return found != sets_.end() && order_of(*found) == wanted ? &*found : nullptr;
}

std::vector<std::uint32_t> ZoneDraft::targets_of(const PendingSet& pending) const {
    std::vector<std::uint32_t> targets;
    for (const auto& rdata : rdatas(pending)) {
        const auto target = name_in(rdata, 0);
        targets.push_back(target->within(names_.common()) ? names_.find(*target) : NodeStore::none);
    }
    return targets;
}

bool ZoneDraft::has_cut_above(std::uint32_t number) const {
    for (auto at = parents_[number]; at != NodeStore::none; at = parents_[at]) {
        if (is_marked(at, NodeStore::Cut)) return true;
    }
    return false;
}

}  // namespace zones
