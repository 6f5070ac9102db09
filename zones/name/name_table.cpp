// SPDX-License-Identifier: Apache-2.0
#include "zones/name/name_table.hpp"

#include "zones/name/octets.hpp"

#include <bit>

namespace zones {

NameTable::NameTable(const Name& common) : common_{common}, slots_(16) {}

std::uint32_t NameTable::find(std::span<const std::uint8_t> wire,
                              std::uint32_t hash) const noexcept {
    if (wire.size() < common_.length()) return none;
    const auto own = wire.first(wire.size() - common_.length());
    const auto last = slots_.size() - 1;
    for (std::size_t at = hash & last;; at = (at + 1) & last) {
        const auto [slot_hash, number] = slots_[at];
        if (number == none) return none;
        if (slot_hash != hash) continue;
        const auto known = stored(number);
        if (known.size() == own.size() && equal_octets(known.data(), own.data(), own.size()))
            return number;
    }
}

std::uint32_t NameTable::add(const Name& name, std::size_t label) {
    if (const auto known = find(name, label); known != none) return known;
    if ((offsets_.size() + 1) * 4 > slots_.size() * 3) rehash(slots_.size() * 2);
    const auto number = static_cast<std::uint32_t>(offsets_.size());
    const auto own = name.suffix(label).first(name.suffix(label).size() - common_.length());
    offsets_.push_back(static_cast<std::uint32_t>(names_.size()));
    names_.push_back(static_cast<std::uint8_t>(own.size()));
    names_.insert(names_.end(), own.begin(), own.end());
    const auto last = slots_.size() - 1;
    std::size_t at = name.hash(label) & last;
    while (slots_[at].number != none) at = (at + 1) & last;
    slots_[at] = {name.hash(label), number};
    return number;
}

void NameTable::reserve(std::size_t names) {
    offsets_.reserve(names);
    const auto slots = std::bit_ceil(names + names / 3 + 1);
    if (slots > slots_.size()) rehash(slots);
}

void NameTable::rehash(std::size_t slots) {
    std::vector<Slot> larger(slots);
    const auto last = larger.size() - 1;
    for (const auto& slot : slots_) {
        if (slot.number == none) continue;
        std::size_t at = slot.hash & last;
        while (larger[at].number != none) at = (at + 1) & last;
        larger[at] = slot;
    }
    slots_ = std::move(larger);
}

Name NameTable::name(std::uint32_t number) const {
    std::vector<std::uint8_t> wire{stored(number).begin(), stored(number).end()};
    wire.insert(wire.end(), common_.wire().begin(), common_.wire().end());
    return Name::read(wire).value_or(Name{});
}

}  // namespace zones
