// SPDX-License-Identifier: Apache-2.0
#pragma once
// The search tree of a MaxMind database (format 2.0, "Binary Search Tree Section"). A node is two
// records, one for each next bit, of 24, 28 or 32 bits each:
//   24  zero 3 octets · one 3 octets
//   28  zero, lower 24 bits · upper 4 bits of zero, upper 4 of one · one, lower 24 bits
//   32  zero 4 octets · one 4 octets
// A record less than the number of nodes is the number of a node. One equal to it means that
// nothing is known. A greater one points into the data section. The octets are read here and not by
// the library, because a city database has 15 million nodes.

#include "geo/source/prefix_tree.hpp"

#include <cstddef>
#include <cstdint>

namespace geo {

class SearchTree {
 public:
    /// `nodes` must hold `node_count` nodes of such records, and must outlive the tree.
    SearchTree(const std::uint8_t* nodes, unsigned record_bits, std::uint32_t node_count,
               std::uint32_t data_size) noexcept
        : nodes_{nodes},
          record_bits_{record_bits},
          node_count_{node_count},
          data_size_{data_size} {}

    [[nodiscard]] std::uint32_t node_count() const noexcept { return node_count_; }

    /// Returns what a record means. A leaf's value counts from the end of the tree. A record that a
    /// sound database cannot hold, one that leads back to the root or beyond the data, is a leaf
    /// without value.
    [[nodiscard]] PrefixTree::Cursor position(std::uint32_t record) const noexcept {
        if (record < node_count_) return {.value = record, .leaf = record == 0};
        const auto value = record - node_count_;
        return {.value = value < data_size_ ? value : 0, .leaf = true};
    }

    /// Returns the two halves below a node. A node that does not exist has two leaves without
    /// value.
    [[nodiscard]] PrefixTree::Halves split(std::uint32_t node) const noexcept {
        if (node >= node_count_) return {};
        const auto [zero, one] = records_of(node);
        return {position(zero), position(one)};
    }

 private:
    struct RecordPair {
        std::uint32_t zero = 0;
        std::uint32_t one = 0;
    };

    [[nodiscard]] RecordPair records_of(std::uint32_t node) const noexcept {
        const auto* at = nodes_ + std::size_t{node} * (record_bits_ / 4);
        if (record_bits_ == 24) return {three(at), three(at + 3)};
        if (record_bits_ == 32) return {four(at), four(at + 4)};
        const auto upper = std::uint32_t{at[3]};
        return {(upper & 0xF0) << 20 | three(at), (upper & 0x0F) << 24 | three(at + 4)};
    }
    static std::uint32_t three(const std::uint8_t* at) noexcept {
        return std::uint32_t{at[0]} << 16 | std::uint32_t{at[1]} << 8 | at[2];
    }
    static std::uint32_t four(const std::uint8_t* at) noexcept { return three(at) << 8 | at[3]; }

    const std::uint8_t* nodes_;
    unsigned record_bits_;
    std::uint32_t node_count_;
    std::uint32_t data_size_;  // octets
};

}  // namespace geo
