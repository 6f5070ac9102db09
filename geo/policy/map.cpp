// SPDX-License-Identifier: Apache-2.0
#include "geo/policy/map.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <iterator>
#include <utility>

namespace geo {
namespace {

constexpr unsigned stride = 16;
constexpr std::uint32_t stride_size = 1U << stride;
constexpr std::uint32_t inner = 1U << 31;
constexpr std::uint32_t table = 1U << 30;
constexpr std::uint32_t narrow_inner = 1U << 15;
constexpr std::size_t unit = 8;  // words
// From so many parts on, a table is searched faster and costs at most 8 times a list's memory.
constexpr std::size_t table_from = 8192;
// The starts of a block fill a cache line, and so do its parts.
constexpr std::uint32_t block_size = 32;
constexpr std::size_t line_words = 32;

std::uint16_t upper(Bits bits) noexcept {
    return static_cast<std::uint16_t>(bits >> (128 - stride));
}

/// Returns the index of a table's part for these bits.
std::size_t table_place(std::uint32_t node, Bits bits) noexcept {
    return std::size_t{node & ~table} * stride_size + upper(bits);
}

/// Returns where part `index` ends: at the next start, or at the end of the stride.
std::uint32_t end_of(const std::vector<std::uint16_t>& starts, std::size_t index) noexcept {
    return index + 1 < starts.size() ? starts[index + 1] : stride_size;
}

/// Returns how many block starts a list with so many parts has at its front.
[[nodiscard]] constexpr std::uint32_t listed_blocks(std::uint32_t parts) noexcept {
    return parts > block_size ? (parts + block_size - 1) / block_size : 0;
}

std::uint32_t read_wide(const std::uint16_t* words) noexcept {
    std::uint32_t number = 0;
    std::memcpy(&number, words, sizeof number);
    return number;
}

/// Returns the index of the last of `count` ascending starts that is not above the key. The first
/// one must not be above it. No branch depends on the data.
std::uint32_t last_start(const std::uint16_t* starts, std::uint32_t count,
                         std::uint16_t key) noexcept {
    const auto* low = starts;
    for (auto left = count; left > 1; left -= left / 2) low += low[left / 2] <= key ? left / 2 : 0;
    return static_cast<std::uint32_t>(low - starts);
}

}  // namespace

void LeafList::append(unsigned depth, std::uint32_t value) {
    Bits start = next_;
    if (depth > 0) next_ += Bits{1} << (128 - depth);
    // Two parts of equal length are halves of one prefix when the second begins at its middle.
    while (depth > 0 && !leaves_.empty() && (start >> (128 - depth) & 1) == 1 &&
           leaves_.back() == (depth << 24 | value)) {
        leaves_.pop_back();
        --depth;
        start &= mask(depth);
    }
    leaves_.push_back(depth << 24 | value);
}

struct Map::List {
    std::uint32_t count;
    const std::uint16_t* blocks;
    const std::uint16_t* starts;
    const std::uint16_t* parts;
    const std::uint16_t* children;
};

Map::Map(const LeafList& v4, const LeafList& v6, Outcomes outcomes, PrefixTable local)
    : wide_{outcomes.size() >= narrow_inner},
      leaf_count_{v4.size() + v6.size()},
      outcomes_{std::move(outcomes)},
      local_{std::move(local)} {
    lists_.reserve(leaf_count_ * (wide_ ? 3 : 2) + leaf_count_ / 2);
    std::size_t next = 0;
    roots_[0] = build(v4, next, 0);
    next = 0;
    roots_[1] = build(v6, next, 0);
    lists_.shrink_to_fit();
    tables_.shrink_to_fit();
}

/// Makes the node of the prefix of length `base` that begins with leaf `next`, and all nodes below
/// it.
Map::Node Map::build(const LeafList& leaves, std::size_t& next, unsigned base) {
    Starts starts;
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
    return parts.size() < table_from ? store_list(starts, parts, children)
                                     : store_table(starts, parts, children);
}

Map::Node Map::store_list(const Starts& starts, const Parts& parts,
                          const std::vector<Node>& children) {
    const auto node = static_cast<Node>(lists_.size() / unit);
    const auto count = static_cast<std::uint32_t>(parts.size());
    lists_.push_back(static_cast<std::uint16_t>(count));
    for (std::size_t i = 0; i < listed_blocks(count); ++i) lists_.push_back(starts[i * block_size]);
    lists_.insert(lists_.end(), starts.begin(), starts.end());
    for (const auto part : parts) append(part);
    for (const auto child : children) append_wide(child);
    lists_.resize((lists_.size() + unit - 1) / unit * unit);
    return node;
}

void Map::append(std::uint32_t part) {
    if (wide_) return append_wide(part);
    // A list has fewer than table_from children, which leaves the upper bit free.
    const auto flag = (part & inner) != 0 ? narrow_inner : 0;
    lists_.push_back(static_cast<std::uint16_t>((part & ~inner) | flag));
}

void Map::append_wide(std::uint32_t number) {
    std::uint16_t words[2];
    std::memcpy(words, &number, sizeof words);
    lists_.insert(lists_.end(), std::begin(words), std::end(words));
}

Map::Node Map::store_table(const Starts& starts, const Parts& parts,
                           const std::vector<Node>& children) {
    const auto number = static_cast<Node>(tables_.size() / stride_size);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto size = end_of(starts, i) - starts[i];
        const auto inside = static_cast<unsigned>(std::countr_zero(size));
        const auto part = (parts[i] & inner) != 0 ? inner | children[parts[i] & ~inner]
                                                  : parts[i] << 8 | (stride - inside);
        tables_.insert(tables_.end(), size, part);
    }
    return table | number;
}

