// SPDX-License-Identifier: Apache-2.0
#include "zones/zone/node_store.hpp"

#include "zones/name/octets.hpp"

#include <algorithm>
#include <array>

namespace zones {

std::size_t NodeStore::node_size(std::size_t name, std::size_t sets) noexcept {
    return sizeof(Head) + padded(name) + sets * sizeof(RrSet);
}

std::size_t NodeStore::set_size(const NewSet& set) noexcept {
    return padded(set.octets.size()) + padded(set.fixups.size_bytes()) + set.targets.size_bytes();
}

void NodeStore::put(const void* from, std::size_t size) {
    const auto* octets = static_cast<const std::uint8_t*>(from);
    octets_.insert(octets_.end(), octets, octets + size);
    octets_.resize(padded(octets_.size()));
}

RrSet NodeStore::add_set(const NewSet& set) {
    auto stored = set.set;
    if (stored.steered()) return stored;
    stored.at = place();
    put(set.octets.data(), set.octets.size());
    put(set.fixups.data(), set.fixups.size_bytes());
    put(set.targets.data(), set.targets.size_bytes());
    return stored;
}

std::uint32_t NodeStore::add_node(std::span<const std::uint8_t> own, std::uint8_t flags,
                                  std::span<const NewSet> sets) {
    const auto node = place();
    const Head head{.set_count = static_cast<std::uint16_t>(sets.size()),
                    .flags = flags,
                    .name_length = static_cast<std::uint8_t>(own.size())};
    put(&head, sizeof head);
    put(own.data(), own.size());
    auto next = octets_.size();
    octets_.resize(next + sets.size() * sizeof(RrSet));
    for (const auto& set : sets) {
        const auto stored = add_set(set);
        std::memcpy(octets_.data() + next, &stored, sizeof stored);
        next += sizeof stored;
    }
    return node;
}

void NodeStore::index(NameTable&& names, std::span<const std::uint32_t> nodes) {
    common_length_ = names.common().length();
    slots_ = std::move(names).slots();
    last_slot_ = slots_.size() - 1;
    for (auto& slot : slots_) {
        if (slot.number != none) slot.number = nodes[slot.number];
    }
}

std::uint32_t NodeStore::find(std::span<const std::uint8_t> wire,
                              std::uint32_t hash) const noexcept {
    if (wire.size() < common_length_) return none;
    const auto own = wire.first(wire.size() - common_length_);
    for (std::size_t i = hash & last_slot_;; i = (i + 1) & last_slot_) {
        const auto [slot_hash, node] = slots_[i];
        if (node == none) return none;
        if (slot_hash == hash && is(node, own)) return node;
    }
}

bool NodeStore::is(std::uint32_t node, std::span<const std::uint8_t> own) const noexcept {
    return head(node).name_length == own.size() &&
           equal_octets(at(node) + sizeof(Head), own.data(), own.size());
}

std::uint32_t NodeStore::find_expected(const Name& name, std::uint32_t node) const noexcept {
    if (node == none || is(node, name.wire().first(name.length() - common_length_))) return node;
    return find(name);
}

std::uint32_t NodeStore::find_below(std::span<const std::uint8_t> first_label, const Name& name,
                                    std::size_t label) const noexcept {
    const auto rest = name.suffix(label);
    if (first_label.size() + rest.size() > max_name_length) return none;
    std::array<std::uint8_t, max_name_length + word_size> whole;
    auto end = std::ranges::copy(first_label, whole.begin()).out;
    end = std::ranges::copy(rest, end).out;
    std::fill_n(end, word_size, std::uint8_t{0});
    return find({whole.begin(), end}, hash_label(name.hash(label), whole.data()));
}

std::uint32_t NodeStore::expect_node(std::uint32_t hash) const noexcept {
    for (std::size_t i = hash & last_slot_;; i = (i + 1) & last_slot_) {
        const auto [slot_hash, node] = slots_[i];
        if (node == none) return none;
        if (slot_hash != hash) continue;
        __builtin_prefetch(at(node));
        __builtin_prefetch(at(node) + 64);
        return node;
    }
}

std::span<const RrSet> NodeStore::sets(std::uint32_t node) const noexcept {
    const auto& found = head(node);
    const auto* first = at(node) + sizeof(Head) + padded(found.name_length);
    return {reinterpret_cast<const RrSet*>(first), found.set_count};
}

std::span<const std::uint16_t> NodeStore::fixups(const RrSet& set) const noexcept {
    const auto* first = at(set.at) + padded(set.length);
    return {reinterpret_cast<const std::uint16_t*>(first), set.fixup_count};
}

std::uint32_t NodeStore::target(const RrSet& set, std::size_t index) const noexcept {
    const auto fixup_octets = set.fixup_count * sizeof(std::uint16_t);
    const auto* first = at(set.at) + padded(set.length) + padded(fixup_octets);
    return load<std::uint32_t>(first + index * sizeof(std::uint32_t));
}

}  // namespace zones
