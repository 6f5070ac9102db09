// SPDX-License-Identifier: Apache-2.0
#include "probes/path/network_table.hpp"

#include "geo/place/network.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <string>

namespace path_network_table_test {

namespace {

geo::Prefix network(std::uint64_t number) {
    const auto family = static_cast<geo::Family>(number & 1);
    return geo::path_network({family, geo::Bits{number * 0x9E37'79B9'7F4A'7C15} << 64});
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

TEST_CASE("networks chosen by a stranger spread over the table like any others") {
    struct Row {
        const char* name;
        bool (*chosen)(std::uint64_t network);
        std::uint64_t step;
    };
    // The bits of a /48 stand in the upper three quarters; each row picks what some fixed function
    // would put into one place.
    const Row rows[] = {
        {"all", [](std::uint64_t) { return true; }, std::uint64_t{1} << 16},
        {"far apart", [](std::uint64_t) { return true; }, std::uint64_t{1} << 40},
        {"one multiply-shift",
         [](std::uint64_t network) {
             const auto key = network | 1;
             return (((key ^ key >> 29) * 0x9E37'79B9'7F4A'7C15) >> 32 & 0xFF) == 0;
         },
         std::uint64_t{1} << 16},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        probes::NetworkTable<int> table;
        std::uint64_t network = 0x2001'0db8'0000'0000;
        for (; table.size() < 4096; network += row.step) {
            if (!row.chosen(network)) continue;
            table[geo::path_network({geo::Family::V6, geo::Bits{network} << 64})] = 1;
        }
        CHECK(table.longest_chain() < 16);
    }
}

}  // namespace path_network_table_test