Map::Search Map::begin(const Address& client) const noexcept {
    Search search;
    const auto inside = embedded_v4(client);
    search.bits_ = inside ? inside->client.bits : client.bits;
    search.base_ = inside ? inside->offset : 0;
    enter(search, roots_[inside || client.family == Family::V4 ? 0 : 1]);
    return search;
}

bool Map::advance(Search& search) const noexcept {
    return (search.node_ & table) != 0 ? advance_in_table(search) : advance_in_list(search);
}

void Map::enter(Search& search, Node node) const noexcept {
    search.node_ = node;
    search.block_known_ = false;
    if ((node & table) != 0) {
        __builtin_prefetch(&tables_[table_place(node, search.bits_)]);
        return;
    }
    const auto* list = lists_.data() + std::size_t{node} * unit;
    __builtin_prefetch(list);
    __builtin_prefetch(list + line_words);
}

/// Moves the search to a child, past the bits that led there.
void Map::descend(Search& search, Node child) const noexcept {
    search.bits_ <<= stride;
    search.base_ = static_cast<std::uint8_t>(search.base_ + stride);
    enter(search, child);
}

bool Map::advance_in_table(Search& search) const noexcept {
    const auto part = tables_[table_place(search.node_, search.bits_)];
    if ((part & inner) != 0) {
        descend(search, part & ~inner);
        return false;
    }
    const auto length = search.base_ + (part & 0xFF);
    search.found_ = {part >> 8, static_cast<std::uint8_t>(length)};
    return true;
}
bool Map::advance_in_list(Search& search) const noexcept {
    const auto list = list_at(search.node_);
    const auto key = upper(search.bits_);
    if (!search.block_known_) {
        search.block_known_ = true;
        search.block_ = last_start(list.blocks, listed_blocks(list.count), key);
        if (list.count > block_size) {
            expect_block(list, search.block_);
            return false;
        }
    }
    const auto first = search.block_ * block_size;
    const auto* starts = list.starts + first;
    const auto index = first + last_start(starts, std::min(block_size, list.count - first), key);
    const auto part = part_of(list, index);
    if ((part & inner) != 0) {
        descend(search, read_wide(list.children + std::size_t{2} * (part & ~inner)));
        return false;
    }
    const auto end = index + 1 < list.count ? list.starts[index + 1] : stride_size;
    const auto inside = static_cast<unsigned>(std::countr_zero(end - list.starts[index]));
    search.found_ = {part, static_cast<std::uint8_t>(search.base_ + stride - inside)};
    return true;
}

Map::List Map::list_at(Node node) const noexcept {
    const auto* words = lists_.data() + std::size_t{node} * unit;
    List list{.count = words[0], .blocks = words + 1, .starts = {}, .parts = {}, .children = {}};
    list.starts = list.blocks + listed_blocks(list.count);
    list.parts = list.starts + list.count;
    list.children = list.parts + std::size_t{list.count} * (wide_ ? 2 : 1);
    return list;
}

std::uint32_t Map::part_of(const List& list, std::uint32_t index) const noexcept {
    if (wide_) return read_wide(list.parts + std::size_t{2} * index);
    const std::uint32_t part = list.parts[index];
    return (part & narrow_inner) != 0 ? inner | (part & ~narrow_inner) : part;
}

void Map::expect_block(const List& list, std::uint32_t block) const noexcept {
    const std::size_t first = std::size_t{block} * block_size;
    const auto* parts = list.parts + first * (wide_ ? 2 : 1);
    __builtin_prefetch(list.starts + first);
    __builtin_prefetch(list.starts + first + line_words);
    __builtin_prefetch(parts);
    __builtin_prefetch(parts + line_words);
}

Map::LocalPart Map::local_part(const Prefix& network) const noexcept {
    auto at = network.address;
    std::uint8_t before = 0;  // bits that lead to the IPv4 client that it carries
    if (const auto inside = embedded_v4(at); inside && network.length >= inside->offset) {
        at = inside->client;
        before = inside->offset;
    }
    const auto space = placeless_length(network).value_or(0);
    const auto part = static_cast<std::uint8_t>(before + leaf_length(local_, at));
    const Prefix host{at, static_cast<std::uint8_t>(width(at.family))};
    return {.named = local_.covering(host) != 0, .length = std::max(space, part)};
}

std::size_t Map::memory() const noexcept {
    return lists_.capacity() * sizeof(lists_[0]) + tables_.capacity() * sizeof(tables_[0]);
}

}  // namespace geo
