// SPDX-License-Identifier: Apache-2.0
#include "probes/network_table.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <string>

namespace {

geo::Prefix network(std::uint64_t number) {
    const auto family = static_cast<geo::Family>(number & 1);
    return probes::network_of({family, geo::Bits{number * 0x9E37'79B9'7F4A'7C15} << 64});
}

}  // namespace

TEST_CASE("a table of networks does what a map does") {
    probes::NetworkTable<int> table;
    std::map<std::string, int> expected;
    std::mt19937_64 random{3};
    CHECK(table.find(network(1)) == nullptr);
    for (int i = 0; i < 30'000; ++i) {
        const auto key = network(random() % 3000);
        table[key] = i;
        expected[to_text(key)] = i;
        if (random() % 1000 > 0) continue;
        const auto limit = i - static_cast<int>(random() % 2000);
        table.erase_if([&](int value) { return value < limit; });
        std::erase_if(expected, [&](const auto& entry) { return entry.second < limit; });
    }
    CHECK(table.size() == expected.size());
    std::map<std::string, int> found;
    table.each([&](const geo::Prefix& key, int value) { found[to_text(key)] = value; });
    CHECK(found == expected);
    for (std::uint64_t number = 0; number < 3000; ++number) {
        const auto entry = expected.find(to_text(network(number)));
        const auto* value = table.find(network(number));
        REQUIRE((value != nullptr) == (entry != expected.end()));
        if (value != nullptr) CHECK(*value == entry->second);
    }
    table.erase_if([](int) { return true; });
    CHECK(table.size() == 0);
    CHECK(table.find(network(1)) == nullptr);
}
