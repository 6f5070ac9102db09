// SPDX-License-Identifier: Apache-2.0
#include "geo/map.hpp"

#include <bit>
#include <utility>

namespace geo {
namespace {

constexpr unsigned stride = 16;
constexpr std::uint32_t stride_size = 1U << stride;
constexpr std::uint32_t inner = 1U << 31;
constexpr std::uint32_t narrow_inner = 1U << 15;
// From here on a table is searched faster than a list, and costs at most 8 times its memory.
constexpr std::size_t table_from = 8192;

/// Where part `index` ends: at the next start, or at the end of the stride.
std::uint32_t end_of(const std::vector<std::uint16_t>& starts, std::size_t index) noexcept {
    return index + 1 < starts.size() ? starts[index + 1] : stride_size;
}

}  // namespace

void LeafList::append(unsigned depth, std::uint32_t value) {
    Bits start = next_;
    if (depth > 0) next_ += Bits{1} << (128 - depth);
    // Two parts of one length are halves of one prefix when the second begins at its middle.
    while (depth > 0 && !leaves_.empty() && (start >> (128 - depth) & 1) == 1 &&
           leaves_.back() == (depth << 24 | value)) {
        leaves_.pop_back();
        --depth;
        start &= mask(depth);
    }
    leaves_.push_back(depth << 24 | value);
}

Map::Map(const LeafList& v4, const LeafList& v6, Outcomes outcomes)
    : wide_{outcomes.size() >= narrow_inner},
      leaf_count_{v4.size() + v6.size()},
      outcomes_{std::move(outcomes)} {
    starts_.reserve(leaf_count_ + leaf_count_ / 4);
    (wide_ ? wide_parts_.reserve(starts_.capacity()) : narrow_parts_.reserve(starts_.capacity()));
    std::size_t next = 0;
    roots_[0] = build(v4, next, 0);
    next = 0;
    roots_[1] = build(v6, next, 0);
    nodes_.shrink_to_fit();
    starts_.shrink_to_fit();
    narrow_parts_.shrink_to_fit();
    wide_parts_.shrink_to_fit();
    tables_.shrink_to_fit();
}

/// Makes the node for the prefix of length `base` at which leaf `next` begins, and all below it.
Map::Node Map::build(const LeafList& leaves, std::size_t& next, unsigned base) {
    std::vector<std::uint16_t> starts;
    Parts parts;
    std::vector<Node> children;
    for (std::uint32_t at = 0; at < stride_size;) {
        starts.push_back(static_cast<std::uint16_t>(at));
        const auto leaf = leaves[next];
        if (leaf.depth > base + stride) {
            parts.push_back(inner | static_cast<std::uint32_t>(children.size()));
            children.push_back(build(leaves, next, base + stride));
            ++at;
        } else {
            parts.push_back(leaf.value);
            at += 1U << (base + stride - leaf.depth);
            ++next;
        }
    }
    Node node{.children = static_cast<std::uint32_t>(nodes_.size())};
    nodes_.insert(nodes_.end(), children.begin(), children.end());
    if (parts.size() < table_from) {
        node.first = static_cast<std::uint32_t>(starts_.size());
        node.count = static_cast<std::uint32_t>(parts.size());
        store_list(starts, parts);
    } else {
        node.first = static_cast<std::uint32_t>(tables_.size());
        store_table(starts, parts, base);
    }
    return node;
}

void Map::store_list(const std::vector<std::uint16_t>& starts, const Parts& parts) {
    starts_.insert(starts_.end(), starts.begin(), starts.end());
    if (wide_) {
        wide_parts_.insert(wide_parts_.end(), parts.begin(), parts.end());
        return;
    }
    for (const auto part : parts) {
        // A list has fewer than table_from children, which leaves the upper bit free.
        const auto flag = (part & inner) != 0 ? narrow_inner : 0;
        narrow_parts_.push_back(static_cast<std::uint16_t>((part & ~inner) | flag));
    }
}

void Map::store_table(const std::vector<std::uint16_t>& starts, const Parts& parts, unsigned base) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto size = end_of(starts, i) - starts[i];
        const auto depth = base + stride - static_cast<unsigned>(std::countr_zero(size));
        const auto part = (parts[i] & inner) != 0 ? parts[i] : parts[i] << 8 | depth;
        tables_.insert(tables_.end(), size, part);
    }
}

Map::Found Map::find_in(const Node& root, Bits bits) const noexcept {
    const Node* node = &root;
    for (unsigned base = 0;; base += stride, bits <<= stride) {
        const auto key = static_cast<std::uint16_t>(bits >> (128 - stride));
        if (node->count == 0) {
            const auto part = tables_[node->first + key];
            if ((part & inner) == 0) return {part >> 8, static_cast<std::uint8_t>(part)};
            node = &nodes_[node->children + (part & ~inner)];
            continue;
        }
        // The last start not above the key; the first one is 0. No branch depends on the data.
        const std::uint16_t* low = starts_.data() + node->first;
        for (std::uint32_t left = node->count; left > 1; left -= left / 2) {
            low += low[left / 2] <= key ? left / 2 : 0;
        }
        const auto index = static_cast<std::uint32_t>(low - starts_.data());
        const std::uint32_t part = wide_ ? wide_parts_[index] : narrow_parts_[index];
        const std::uint32_t flag = wide_ ? inner : narrow_inner;
        if ((part & flag) == 0) {
            const bool last = index + 1 == node->first + node->count;
            const std::uint32_t size = (last ? stride_size : low[1]) - *low;
            const auto inside = static_cast<unsigned>(std::countr_zero(size));
            return {part, static_cast<std::uint8_t>(base + stride - inside)};
        }
        node = &nodes_[node->children + (part & ~flag)];
    }
}

Map::Found Map::find(const Address& client) const noexcept {
    if (client.family == Family::V4) return find_in(roots_[0], client.bits);
    const auto inside = embedded_v4(client);
    if (!inside) return find_in(roots_[1], client.bits);
    const auto found = find_in(roots_[0], inside->client.bits);
    return {found.outcome, static_cast<std::uint8_t>(found.scope + inside->offset)};
}

std::size_t Map::memory() const noexcept {
    const auto octets = [](const auto& vector) {
        return vector.capacity() * sizeof(*vector.data());
    };
    return octets(nodes_) + octets(starts_) + octets(narrow_parts_) + octets(wide_parts_) +
           octets(tables_);
}

}  // namespace geo
