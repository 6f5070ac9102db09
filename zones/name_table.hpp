// SPDX-License-Identifier: Apache-2.0
#pragma once
// Names to numbers: an open-addressed hash table over wire names that lie back to back in one
// block of memory. About 14 octets a name besides the name itself; a look-up touches one slot and
// one name. Built once, then only read, by any number of threads.

#include "zones/name.hpp"

#include <cstdint>
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
    /// The same for a name in parts: `first_label` (with its length octet) before a suffix of `name`.
    [[nodiscard]] std::uint32_t find_below(std::span<const std::uint8_t> first_label,
                                           const Name& name, std::size_t label) const noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return offsets_.size(); }
    [[nodiscard]] Name name(std::uint32_t number) const;
    /// The labels of a name before those that all have in common.
    [[nodiscard]] std::span<const std::uint8_t> labels(std::uint32_t number) const noexcept {
        return stored(number);
    }

 private:
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t number = none;
    };
    [[nodiscard]] std::uint32_t find(std::span<const std::uint8_t> wire,
                                     std::uint32_t hash) const noexcept;
    [[nodiscard]] std::span<const std::uint8_t> stored(std::uint32_t number) const noexcept {
        const auto at = offsets_[number];
        return std::span{names_}.subspan(at + std::size_t{1}, names_[at]);
    }
    void rehash(std::size_t slots);

    Name common_;
    std::vector<Slot> slots_;
    std::vector<std::uint32_t> offsets_;
    std::vector<std::uint8_t> names_;  // length, octets
};

}  // namespace zones
