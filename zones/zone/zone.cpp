// SPDX-License-Identifier: Apache-2.0
#include "zones/zone/zone.hpp"

namespace zones {
namespace {

constexpr std::uint8_t wildcard_label[] = {1, '*'};

}  // namespace

Zone::Lookup Zone::look_up(const Name& name, std::uint32_t node) const noexcept {
    const std::size_t apex_label = name.label_count() - apex_.label_count();
    std::size_t label = 0;
    if (node != none && !nodes_.has(node, NodeStore::Below)) {
        return {nodes_.has(node, NodeStore::Cut) ? Found::Delegation : Found::Exact, node, 0};
    }
    while (node == none) node = nodes_.find(name, ++label);  // ends at the apex at the latest
    const std::size_t encloser_label = label;
    const std::uint32_t encloser = node;
    if (nodes_.has(encloser, NodeStore::Below) || nodes_.has(encloser, NodeStore::Cut)) {
        while (!nodes_.has(node, NodeStore::Cut) && label < apex_label) {
            node = nodes_.find(name, ++label);
        }
        return {Found::Delegation, node, label};
    }
    if (nodes_.has(encloser, NodeStore::Dname)) return {Found::Dname, encloser, encloser_label};
    if (nodes_.has(encloser, NodeStore::HasWildcard)) {
        const auto wildcard = nodes_.find_below(wildcard_label, name, encloser_label);
        return {Found::Wildcard, wildcard, 0};
    }
    return {Found::NxDomain, encloser, encloser_label};
}

const RrSet* Zone::find(std::uint32_t node, RrType type) const noexcept {
    for (const auto& set : sets(node)) {
        if (set.type == type) return &set;
    }
    return nullptr;
}

std::uint32_t Zone::ttl(const RrSet& set) const noexcept {
    if (set.steered()) return steers_[set.at].ttl;
    std::uint32_t ttl = 0;
    for (const auto octet : nodes_.octets(set).subspan(6, 4)) ttl = ttl << 8 | octet;
    return ttl;
}

WireSet Zone::edge_wire(const Steer& steer, geo::EdgeIndex edge,
                        geo::Family family) const noexcept {
    const std::size_t index = (steer.blocks * edges_.size() + edge) * 2;
    const auto& block = edge_blocks_[index + (family == geo::Family::V4 ? 0 : 1)];
    return {.octets = std::span{edge_octets_}.subspan(block.at, block.length),
            .fixups = {},
            .rr_count = block.rr_count};
}

}  // namespace zones
