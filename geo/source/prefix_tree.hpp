// SPDX-License-Identifier: Apache-2.0
#pragma once
// A binary tree over the address space whose leaves carry values. GeoIP databases, places files and
// the prefixes that policies name all have this shape, and the map compiler walks several of them
// at once. Control path only.

#include "geo/place/address.hpp"

#include <cstdint>
#include <vector>

namespace geo {

class PrefixTree {
 public:
    /// The position of a walk: an inner node, or a leaf, whose value then holds for all addresses
    /// below.
    struct Cursor {
        std::uint32_t value = 0;  // a leaf's value (0: nothing known), or the node's own index
        bool leaf = true;
    };
    struct Halves {
        Cursor zero;
        Cursor one;
    };

    PrefixTree() = default;
    virtual ~PrefixTree() = default;

    [[nodiscard]] virtual Cursor root(Family family) const = 0;
    /// Returns the two positions below an inner node, by the next bit.
    [[nodiscard]] virtual Halves split(std::uint32_t node) const = 0;

 protected:
    PrefixTree(const PrefixTree&) = default;
    PrefixTree(PrefixTree&&) = default;
    PrefixTree& operator=(const PrefixTree&) = default;
    PrefixTree& operator=(PrefixTree&&) = default;
};

/// Returns the prefix length of the leaf that holds the address. All addresses in that prefix have
/// one value.
[[nodiscard]] unsigned leaf_length(const PrefixTree& tree, const Address& address);

/// A tree filled prefix by prefix; the longest prefix that holds an address gives its value.
class PrefixTable final : public PrefixTree {
 public:
    PrefixTable();

    /// Adds a prefix. `value` must not be 0. Of two equal prefixes the later one counts.
    void add(const Prefix& prefix, std::uint32_t value);
    [[nodiscard]] bool empty() const noexcept {
        return nodes_.size() == 2 && !nodes_[0].own && !nodes_[1].own;
    }
    /// Returns the value of the longest prefix that holds all of `prefix`; 0 when there is none.
    [[nodiscard]] std::uint32_t covering(const Prefix& prefix) const;

    [[nodiscard]] Cursor root(Family family) const override;
    [[nodiscard]] Halves split(std::uint32_t node) const override;

 private:
    struct Node {
        std::uint32_t children[2] = {0, 0};  // 0: none
        std::uint32_t value = 0;  // its own or, once `add` passed, its nearest ancestor's
        bool own = false;
    };
    [[nodiscard]] Cursor below(std::uint32_t node, unsigned bit) const;
    void pass_down(std::uint32_t node, std::uint32_t value);

    std::vector<Node> nodes_;  // 0 and 1 are the roots of the two families
};

}  // namespace geo
