// SPDX-License-Identifier: Apache-2.0
#include "geo/source/prefix_tree.hpp"

namespace geo {
namespace {

constexpr std::uint32_t root_of(Family family) noexcept {
    return family == Family::V4 ? 0 : 1;
}

}  // namespace

unsigned leaf_length(const PrefixTree& tree, const Address& address) {
    unsigned length = 0;
    auto at = tree.root(address.family);
    // A damaged tree may have loops.
    while (!at.leaf && length < width(address.family)) {
        const auto [zero, one] = tree.split(at.value);
        at = address.bit(length++) == 0 ? zero : one;
    }
    return length;
}

PrefixTable::PrefixTable() : nodes_(2) {}

void PrefixTable::add(const Prefix& prefix, std::uint32_t value) {
    auto node = root_of(prefix.address.family);
    for (unsigned depth = 0; depth < prefix.length; ++depth) {
        const auto bit = prefix.address.bit(depth);
        if (nodes_[node].children[bit] == 0) {
            const auto inherited = nodes_[node].value;
            nodes_[node].children[bit] = static_cast<std::uint32_t>(nodes_.size());
            nodes_.push_back({.value = inherited});
        }
        node = nodes_[node].children[bit];
    }
    nodes_[node].own = true;
    pass_down(node, value);
}

void PrefixTable::pass_down(std::uint32_t node, std::uint32_t value) {
    nodes_[node].value = value;
    for (const auto child : nodes_[node].children) {
        if (child != 0 && !nodes_[child].own) pass_down(child, value);
    }
}

std::uint32_t PrefixTable::covering(const Prefix& prefix) const {
    auto node = root_of(prefix.address.family);
    for (unsigned depth = 0; depth < prefix.length; ++depth) {
        const auto child = nodes_[node].children[prefix.address.bit(depth)];
        if (child == 0) break;
        node = child;
    }
    return nodes_[node].value;
}

PrefixTree::Cursor PrefixTable::below(std::uint32_t node, unsigned bit) const {
    const auto child = nodes_[node].children[bit];
    if (child == 0) return {.value = nodes_[node].value, .leaf = true};
    const auto& [children, value, own] = nodes_[child];
    if (children[0] == 0 && children[1] == 0) return {.value = value, .leaf = true};
    return {.value = child, .leaf = false};
}

PrefixTree::Cursor PrefixTable::root(Family family) const {
    const auto node = root_of(family);
    if (nodes_[node].children[0] == 0 && nodes_[node].children[1] == 0) {
        return {.value = nodes_[node].value, .leaf = true};
    }
    return {.value = node, .leaf = false};
}

PrefixTree::Halves PrefixTable::split(std::uint32_t node) const {
    return {below(node, 0), below(node, 1)};
}

}  // namespace geo
