// SPDX-License-Identifier: Apache-2.0
#include "geo/text/percent_text.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

TEST_CASE("octets that are no printable ASCII are escaped, and so is the escape") {
    struct Row {
        std::string octets;
        std::string expected;
    };
    const Row rows[] = {
        {"", ""},
        {"tcp:192.0.2.10", "tcp:192.0.2.10"},
        {"New York", "New%20York"},
        {"100%", "100%25"},
        {"a\nb\tc", "a%0ab%09c"},
        {"M\xC3\xBCnchen", "M%c3%bcnchen"},
        {"\x7F", "%7f"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.expected);
        CHECK(probes::percent_encoded(row.octets) == row.expected);
        CHECK(probes::percent_decoded(row.expected) == row.octets);
    }
}

TEST_CASE("every octet comes back from a word without blanks") {
    std::string octets;
    for (int i = 0; i < 256; ++i) octets += static_cast<char>(i);
    const auto word = probes::percent_encoded(octets);
    CHECK(std::ranges::all_of(word, [](char c) { return c > ' ' && c < 0x7F; }));
    CHECK(probes::percent_decoded(word) == octets);
}

TEST_CASE("what is no such word is refused") {
    for (const std::string word :
         {"a b", "a\n", "%", "%2", "a%2", "%g0", "%0g", "%+1", "% 1", "%-1", "\xC3\xBC", "\x7F"}) {
        CAPTURE(word);
        CHECK_FALSE(probes::percent_decoded(word));
    }
    CHECK(probes::percent_decoded("%2D%2d%41A") == "--AA");
}
