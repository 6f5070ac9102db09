// SPDX-License-Identifier: Apache-2.0
#pragma once
// The compiled map of one policy: the whole address space, cut into the fewest prefixes with one
// outcome each. A look-up finds the prefix that holds the client. It is the shortest prefix around
// the client in which every address has the same outcome, so its length is the ECS scope.
//
// The map is a tree with strides of 16 bits. A node lists the starts of its parts in order; the
// client's part is the last one that does not start above the client's 16 bits. Nodes with many
// parts are a table of all 65,536 values instead. A look-up waits for memory rather than for the
// processor. Therefore a list is stored in one piece, and a look-up reads at most two places of it
// per level. A look-up can also be taken in steps, so that the look-ups of several clients wait for
// memory at the same time.

#include "geo/place/address.hpp"
#include "geo/policy/outcome.hpp"
#include "geo/source/prefix_tree.hpp"

#include <cstdint>
#include <vector>

namespace geo {

/// An address space, cut into parts that come in order and without gaps. Equal neighbours are
/// merged as they come.
class LeafList {
 public:
    static constexpr std::uint32_t max_value = (1U << 23) - 1;

    struct Leaf {
        unsigned depth = 0;  // prefix length
        std::uint32_t value = 0;
    };

    /// Appends the next part, which begins where the last one ended. `value` is at most max_value.
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

    /// A look-up in progress.
    class Search {
     public:
        /// Valid only after advance() has returned true.
        [[nodiscard]] Found found() const noexcept { return found_; }

     private:
        friend class Map;
        Bits bits_ = 0;           // of the client, without the bits that led here
        std::uint32_t node_ = 0;  // the current node
        std::uint32_t block_ = 0;
        bool block_known_ = false;
        std::uint8_t base_ = 0;  // how many bits led here, with those before an embedded client
        Found found_;
    };

    /// `local` holds the networks that local_part() reports as named.
    Map(const LeafList& v4, const LeafList& v6, Outcomes outcomes, PrefixTable local = {});

    /// Finds the client's outcome; every address has one. An IPv6 address that carries an IPv4
    /// client is looked up as that client, with the scope counted in the IPv6 address.
    [[nodiscard]] Found find(const Address& client) const noexcept {
        auto search = begin(client);
        while (!advance(search)) {
        }
        return search.found();
    }
    /// The same in steps. Each step makes the processor prefetch what the next one reads.
    [[nodiscard]] Search begin(const Address& client) const noexcept;
    /// True when the outcome has been found; do not call it again after that.
    [[nodiscard]] bool advance(Search& search) const noexcept;

    /// What the map knows about a network that no client on the internet has.
    struct LocalPart {
        bool named = false;       // by the policy or by the places file
        std::uint8_t length = 0;  // of a prefix around it in which all are named, or none
    };
    /// Returns the local part of a prefix for which placeless_length() returns a length.
    [[nodiscard]] LocalPart local_part(const Prefix& network) const noexcept;

    [[nodiscard]] const Outcomes& outcomes() const noexcept { return outcomes_; }
    [[nodiscard]] std::size_t leaf_count() const noexcept { return leaf_count_; }
    /// Returns the octets that the map takes on the heap.
    [[nodiscard]] std::size_t memory() const noexcept;

 private:
    /// The position of a list, in units of eight words; with `table` set, the number of a table.
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

    // A list is made of words of 16 bits: the number of parts · in long lists, the first start of
    // each block of starts · all starts · all parts · the children, two words each. A part is an
    // outcome, or `inner` and the number of a child. A part takes two words where not all outcomes
    // fit into 15 bits. The next start tells the length of a leaf's prefix. In a table, a part is
    // an outcome, with the number of its bits among the 16 in the lower octet, or `inner` and the
    // child.
    bool wide_ = false;
    std::vector<std::uint16_t> lists_;
    std::vector<std::uint32_t> tables_;
    Node roots_[2];
    std::size_t leaf_count_ = 0;
    Outcomes outcomes_;
    PrefixTable local_;
};

}  // namespace geo
