// SPDX-License-Identifier: Apache-2.0
#include "zones/zone.hpp"

namespace zones {
namespace {

constexpr std::uint8_t wildcard_label[] = {1, '*'};

}  // namespace

Zone::Lookup Zone::look_up(const Name& name) const noexcept {
    const std::size_t apex_label = name.label_count() - apex_.label_count();
    std::size_t label = 0;
    std::uint32_t node = names_.find(name);
    if (node != none && !nodes_[node].has(Node::Below)) {
        return {nodes_[node].has(Node::Cut) ? Found::Delegation : Found::Exact, node, 0};
    }
    while (node == none) node = names_.find(name, ++label);  // ends at the apex at the latest
    const std::size_t encloser_label = label;
    const std::uint32_t encloser = node;
    if (nodes_[encloser].has(Node::Below) || nodes_[encloser].has(Node::Cut)) {
        while (!nodes_[node].has(Node::Cut) && label < apex_label) {
            node = names_.find(name, ++label);
        }
        return {Found::Delegation, node, label};
    }
    if (nodes_[encloser].has(Node::Dname)) return {Found::Dname, encloser, encloser_label};
    if (nodes_[encloser].has(Node::HasWildcard)) {
        const auto wildcard = names_.find_below(wildcard_label, name, encloser_label);
        return {Found::Wildcard, wildcard, 0};
    }
    return {Found::NxDomain, encloser, encloser_label};
}

std::span<const RrSet> Zone::sets(std::uint32_t node) const noexcept {
    return std::span{sets_}.subspan(nodes_[node].first, nodes_[node].count);
}

const RrSet* Zone::find(std::uint32_t node, RrType type) const noexcept {
    for (const auto& set : sets(node)) {
        if (set.type == type) return &set;
    }
    return nullptr;
}

WireSet Zone::wire(const RrSet& set) const noexcept {
    return {.octets = std::span{octets_}.subspan(set.at, set.length),
            .fixups = std::span{fixups_}.subspan(set.fixups_at, set.fixup_count),
            .rr_count = set.rr_count};
}

WireSet Zone::edge_wire(const Steer& steer, geo::EdgeIndex edge,
                        geo::Family family) const noexcept {
    const std::size_t index = (steer.blocks * edges_.size() + edge) * 2;
    const auto& block = edge_blocks_[index + (family == geo::Family::V4 ? 0 : 1)];
    return {.octets = std::span{octets_}.subspan(block.at, block.length),
            .fixups = {},
            .rr_count = block.rr_count};
}

}  // namespace zones
