// SPDX-License-Identifier: Apache-2.0
#include "geo/policy/map.hpp"

#include "geo/source/prefix_tree.hpp"
#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

namespace policy_map_test {

using geo::Family;
using geo::LeafList;
using geo::Map;

namespace {

void append_leaves(const geo::PrefixTree& tree, geo::PrefixTree::Cursor at, unsigned depth,
                   LeafList& leaves) {
    if (at.leaf) {
        leaves.append(depth, at.value);
        return;
    }
    const auto [zero, one] = tree.split(at.value);
    append_leaves(tree, zero, depth + 1, leaves);
    append_leaves(tree, one, depth + 1, leaves);
}

LeafList leaves_of(const geo::PrefixTree& tree, Family family) {
    LeafList leaves;
    append_leaves(tree, tree.root(family), 0, leaves);
    return leaves;
}

/// The leaves of a list with the prefixes they stand for.
struct Cut {
    geo::Prefix prefix;
    std::uint32_t value = 0;
};
std::vector<Cut> cuts_of(const LeafList& leaves, Family family) {
    std::vector<Cut> cuts;
    geo::Bits start = 0;
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        const auto [depth, value] = leaves[i];
        cuts.push_back({{{family, start}, static_cast<std::uint8_t>(depth)}, value});
        if (depth > 0) start += geo::Bits{1} << (128 - depth);
    }
    REQUIRE(start == 0);  // the end of the space, and of the list
    return cuts;
}

struct Shape {
    const char* name;
    unsigned count;  // prefixes
    unsigned shortest, longest;
    unsigned values;
    const char* inside;  // all of them lie in here
};

void fill(geo::PrefixTable& table, support::Generator& generator, Family family,
          const Shape& shape) {
    const auto around = support::prefix(shape.inside);
    const auto inside = around.address.family == family ? around : geo::Prefix{{family, 0}, 0};
    for (unsigned i = 0; i < shape.count; ++i) {
        const auto length = std::min<std::uint64_t>(
            support::draw(generator, shape.shortest, shape.longest), geo::width(family));
        const auto drawn = support::prefix_around(support::random_address_in(generator, inside),
                                                  static_cast<unsigned>(length));
        table.add(drawn, static_cast<std::uint32_t>(support::draw(generator, 1, shape.values)));
    }
}

geo::Outcomes many_outcomes(unsigned count) {
    geo::Outcomes outcomes;
    for (unsigned i = 1; i < count; ++i) outcomes.edge(static_cast<geo::EdgeIndex>(i));
    return outcomes;
}

/// An IPv6 address that carries a client is looked up elsewhere.
bool finds(const Map& map, const geo::Address& client, const Cut& cut) {
    if (geo::embedded_v4(client)) return true;
    const auto found = map.find(client);
    return found.outcome == cut.value && found.scope == cut.prefix.length;
}

}  // namespace

TEST_CASE("a map of one leaf answers everybody at once") {
    LeafList v4;
    v4.append(0, 1);
    LeafList v6;
    v6.append(0, 0);
    const Map map{v4, v6, many_outcomes(2)};
    CHECK(map.leaf_count() == 2);
    CHECK(map.find(support::address("192.0.2.1")).outcome == 1);
    CHECK(map.find(support::address("192.0.2.1")).scope == 0);
    CHECK(map.find(support::address("2001:db8::1")).outcome == 0);
    CHECK(map.find(support::address("2001:db8::1")).scope == 0);
    CHECK(map.find(support::address("::ffff:192.0.2.1")).outcome == 1);
    CHECK(map.find(support::address("::ffff:192.0.2.1")).scope == 96);
    CHECK(map.find(support::address("2002:c000:0201::1")).scope == 16);
}

