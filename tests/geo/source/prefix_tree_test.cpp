// SPDX-License-Identifier: Apache-2.0
#include "geo/source/prefix_tree.hpp"

#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

namespace source_prefix_tree_test {

using geo::Family;
using support::prefix;

namespace {

struct Entry {
    geo::Prefix prefix;
    std::uint32_t value = 0;
};

geo::PrefixTable table_of(const std::vector<Entry>& entries) {
    geo::PrefixTable table;
    for (const auto& entry : entries) table.add(entry.prefix, entry.value);
    return table;
}

/// The value of the longest prefix that holds all of `asked`, and of equal ones the last.
std::uint32_t scan(const std::vector<Entry>& entries, const geo::Prefix& asked) {
    const Entry* best = nullptr;
    for (const auto& entry : entries) {
        const auto& candidate = entry.prefix;
        if (!candidate.contains(asked.address) || candidate.length > asked.length) continue;
        if (best == nullptr || candidate.length >= best->prefix.length) best = &entry;
    }
    return best == nullptr ? 0 : best->value;
}

std::uint32_t walk(const geo::PrefixTree& tree, const geo::Address& to) {
    auto at = tree.root(to.family);
    for (unsigned depth = 0; !at.leaf; ++depth) {
        REQUIRE(depth < geo::width(to.family));
        const auto [zero, one] = tree.split(at.value);
        at = to.bit(depth) == 0 ? zero : one;
    }
    return at.value;
}

/// Prefixes that lie close together, so that many hold others and some are equal.
std::vector<Entry> random_entries(support::Generator& generator, Family family) {
    std::vector<Entry> entries;
    const auto count = support::draw(generator, 0, 60);
    for (std::uint32_t i = 1; i <= count; ++i) {
        auto drawn = support::random_prefix(generator, family, 0, geo::width(family));
        if (!entries.empty() && i % 2 == 0) {
            const auto& other = entries[support::draw(generator, 0, entries.size() - 1)].prefix;
            const auto length = support::draw(generator, 0, geo::width(family));
            drawn = support::prefix_around(support::random_address_in(generator, other),
                                           static_cast<unsigned>(length));
        }
        entries.push_back({drawn, i});
    }
    return entries;
}

}  // namespace

TEST_CASE("an empty table knows nothing, one with a prefix of either family is not empty") {
    geo::PrefixTable table;
    CHECK(table.empty());
    for (const auto family : {Family::V4, Family::V6}) {
        CHECK(table.root(family).leaf);
        CHECK(table.root(family).value == 0);
    }
    table.add(prefix("::/0"), 7);
    CHECK_FALSE(table.empty());
    CHECK(table.root(Family::V6).leaf);
    CHECK(table.root(Family::V6).value == 7);
    CHECK(table.root(Family::V4).value == 0);
    CHECK(table.covering(prefix("2001:db8::/32")) == 7);
    CHECK(table.covering(prefix("192.0.2.0/24")) == 0);
}

TEST_CASE("the longest prefix counts, and the later one of two equal ones") {
    const auto table = table_of({
        {prefix("192.0.2.0/25"), 1},
        {prefix("192.0.0.0/16"), 2},
        {prefix("192.0.2.0/24"), 3},
        {prefix("192.0.2.0/25"), 4},
        {prefix("192.0.2.7"), 5},
    });
    struct Row {
        const char* asked;
        std::uint32_t expected;
    };
    const Row rows[] = {
        {"192.0.2.1", 4},    {"192.0.2.7", 5},    {"192.0.2.128", 3},
        {"192.0.3.0", 2},    {"192.1.0.0", 0},    {"192.0.2.0/25", 4},
        {"192.0.2.0/24", 3}, {"192.0.2.0/23", 2}, {"192.0.0.0/15", 0},
    };
    for (const auto& row : rows) {
        CAPTURE(row.asked);
        CHECK(table.covering(prefix(row.asked)) == row.expected);
    }
}

TEST_CASE("random tables find what a scan over all their prefixes finds") {
    support::Generator generator{3};
    for (unsigned round = 0; round < 200; ++round) {
        const auto family = round % 2 == 0 ? Family::V4 : Family::V6;
        const auto entries = random_entries(generator, family);
        const auto table = table_of(entries);
        for (unsigned i = 0; i < 40; ++i) {
            auto at = support::random_address(generator, family);
            if (!entries.empty() && i % 4 != 0) {
                const auto& near = entries[support::draw(generator, 0, entries.size() - 1)].prefix;
                at = support::random_address_in(generator, near);
                if (i % 4 == 1 && near.length > 0) {
                    at = support::random_address_in(generator, support::sibling(near));
                }
            }
            const auto full = support::prefix_around(at, geo::width(family));
            CHECK(walk(table, at) == scan(entries, full));
            CHECK(table.covering(full) == scan(entries, full));
            const auto length = support::draw(generator, 0, geo::width(family));
            const auto part = support::prefix_around(at, static_cast<unsigned>(length));
            CHECK(table.covering(part) == scan(entries, part));
        }
    }
}

TEST_CASE("the order in which different prefixes are added does not matter") {
    support::Generator generator{4};
    for (unsigned round = 0; round < 60; ++round) {
        const auto family = round % 2 == 0 ? Family::V4 : Family::V6;
        auto entries = random_entries(generator, family);
        // Of equal prefixes only one: there the order does matter.
        const auto key = [](const Entry& entry) {
            return std::pair{entry.prefix.address.bits, entry.prefix.length};
        };
        std::ranges::sort(entries, {}, key);
        const auto [first, last] = std::ranges::unique(entries, {}, key);
        entries.erase(first, last);
        const auto table = table_of(entries);
        for (std::size_t i = entries.size(); i > 1; --i) {
            std::swap(entries[i - 1], entries[support::draw(generator, 0, i - 1)]);
        }
        const auto shuffled = table_of(entries);
        for (const auto& entry : entries) {
            const auto at = support::random_address_in(generator, entry.prefix);
            CHECK(walk(table, at) == walk(shuffled, at));
            CHECK(table.covering(entry.prefix) == entry.value);
            CHECK(shuffled.covering(entry.prefix) == entry.value);
        }
    }
}

}  // namespace source_prefix_tree_test
