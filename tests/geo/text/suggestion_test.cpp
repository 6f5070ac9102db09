// SPDX-License-Identifier: Apache-2.0
#include "geo/text/suggestion.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>

TEST_CASE("the nearest word is the one that was most likely meant") {
    constexpr std::array<std::string_view, 5> words{"addresses", "location", "ttl", "A", "AAAA"};
    struct Row {
        std::string word;
        std::string expected;
    };
    const Row rows[] = {
        {"adresses", "addresses"},
        {"addreses", "addresses"},
        {"Addresses", "addresses"},
        {"locatoin", "location"},
        {"tll", "ttl"},
        {"TTL", "ttl"},
        {"a", "A"},
        {"aaaa", "AAAA"},
        {"weight", ""},
        {"", "A"},
        {"check", ""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.word);
        CHECK(zones::nearest_word(row.word, words) == row.expected);
    }
    CHECK(zones::suggestion("tll", words) == "; did you mean \"ttl\"?");
    CHECK(zones::suggestion("nothing like it", words).empty());
    CHECK(zones::nearest_word("a", {}).empty());
}