TEST_CASE("a map finds each leaf of random lists, by all of its addresses, with its depth") {
    const Shape shapes[] = {
        {"few", 20, 0, 128, 3, "::/0"},
        {"many, short", 3000, 1, 20, 10, "::/0"},
        {"many, long", 2000, 30, 128, 1000, "::/0"},
        {"close together", 3000, 20, 128, 5, "192.0.2.0/23"},
        {"a table at the root", 25'000, 10, 16, 100, "0.0.0.0/0"},
        {"a table with children", 30'000, 14, 19, 100, "0.0.0.0/0"},
        {"a table below the root", 30'000, 28, 32, 7, "10.7.0.0/16"},
        {"tables in the deepest stride", 30'000, 120, 128, 7, "2001:db8::/112"},
        {"wide", 20'000, 0, 128, 34'000, "::/0"},
        {"wide, with tables", 25'000, 10, 16, 34'000, "0.0.0.0/0"},
    };
    support::Generator generator{6};
    for (const auto& shape : shapes) {
        CAPTURE(shape.name);
        geo::PrefixTable table;
        fill(table, generator, Family::V4, shape);
        fill(table, generator, Family::V6, shape);
        const auto v4 = leaves_of(table, Family::V4);
        const auto v6 = leaves_of(table, Family::V6);
        const Map map{v4, v6, many_outcomes(shape.values + 1)};
        CHECK(map.leaf_count() == v4.size() + v6.size());
        CHECK(map.memory() > 0);
        std::size_t wrong = 0;
        for (const auto family : {Family::V4, Family::V6}) {
            for (const auto& cut : cuts_of(family == Family::V4 ? v4 : v6, family)) {
                const auto inside = support::random_address_in(generator, cut.prefix);
                wrong += !finds(map, cut.prefix.address, cut);
                wrong += !finds(map, inside, cut);
                wrong += !finds(map, support::last_of(cut.prefix), cut);
                const auto full = support::prefix_around(inside, geo::width(family));
                wrong += table.covering(full) != cut.value;
            }
        }
        CHECK(wrong == 0);
    }
}

TEST_CASE("exactly as many outcomes as two octets hold, and one more") {
    for (const std::uint32_t outcomes : {32'767U, 32'768U, 32'769U}) {
        CAPTURE(outcomes);
        LeafList v4;
        v4.append(1, outcomes - 1);
        v4.append(17, outcomes - 2);
        v4.append(17, outcomes - 1);
        for (unsigned depth = 16; depth > 1; --depth) v4.append(depth, depth % 2);
        LeafList v6;
        v6.append(0, outcomes - 1);
        const Map map{v4, v6, many_outcomes(outcomes)};
        CHECK(map.find(support::address("1.0.0.0")).outcome == outcomes - 1);
        CHECK(map.find(support::address("128.0.0.0")).outcome == outcomes - 2);
        CHECK(map.find(support::address("128.0.128.0")).outcome == outcomes - 1);
        CHECK(map.find(support::address("128.0.128.0")).scope == 17);
        CHECK(map.find(support::address("2001:db8::")).outcome == outcomes - 1);
    }
}

TEST_CASE("a list is minimal: no two halves of one prefix have one value") {
    support::Generator generator{8};
    for (unsigned round = 0; round < 100; ++round) {
        geo::PrefixTable table;
        const auto family = round % 2 == 0 ? Family::V4 : Family::V6;
        fill(table, generator, family, {"", 200, 0, 128, 2, "::/0"});
        const auto leaves = leaves_of(table, family);
        const auto cuts = cuts_of(leaves, family);
        std::size_t equal_halves = 0;
        for (std::size_t i = 1; i < cuts.size(); ++i) {
            const auto& [before, value] = cuts[i - 1];
            equal_halves += before.length > 0 && support::sibling(before) == cuts[i].prefix &&
                            value == cuts[i].value && before.address.bit(before.length - 1U) == 0;
        }
        CHECK(equal_halves == 0);
    }
}

TEST_CASE("halves that become equal by merging merge in turn") {
    LeafList leaves;
    leaves.append(1, 5);
    leaves.append(2, 5);
    leaves.append(4, 5);
    leaves.append(4, 5);
    REQUIRE(leaves.size() == 3);
    leaves.append(3, 5);
    REQUIRE(leaves.size() == 1);
    CHECK(leaves[0].depth == 0);
    CHECK(leaves[0].value == 5);
}

TEST_CASE("the greatest value and the greatest depth fit into a list") {
    LeafList leaves;
    for (unsigned depth = 1; depth <= 128; ++depth) leaves.append(depth, depth % 2);
    leaves.append(128, LeafList::max_value);
    REQUIRE(leaves.size() == 129);
    CHECK(leaves[128].depth == 128);
    CHECK(leaves[128].value == LeafList::max_value);
}

TEST_CASE("a client inside an IPv6 address is answered as itself, its scope counted there") {
    support::Generator generator{9};
    geo::PrefixTable table;
    fill(table, generator, Family::V4, {"", 500, 4, 32, 50, "0.0.0.0/0"});
    fill(table, generator, Family::V6, {"", 500, 4, 128, 50, "::/0"});
    const Map map{leaves_of(table, Family::V4), leaves_of(table, Family::V6), many_outcomes(51)};
    for (unsigned i = 0; i < 1000; ++i) {
        const auto client = support::random_address(generator, Family::V4);
        const auto own = map.find(client);
        for (const auto embedding : support::embeddings) {
            const geo::Bits rest = geo::Bits{generator()} << 64 | generator();
            const auto found = map.find(support::embed(embedding, client, rest));
            CHECK(found.outcome == own.outcome);
            CHECK(found.scope == own.scope + support::offset_of(embedding));
        }
    }
}

}  // namespace policy_map_test
