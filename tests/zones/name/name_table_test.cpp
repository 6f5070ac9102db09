// SPDX-License-Identifier: Apache-2.0
#include "zones/name/name_table.hpp"

#include "tests/support/random_space.hpp"
#include "tests/zones/reading.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace name_name_table_test {

using reading::name;
using support::draw;
using zones::Name;
using zones::NameTable;

namespace {

/// Few letters, so that names meet; case as it comes.
std::string random_labels(support::Generator& generator) {
    std::string text;
    for (auto count = draw(generator, 1, 5); count > 0; --count) {
        for (auto size = draw(generator, 1, 6); size > 0; --size) {
            constexpr std::string_view letters = "abcdeABCDE*";
            text += letters[draw(generator, 0, letters.size() - 1)];
        }
        text += '.';
    }
    return text;
}

}  // namespace

TEST_CASE("a name table agrees with a map on 100,000 random names") {
    support::Generator generator{1};
    const auto zone = name("example.com.");
    NameTable table{zone};
    std::map<std::vector<std::uint8_t>, std::uint32_t> known;
    const auto key = [](const Name& of) {
        return std::vector<std::uint8_t>{of.wire().begin(), of.wire().end()};
    };
    std::size_t wrong = 0;
    for (int i = 0; i < 100'000; ++i) {
        const auto some = name(random_labels(generator) + "example.com.");
        const auto other = known.find(key(some));
        wrong += table.find(some) != (other == known.end() ? NameTable::none : other->second);
        if (draw(generator, 0, 1) == 0) continue;
        const auto number = table.add(some);
        wrong += known.try_emplace(key(some), number).first->second != number;
        wrong += table.size() != known.size();
    }
    for (const auto& [wire, number] : known) {
        const auto some = Name::read(wire);
        wrong += table.find(*some) != number || !(table.name(number) == *some);
        const auto below = Name::from_text("x", *some);
        wrong += table.find(*below, 1) != number;
    }
    CHECK(wrong == 0);
    CHECK(known.size() > 10'000);
}

TEST_CASE("numbers count from 0 and stay") {
    NameTable table{Name{}};
    CHECK(table.add(name("a.")) == 0);
    CHECK(table.add(name("b.a.")) == 1);
    CHECK(table.add(name("A.")) == 0);
    CHECK(table.add(name("c.b.a."), 1) == 1);
    CHECK(table.add(Name{}) == 2);
    CHECK(table.size() == 3);
    CHECK(table.find(name("c.b.a.")) == NameTable::none);
}

TEST_CASE("labels are told apart from dots inside of them") {
    NameTable table{Name{}};
    table.add(name("a.b."));
    CHECK(table.find(name("a\\.b.")) == NameTable::none);
}

}  // namespace name_name_table_test
