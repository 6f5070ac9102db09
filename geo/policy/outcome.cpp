// SPDX-License-Identifier: Apache-2.0
#include "geo/policy/outcome.hpp"

#include "geo/policy/edge_board.hpp"

#include <algorithm>
#include <bitset>

namespace geo {

std::uint64_t Random::below(std::uint64_t limit) noexcept {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    const std::uint64_t drawn = state_ * 0x2545F4914F6CDD1DULL;
    // The upper half of the product (Lemire): needs no division, and its bias is below limit /
    // 2^64.
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>(Wide{drawn} * limit >> 64);
}

Outcomes::Outcomes() {
    ordered({}, 1);
}

OutcomeId Outcomes::edge(EdgeIndex edge) {
    if (edge >= edges_.size()) edges_.resize(edge + std::size_t{1}, nothing());
    if (edges_[edge] == nothing()) edges_[edge] = intern({.kind = Kind::Edge, .number = edge}, {});
    return edges_[edge];
}

OutcomeId Outcomes::ordered(std::span<const OutcomeId> branches, std::uint16_t take) {
    if (branches.size() == 1) return branches.front();
    std::vector<Branch> rows;
    rows.reserve(branches.size());
    for (const auto branch : branches) rows.push_back({.outcome = branch});
    return intern({.kind = Kind::Ordered, .number = take}, rows);
}

OutcomeId Outcomes::weighted(std::span<const Branch> branches, std::uint16_t take) {
    if (branches.size() == 1) return branches.front().outcome;
    return intern({.kind = Kind::Weighted, .number = take}, branches);
}

OutcomeId Outcomes::intern(Node node, std::span<const Branch> branches) {
    std::vector<std::uint32_t> key{static_cast<std::uint32_t>(node.kind), node.number};
    for (const auto& [outcome, weight] : branches) key.insert(key.end(), {outcome, weight});
    const auto [at, added] =
        known_.try_emplace(std::move(key), static_cast<OutcomeId>(nodes_.size()));
    if (added) {
        node.first = static_cast<std::uint32_t>(branches_.size());
        node.count = static_cast<std::uint32_t>(branches.size());
        branches_.insert(branches_.end(), branches.begin(), branches.end());
        nodes_.push_back(node);
    }
    return at->second;
}

Choice Outcomes::choose(OutcomeId outcome, const EdgeFilter& filter,
                        Random& random) const noexcept {
    Choice choice;
    emit(outcome, filter, random, choice);
    return choice;
}

bool Outcomes::emit_edge(EdgeIndex edge, const EdgeFilter& filter, Choice& choice) noexcept {
    // An RRset must not contain the same address twice (RFC 2181 §5).
    if (!filter.is_eligible(edge) || std::ranges::find(choice.edges, edge) != choice.edges.end() ||
        choice.edges.size() == choice.edges.capacity()) {
        return false;
    }
    if (filter.board != nullptr) {
        const auto health = filter.board->health(edge);
        choice.ttl_limit = std::min(choice.ttl_limit, health.ttl_limit);
        if (!health.usable) return false;
    }
    choice.edges.push_back(edge);
    return true;
}

bool Outcomes::emit(OutcomeId outcome, const EdgeFilter& filter, Random& random,
                    Choice& choice) const noexcept {
    const Node& node = nodes_[outcome];
    if (node.kind == Kind::Edge) return emit_edge(node.number, filter, choice);
    if (node.kind == Kind::Weighted) return emit_weighted(node, filter, random, choice);
    unsigned taken = 0;
    for (const auto& branch : branches(node)) {
        if (emit(branch.outcome, filter, random, choice) && ++taken == node.number) break;
    }
    return taken > 0;
}

bool Outcomes::emit_weighted(const Node& node, const EdgeFilter& filter, Random& random,
                             Choice& choice) const noexcept {
    const auto rows = branches(node);
    std::uint64_t total = 0;
    for (const auto& row : rows) total += row.weight;
    std::bitset<max_chosen_edges> tried;  // the zone reader keeps weighted sets within this
    unsigned taken = 0;
    bool drawn = false;  // one that has a weight
    for (std::size_t round = 0; round < rows.size() && taken < node.number; ++round) {
        if (total == 0 && drawn) break;  // what is left has weight 0
        auto ticket = total == 0 ? 0 : random.below(total);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (tried[i]) continue;
            if (total != 0 && ticket >= rows[i].weight) {
                ticket -= rows[i].weight;
                continue;
            }
            tried[i] = true;
            total -= rows[i].weight;
            if (emit(rows[i].outcome, filter, random, choice)) {
                ++taken;
                drawn |= rows[i].weight > 0;
            }
            break;
        }
    }
    return taken > 0;
}

std::string Outcomes::to_text(OutcomeId outcome, std::span<const std::string> names) const {
    const Node& node = nodes_[outcome];
    if (node.kind == Kind::Edge) return names[node.number];
    const bool by_weight = node.kind == Kind::Weighted;
    std::string text;
    for (const auto& [inner, weight] : branches(node)) {
        if (!text.empty()) text += by_weight ? " | " : " > ";
        if (by_weight) text += std::to_string(weight) + " ";
        const bool nested = nodes_[inner].kind != Kind::Edge;
        text += (nested ? "(" : "") + to_text(inner, names) + (nested ? ")" : "");
    }
    if (node.number > 1) {
        text = (node.number < node.count ? std::to_string(node.number) : "all") + " of " + text;
    }
    return text.empty() ? "nothing" : text;
}

}  // namespace geo
