// SPDX-License-Identifier: Apache-2.0
#pragma once
// A hash table from networks to values, made for a million of them. A network is one of
// geo::path_network(). Entries are stored one after the other in blocks, and chains are indices of
// 4 octets: an entry costs its value and about 22 octets. References are valid until something is
// erased. The hash has a random key, because sources of queries can be forged and other nodes can
// tell anything. Not thread-safe.

#include "geo/base/sip_hash.hpp"
#include "geo/place/address.hpp"
#include "geo/place/network.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

namespace probes {

template <class Value>
class NetworkTable {
 public:
    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

    [[nodiscard]] const Value* find(const geo::Prefix& network) const noexcept {
        const auto key = key_of(network);
        if (heads_.empty()) return nullptr;
        for (auto at = heads_[bucket_of(key)]; at != none; at = entries_[at].next) {
            if (entries_[at].key == key) return &entries_[at].value;
        }
        return nullptr;
    }
    [[nodiscard]] Value* find(const geo::Prefix& network) noexcept {
        return const_cast<Value*>(std::as_const(*this).find(network));
    }

    /// Returns the value of a network, which is added if it is missing.
    Value& operator[](const geo::Prefix& network) {
        if (auto* found = find(network)) return *found;
        if (entries_.size() >= heads_.size()) grow();
        const auto key = key_of(network);
        auto& head = heads_[bucket_of(key)];
        entries_.push_back({.key = key, .next = head, .value = {}});
        head = static_cast<std::uint32_t>(entries_.size() - 1);
        return entries_.back().value;
    }

    /// Calls `with(network, value)` for each. Nothing may be added or erased meanwhile.
    template <class Call>
    void each(Call with) const {
        for (const auto& entry : entries_) with(network_of_key(entry.key), entry.value);
    }
    template <class Call>
    void each_value(Call with) {
        for (auto& entry : entries_) with(entry.value);
    }

    /// Returns the most entries that a look-up can pass.
    [[nodiscard]] std::size_t longest_chain() const {
        std::size_t longest = 0;
        for (const auto head : heads_) {
            std::size_t length = 0;
            for (auto at = head; at != none; at = entries_[at].next) ++length;
            longest = std::max(longest, length);
        }
        return longest;
    }

    /// Erases the values for which `leaves(value)` is true; calls it once for each value.
    template <class Predicate>
    void erase_if(Predicate leaves) {
        std::size_t kept = 0;
        for (auto& entry : entries_) {
            if (leaves(std::as_const(entry.value))) continue;
            if (&entry != &entries_[kept]) entries_[kept] = std::move(entry);
            ++kept;
        }
        if (kept == entries_.size()) return;
        entries_.resize(kept);
        entries_.shrink_to_fit();
        link(heads_.size());
    }

 private:
    static constexpr std::uint32_t none = ~std::uint32_t{0};
    static constexpr std::size_t fewest_heads = 64;
    struct Entry {
        std::uint64_t key = 0;
        std::uint32_t next = none;
        Value value;
    };

    /// The network's bits, with the family in the last bits, which are always free.
    static std::uint64_t key_of(const geo::Prefix& network) noexcept {
        return static_cast<std::uint64_t>(network.address.bits >> 64) |
               static_cast<std::uint64_t>(network.address.family);
    }
    static geo::Prefix network_of_key(std::uint64_t key) noexcept {
        return geo::path_network({static_cast<geo::Family>(key & 1), geo::Bits{key & ~1ULL} << 64});
    }
    [[nodiscard]] std::size_t bucket_of(std::uint64_t key) const noexcept {
        return hash_(key) & (heads_.size() - 1);
    }
    void grow() { link(heads_.empty() ? fewest_heads : 2 * heads_.size()); }
    void link(std::size_t heads) {
        heads_.assign(heads, none);
        for (std::uint32_t at = 0; at < entries_.size(); ++at) {
            auto& head = heads_[bucket_of(entries_[at].key)];
            entries_[at].next = head;
            head = at;
        }
    }

    geo::KeyedHash hash_;
    std::deque<Entry> entries_;
    std::vector<std::uint32_t> heads_;  // their number is a power of two, or 0
};

}  // namespace probes
