// SPDX-License-Identifier: Apache-2.0
#pragma once
// The names of a zone with their RRsets, back to back in one block of memory. A name's RRsets
// follow the name, so that a look-up touches one slot of a hash index and one place. Built once,
// then only read, by any number of threads. A name with one A record takes some 50 octets besides
// its slot.
//
// A node: number of RRsets, flags, length of the name · the name without the zone's name · its
// RRsets · for each RRset its records, the fixups, the targets. Each part begins at a multiple of
// 4.

#include "zones/name/name_table.hpp"
#include "zones/name/record_type.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace zones {

/// An RRset in a store.
struct RrSet {
    RrType type = 0;
    std::uint16_t rr_count = 0;  // 0: steered, and `at` is the number of its steer
    std::uint16_t length = 0;    // octets
    std::uint16_t fixup_count = 0;
    std::uint32_t at = 0;  // where its octets begin, in units of 4

    [[nodiscard]] bool steered() const noexcept { return rr_count == 0; }
};

/// An RRset to be stored.
struct NewSet {
    RrSet set;  // without its `at`, unless it is steered
    std::span<const std::uint8_t> octets;
    std::span<const std::uint16_t> fixups;
    std::span<const std::uint32_t> targets{};  // nodes, or none: one for each record
};

class NodeStore {
 public:
    static constexpr std::uint32_t none = NameTable::none;
    enum Flag : std::uint8_t { Cut = 1, Below = 2, Dname = 4, HasWildcard = 8 };

    // Building

    /// Makes room for `octets` octets of nodes. The store never outgrows it.
    void reserve(std::size_t octets) { octets_.reserve(octets); }
    /// Returns the node that begins after `octets` octets.
    [[nodiscard]] static std::uint32_t node_at(std::size_t octets) noexcept {
        return static_cast<std::uint32_t>(octets / unit);
    }
    /// Returns the size of a node whose name has `name` octets besides the zone's name and which
    /// has `sets` RRsets. set_size() is added for each of these.
    [[nodiscard]] static std::size_t node_size(std::size_t name, std::size_t sets) noexcept;
    [[nodiscard]] static std::size_t set_size(const NewSet& set) noexcept;

    /// Adds a node and returns it; the queries below take it. `own` is the name without the zone's
    /// name.
    std::uint32_t add_node(std::span<const std::uint8_t> own, std::uint8_t flags,
                           std::span<const NewSet> sets);
    /// Adds an RRset that belongs to no name.
    RrSet add_set(const NewSet& set);
    /// Takes over the index of `names`; `nodes` has the node of each number. Until then no name is
    /// found.
    void index(NameTable&& names, std::span<const std::uint32_t> nodes);

    // Query path

    /// Returns the node of `name` without its first `label` labels, or `none`.
    [[nodiscard]] std::uint32_t find(const Name& name, std::size_t label = 0) const noexcept {
        return find(name.suffix(label), name.hash(label));
    }
    /// The same for a name in two parts: `first_label`, with its length octet, before a suffix of
    /// `name`.
    [[nodiscard]] std::uint32_t find_below(std::span<const std::uint8_t> first_label,
                                           const Name& name, std::size_t label) const noexcept;
    /// These two ask for the memory that a look-up of this hash will read, and do not wait for it.
    /// Call expect_slot first, and expect_node when the slot has arrived. expect_node returns the
    /// node that has this hash, or `none`. It may be the node of another name with the same hash.
    void expect_slot(std::uint32_t hash) const noexcept {
        __builtin_prefetch(slots_.data() + (hash & last_slot_));
    }
    [[nodiscard]] std::uint32_t expect_node(std::uint32_t hash) const noexcept;
    /// The same as `find`, given what expect_node returned for the name's hash.
    [[nodiscard]] std::uint32_t find_expected(const Name& name, std::uint32_t node) const noexcept;

    [[nodiscard]] bool has(std::uint32_t node, Flag flag) const noexcept {
        return (head(node).flags & flag) != 0;
    }
    [[nodiscard]] std::span<const RrSet> sets(std::uint32_t node) const noexcept;
    [[nodiscard]] std::span<const std::uint8_t> octets(const RrSet& set) const noexcept {
        return {at(set.at), set.length};
    }
    [[nodiscard]] std::span<const std::uint16_t> fixups(const RrSet& set) const noexcept;
    /// Returns the target of record `index`, for an RRset that has targets.
    [[nodiscard]] std::uint32_t target(const RrSet& set, std::size_t index) const noexcept;

 private:
    struct Head {
        std::uint16_t set_count = 0;
        std::uint8_t flags = 0;
        std::uint8_t name_length = 0;
    };
    static constexpr std::size_t unit = 4;
    static constexpr std::size_t padded(std::size_t size) noexcept {
        return (size + unit - 1) / unit * unit;
    }

    [[nodiscard]] const std::uint8_t* at(std::uint32_t place) const noexcept {
        return octets_.data() + std::size_t{place} * unit;
    }
    [[nodiscard]] const Head& head(std::uint32_t node) const noexcept {
        return *reinterpret_cast<const Head*>(at(node));
    }
    [[nodiscard]] std::uint32_t find(std::span<const std::uint8_t> wire,
                                     std::uint32_t hash) const noexcept;
    /// True if a node's name, without the zone's name, is `own`.
    [[nodiscard]] bool is(std::uint32_t node, std::span<const std::uint8_t> own) const noexcept;
    [[nodiscard]] std::uint32_t place() const noexcept { return node_at(octets_.size()); }
    void put(const void* from, std::size_t size);

    std::size_t common_length_ = 1;
    std::vector<NameTable::Slot> slots_{1};  // by hash; the number is a node
    std::size_t last_slot_ = 0;              // slots_.size() - 1, ready for each look-up
    std::vector<std::uint8_t> octets_;
};

}  // namespace zones
