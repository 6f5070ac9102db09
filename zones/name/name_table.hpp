// SPDX-License-Identifier: Apache-2.0
#pragma once
// Names to numbers: an open-addressed hash table over wire names that lie back to back in one
// block of memory. About 14 octets a name besides the name itself; a look-up touches one slot and
// one name. Built once, then only read, by any number of threads.

#include "zones/name/name.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace zones {

class NameTable {
 public:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    /// All names end in `common`, which is not stored with each.
    explicit NameTable(const Name& common);

    /// Makes room for about so many names.
    void reserve(std::size_t names);
    /// The number of the name that `name` is without its first `label` labels; a new one, counted
    /// from 0, when it is not there yet.
    std::uint32_t add(const Name& name, std::size_t label = 0);
    /// Its number, or `none`. Query path.
    [[nodiscard]] std::uint32_t find(const Name& name, std::size_t label = 0) const noexcept {
        return find(name.suffix(label), name.hash(label));
    }

    [[nodiscard]] std::size_t size() const noexcept { return offsets_.size(); }
    [[nodiscard]] Name name(std::uint32_t number) const;
    /// In wire form, without what is common to all.
    [[nodiscard]] std::span<const std::uint8_t> stored(std::uint32_t number) const noexcept {
        const auto at = offsets_[number];
        return std::span{names_}.subspan(at + std::size_t{1}, names_[at]);
    }
    [[nodiscard]] const Name& common() const noexcept { return common_; }

    /// Of the hash table, whose size is a power of 2: a name is in the slot that the lower bits of
    /// its hash tell, or in the next ones, up to an empty slot.
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t number = none;  // none: empty
    };
    [[nodiscard]] std::vector<Slot> slots() && { return std::move(slots_); }

 private:
    [[nodiscard]] std::uint32_t find(std::span<const std::uint8_t> wire,
                                     std::uint32_t hash) const noexcept;
    void rehash(std::size_t slots);

    Name common_;
    std::vector<Slot> slots_;
    std::vector<std::uint32_t> offsets_;
    std::vector<std::uint8_t> names_;  // length, octets
};

}  // namespace zones
