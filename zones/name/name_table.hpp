// SPDX-License-Identifier: Apache-2.0
#pragma once
// Maps names to numbers: an open-addressed hash table over wire names that lie back to back in one
// block of memory. A name takes about 14 octets besides the name itself; a look-up touches one slot
// and one name. Built once, then only read, by any number of threads.

#include "zones/name/name.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace zones {

class NameTable {
 public:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    /// All names end in `common`, which is stored once.
    explicit NameTable(const Name& common);

    /// Makes room for about `names` names.
    void reserve(std::size_t names);
    /// Returns the number of `name` without its first `label` labels. Adds the name when it is not
    /// there; numbers count from 0.
    std::uint32_t add(const Name& name, std::size_t label = 0);
    /// Returns the number of that name, or `none`. Query path.
    [[nodiscard]] std::uint32_t find(const Name& name, std::size_t label = 0) const noexcept {
        return find(name.suffix(label), name.hash(label));
    }

    [[nodiscard]] std::size_t size() const noexcept { return offsets_.size(); }
    [[nodiscard]] Name name(std::uint32_t number) const;
    /// Returns a name in wire form, without `common`.
    [[nodiscard]] std::span<const std::uint8_t> stored(std::uint32_t number) const noexcept {
        const auto at = offsets_[number];
        return std::span{names_}.subspan(at + std::size_t{1}, names_[at]);
    }
    [[nodiscard]] const Name& common() const noexcept { return common_; }

    /// A slot of the hash table, whose size is a power of 2. The lower bits of a name's hash tell
    /// its slot. If that is taken, the name is in one of the following slots, before the next empty
    /// one.
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
