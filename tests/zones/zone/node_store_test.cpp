// SPDX-License-Identifier: Apache-2.0
#include "zones/zone/node_store.hpp"

#include "tests/support/random_space.hpp"
#include "tests/zones/reading.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace zone_node_store_test {

using reading::name;
using support::draw;
using zones::Name;
using zones::NameTable;
using zones::NewSet;
using zones::NodeStore;
using zones::RrSet;

namespace {

std::vector<std::uint8_t> random_octets(support::Generator& generator, std::size_t size) {
    std::vector<std::uint8_t> octets(size);
    for (auto& octet : octets) octet = static_cast<std::uint8_t>(draw(generator, 0, 255));
    return octets;
}

/// An RRset of no meaning, and what it refers to.
struct Content {
    std::vector<std::uint8_t> octets;
    std::vector<std::uint16_t> fixups;
    std::vector<std::uint32_t> targets;
    RrSet set;

    explicit Content(support::Generator& generator)
        : octets{random_octets(generator, draw(generator, 1, 70))} {
        for (auto count = draw(generator, 0, 3); count > 0; --count)
            fixups.push_back(static_cast<std::uint16_t>(draw(generator, 0, 65535)));
        for (auto count = draw(generator, 0, 3); count > 0; --count)
            targets.push_back(static_cast<std::uint32_t>(draw(generator, 0, 1U << 31)));
        set.type = static_cast<zones::RrType>(draw(generator, 1, 300));
        set.rr_count = static_cast<std::uint16_t>(draw(generator, 1, 5));
        set.length = static_cast<std::uint16_t>(octets.size());
        set.fixup_count = static_cast<std::uint16_t>(fixups.size());
    }
    [[nodiscard]] NewSet view() const {
        return {.set = set, .octets = octets, .fixups = fixups, .targets = targets};
    }
};

struct Node {
    Name name;
    std::uint8_t flags = 0;
    std::vector<Content> contents;
};

bool same(const NodeStore& store, const RrSet& set, const Content& content) {
    bool good = set.type == content.set.type && set.rr_count == content.set.rr_count &&
                std::ranges::equal(store.octets(set), content.octets) &&
                std::ranges::equal(store.fixups(set), content.fixups);
    for (std::size_t i = 0; i < content.targets.size(); ++i)
        good = good && store.target(set, i) == content.targets[i];
    return good;
}

bool same(const NodeStore& store, std::uint32_t found, const Node& node) {
    using enum NodeStore::Flag;
    if (found == NodeStore::none) return false;
    bool good = store.sets(found).size() == node.contents.size();
    for (const auto flag : {Cut, Below, Dname, HasWildcard})
        good = good && store.has(found, flag) == ((node.flags & flag) != 0);
    for (std::size_t i = 0; good && i < node.contents.size(); ++i)
        good = same(store, store.sets(found)[i], node.contents[i]);
    return good;
}

}  // namespace

TEST_CASE("a node store gives back what was put in, by name and by parts of a name") {
    support::Generator generator{1};
    const auto apex = name("example.com.");
    NameTable names{apex};
    std::vector<Node> nodes;
    for (int i = 0; i < 5000; ++i) {
        auto& node = nodes.emplace_back();
        const auto label = std::string(draw(generator, 1, 30), 'x') + std::to_string(i);
        node.name = *Name::from_text(i == 0 ? "@" : label, apex);
        node.flags = static_cast<std::uint8_t>(draw(generator, 0, 15));
        for (auto count = draw(generator, 0, 3); count > 0; --count)
            node.contents.emplace_back(generator);
        names.add(node.name);
    }

    NodeStore store;
    CHECK(store.find(apex) == NodeStore::none);
    std::vector<std::uint32_t> places;
    std::size_t size = 0;
    std::size_t wrong = 0;
    for (std::uint32_t number = 0; number < nodes.size(); ++number) {
        std::vector<NewSet> sets;
        const auto own = names.stored(number);
        const auto place = NodeStore::node_at(size);
        size += NodeStore::node_size(own.size(), nodes[number].contents.size());
        for (const auto& content : nodes[number].contents) {
            sets.push_back(content.view());
            size += NodeStore::set_size(sets.back());
        }
        places.push_back(store.add_node(own, nodes[number].flags, sets));
        wrong += places.back() != place;
    }
    const Content single{generator};
    const auto stored = store.add_set(single.view());
    wrong += stored.at != NodeStore::node_at(size) || !same(store, stored, single);
    store.index(std::move(names), places);

    for (const auto& node : nodes) {
        wrong += !same(store, store.find(node.name), node);
        const auto below = Name::from_text("y", node.name);
        wrong += store.find(*below) != NodeStore::none;
        wrong += store.find(*below, 1) != store.find(node.name);
        if (node.name == apex) continue;
        const auto first = node.name.wire().first(node.name.label_at(1));
        wrong += store.find_below(first, node.name, 1) != store.find(node.name);
        wrong += store.find_below(first, node.name, 0) != NodeStore::none;
        store.expect_slot(node.name.hash(0));
        const auto found = store.find(node.name);
        wrong += store.expect_node(node.name.hash(0)) != found;
        wrong += store.find_expected(node.name, found) != found;
        // As when two names have one hash.
        wrong += store.find_expected(node.name, store.find(apex)) != found;
        wrong += store.find_expected(*below, found) != NodeStore::none;
        wrong += store.find_expected(*below, NodeStore::none) != NodeStore::none;
    }
    CHECK(wrong == 0);
}

TEST_CASE("a label before a name that is full leads nowhere") {
    std::string text;
    for (int i = 0; i < 127; ++i) text += "a.";
    const auto longest = name(text);
    NameTable names{Name{}};
    const auto number = names.add(longest);
    NodeStore store;
    const std::vector places{store.add_node(names.stored(number), 0, {})};
    store.index(std::move(names), places);
    const std::uint8_t star[] = {1, '*'};
    CHECK(store.find(longest) == places.front());
    CHECK(store.find_below(star, longest, 0) == NodeStore::none);
    CHECK(store.find_below(star, longest, 1) == NodeStore::none);
}

}  // namespace zone_node_store_test
