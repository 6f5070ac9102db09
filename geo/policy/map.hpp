// SPDX-License-Identifier: Apache-2.0
#pragma once
// The compiled map of one policy: the whole address space cut into the fewest prefixes that have
// one outcome each. A look-up finds the one prefix that holds the client; that prefix is the
// shortest around it in which every address has the same outcome, so its length is the ECS scope.
//
// A tree with strides of 16 bits. A node lists the starts of its parts in order, and the last
// start not above the client's 16 bits is its part. Nodes with many parts are a table of all 65,536
// instead. A look-up waits for memory rather than for the processor, so a list lies in one piece, of
// which each level of the tree reads two places at most, and a look-up can be taken in steps, so
// that those of several clients wait together.

#include "geo/place/address.hpp"
#include "geo/policy/outcome.hpp"
#include "geo/source/prefix_tree.hpp"

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

    /// A look-up on its way.
    class Search {
     public:
        /// Means something when `advance` has returned true.
        [[nodiscard]] Found found() const noexcept { return found_; }

     private:
        friend class Map;
        Bits bits_ = 0;           // of the client, without those that led here
        std::uint32_t node_ = 0;  // where it stands
        std::uint32_t block_ = 0;
        bool block_known_ = false;
        std::uint8_t base_ = 0;  // how many bits led here, those before the client's own included
        Found found_;
    };

    /// `local` holds the networks that local_part() knows.
    Map(const LeafList& v4, const LeafList& v6, Outcomes outcomes, PrefixTable local = {});

    /// Total: every address has an outcome. An IPv6 address that carries an IPv4 client is looked
    /// up as that client, with the scope counted in the IPv6 address.
    [[nodiscard]] Found find(const Address& client) const noexcept {
        auto search = begin(client);
        while (!advance(search)) {
        }
        return search.found();
    }
    /// The same in steps, each of which tells the processor what the next one will read.
    [[nodiscard]] Search begin(const Address& client) const noexcept;
    /// True when it has been found; then it is not to be called again.
    [[nodiscard]] bool advance(Search& search) const noexcept;

    /// Where a network that no client of the internet has stands.
    struct LocalPart {
        bool named = false;       // by the policy or by the places file
        std::uint8_t length = 0;  // of a prefix around it in which all are named, or none is
    };
    /// For a prefix with a placeless_length().
    [[nodiscard]] LocalPart local_part(const Prefix& network) const noexcept;

    [[nodiscard]] const Outcomes& outcomes() const noexcept { return outcomes_; }
    [[nodiscard]] std::size_t leaf_count() const noexcept { return leaf_count_; }
    /// Octets on the heap.
    [[nodiscard]] std::size_t memory() const noexcept;

 private:
    /// Where a list begins, in units of eight words, or a table's number with `table` set.
    using Node = std::uint32_t;
    struct List;
    using Starts = std::vector<std::uint16_t>;
    using Parts = std::vector<std::uint32_t>;
    [[nodiscard]] Node build(const LeafList& leaves, std::size_t& next, unsigned base);
    [[nodiscard]] Node store_list(const Starts& starts, const Parts& parts,
                                  const std::vector<Node>& children);
    [[nodiscard]] Node store_table(const Starts& starts, const Parts& parts,
                                   const std::vector<Node>& children);
    void append(std::uint32_t part);
    void append_wide(std::uint32_t number);
    [[nodiscard]] List list_at(Node node) const noexcept;
    [[nodiscard]] std::uint32_t part_of(const List& list, std::uint32_t index) const noexcept;
    void expect_block(const List& list, std::uint32_t block) const noexcept;
    void enter(Search& search, Node node) const noexcept;
    void descend(Search& search, Node child) const noexcept;
    [[nodiscard]] bool advance_in_table(Search& search) const noexcept;
    [[nodiscard]] bool advance_in_list(Search& search) const noexcept;

    // A list in words of 16 bits: how many parts it has · where it is long, the first start of each
    // block of them · all starts · all parts · the children, two words each. A part is an outcome,
    // or `inner` and the number of a child; two words where not all outcomes fit into 15 bits. How
    // long a leaf's prefix is, the next start tells.
    // A part of a table is an outcome and in its lower octet how many of the 16 bits it goes by, or
    // `inner` and the child.
    bool wide_ = false;
    std::vector<std::uint16_t> lists_;
    std::vector<std::uint32_t> tables_;
    Node roots_[2];
    std::size_t leaf_count_ = 0;
    Outcomes outcomes_;
    PrefixTable local_;
};

}  // namespace geo
