// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a policy comes to for one client: which edges, in which order, with which chances. Outcomes
// name edges, not addresses, and health is asked at query time, so neither a changed address nor a
// dead edge needs a new map. Outcomes are small trees, built on the control thread. Equal trees are
// stored once, so two outcomes are equal exactly when their numbers are.

#include "geo/latency/edge.hpp"

#include <boost/container/static_vector.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace geo {

using OutcomeId = std::uint32_t;

/// The most edges that one answer names; the zone reader refuses policies that would name more.
constexpr std::size_t max_chosen_edges = 64;
using ChosenEdges = boost::container::static_vector<EdgeIndex, max_chosen_edges>;

/// One bit per edge, edge 0 lowest. No words at all mean that all bits are set.
using EdgeBits = std::span<const std::uint64_t>;

class EdgeBoard;

/// The edges that may be answered.
struct EdgeFilter {
    const EdgeBoard* board = nullptr;  // null: all are healthy
    EdgeBits eligible;                 // no other edge is ever answered, whatever health says

    [[nodiscard]] bool is_eligible(EdgeIndex edge) const noexcept {
        return eligible.empty() || (eligible[edge / 64] >> (edge % 64) & 1) != 0;
    }
};

/// What an outcome comes to for one query.
struct Choice {
    ChosenEdges edges;
    /// Seconds for which this choice may be promised: the least over all edges that were looked at,
    /// including those passed over, because the choice changes when one of them comes back.
    std::uint32_t ttl_limit = std::numeric_limits<std::int32_t>::max();
};

/// xorshift64* (Vigna 2016): fast, seedable, and good enough to spread load. Not for secrets.
class Random {
 public:
    explicit Random(std::uint64_t seed) noexcept : state_{seed == 0 ? 1 : seed} {}
    /// Returns a number uniform in [0, limit). `limit` must not be 0.
    std::uint64_t below(std::uint64_t limit) noexcept;

 private:
    std::uint64_t state_;
};

class Outcomes {
 public:
    struct Branch {
        OutcomeId outcome = 0;
        std::uint32_t weight = 1;
        bool operator==(const Branch&) const = default;
    };

    /// Starts with one outcome: no edge at all.
    Outcomes();
    [[nodiscard]] static constexpr OutcomeId nothing() noexcept { return 0; }

    OutcomeId edge(EdgeIndex edge);
    /// Makes an outcome of branches in order of preference. The answer comes from the first `take`
    /// branches that have a usable edge.
    OutcomeId ordered(std::span<const OutcomeId> branches, std::uint16_t take);
    /// Makes an outcome of branches drawn by weight without replacement. Branches of weight 0 come
    /// only when all others are down.
    OutcomeId weighted(std::span<const Branch> branches, std::uint16_t take);

    [[nodiscard]] std::size_t size() const noexcept { return nodes_.size(); }

    /// Runs an outcome. The choice has no edges when health leaves none. Query path: no heap, no
    /// lock.
    [[nodiscard]] Choice choose(OutcomeId outcome, const EdgeFilter& filter,
                                Random& random) const noexcept;

    /// Returns an outcome in words: "newyork > (3 a | 1 b)".
    [[nodiscard]] std::string to_text(OutcomeId outcome, std::span<const std::string> names) const;

 private:
    enum class Kind : std::uint8_t { Edge, Ordered, Weighted };
    struct Node {
        Kind kind = Kind::Ordered;
        std::uint16_t number = 1;  // Edge: its index; otherwise how many branches are taken
        std::uint32_t first = 0;   // into branches_
        std::uint32_t count = 0;
    };
    OutcomeId intern(Node node, std::span<const Branch> branches);
    static bool emit_edge(EdgeIndex edge, const EdgeFilter& filter, Choice& choice) noexcept;
    bool emit(OutcomeId outcome, const EdgeFilter& filter, Random& random,
              Choice& choice) const noexcept;
    bool emit_weighted(const Node& node, const EdgeFilter& filter, Random& random,
                       Choice& choice) const noexcept;
    [[nodiscard]] std::span<const Branch> branches(const Node& node) const noexcept {
        return std::span{branches_}.subspan(node.first, node.count);
    }

    std::vector<Node> nodes_;
    std::vector<Branch> branches_;
    std::vector<OutcomeId> edges_;  // by edge; `nothing` where it is not made yet
    std::map<std::vector<std::uint32_t>, OutcomeId> known_;
};

}  // namespace geo
