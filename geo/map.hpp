// SPDX-License-Identifier: Apache-2.0
#pragma once
// The compiled map of one policy: the whole address space cut into the fewest prefixes that have
// one outcome each. A look-up finds the one prefix that holds the client; that prefix is the
// shortest around it in which every address has the same outcome, so its length is the ECS scope.
//
// A tree with strides of 16 bits. A node lists the starts of its parts in order, and the last
// start not above the client's 16 bits is its part: a binary search in an array of 16-bit numbers.
// Nodes with many parts are a table of all 65,536 instead. A part takes four octets.

#include "geo/address.hpp"
#include "geo/outcome.hpp"

#include <cstdint>
#include <vector>

namespace geo {

/// Cuts an address space, in order, without gaps. Equal neighbours are merged as they come.
class LeafList {
 public:
    static constexpr std::uint32_t max_value = (1U << 23) - 1;

    struct Leaf {
        unsigned depth = 0;  // prefix length
        std::uint32_t value = 0;
    };

    /// The next part; it begins where the last one ended. `value` is at most max_value.
    void append(unsigned depth, std::uint32_t value);

    void shrink_to_fit() { leaves_.shrink_to_fit(); }

    [[nodiscard]] std::size_t size() const noexcept { return leaves_.size(); }
    [[nodiscard]] Leaf operator[](std::size_t index) const noexcept {
        return {leaves_[index] >> 24, leaves_[index] & max_value};
    }

 private:
    std::vector<std::uint32_t> leaves_;  // depth in the upper 8 bits; 128 is the largest
    Bits next_ = 0;                      // where the next part begins
};

class Map {
 public:
    struct Found {
        OutcomeId outcome = 0;
        std::uint8_t scope = 0;  // prefix length in the client's own family
    };

    Map(const LeafList& v4, const LeafList& v6, Outcomes outcomes);

    /// Total: every address has an outcome. An IPv6 address that carries an IPv4 client is looked
    /// up as that client, with the scope counted in the IPv6 address.
    [[nodiscard]] Found find(const Address& client) const noexcept;

    [[nodiscard]] const Outcomes& outcomes() const noexcept { return outcomes_; }
    [[nodiscard]] std::size_t leaf_count() const noexcept { return leaf_count_; }
    /// Octets on the heap.
    [[nodiscard]] std::size_t memory() const noexcept;

 private:
    struct Node {
        std::uint32_t first = 0;     // into starts_ and parts_; into tables_ when count is 0
        std::uint32_t count = 0;     // parts
        std::uint32_t children = 0;  // into nodes_
    };
    using Parts = std::vector<std::uint32_t>;
    [[nodiscard]] Node build(const LeafList& leaves, std::size_t& next, unsigned base);
    void store_list(const std::vector<std::uint16_t>& starts, const Parts& parts);
    void store_table(const std::vector<std::uint16_t>& starts, const Parts& parts, unsigned base);
    [[nodiscard]] Found find_in(const Node& root, Bits bits) const noexcept;

    // A part of a list is an outcome or `inner` and the number of a child; two octets where all
    // outcomes fit into 15 bits. How long a leaf's prefix is, the next start tells. A part of a
    // table has the length in its lower octet.
    bool wide_ = false;
    std::vector<Node> nodes_;
    std::vector<std::uint16_t> starts_;
    std::vector<std::uint16_t> narrow_parts_;
    std::vector<std::uint32_t> wide_parts_;
    std::vector<std::uint32_t> tables_;
    Node roots_[2];
    std::size_t leaf_count_ = 0;
    Outcomes outcomes_;
};

}  // namespace geo
