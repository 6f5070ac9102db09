// SPDX-License-Identifier: Apache-2.0
#include "geo/text/fact_line.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

TEST_CASE("a line without facts is empty") {
    CHECK(probes::FactLine{}.text().empty());
}

TEST_CASE("facts are key=value pairs between single blanks, printable whatever they are") {
    struct Row {
        std::string name;
        std::string said;
        std::string expected;
    };
    const std::string zero(1, '\0');
    const Row rows[] = {
        {"a word", "connected", "edge=a said=connected"},
        {"blanks", "a b\tc\r\nd", "edge=a said=a_b_c__d"},
        {"an equals sign", "a=b", "edge=a said=a=b"},
        {"control characters", "a\x1B\x7F\x01", "edge=a said=a???"},
        {"a zero octet", zero, "edge=a said=?"},
        {"octets past ASCII", "M\xC3\xBCnchen\xFF", "edge=a said=M??nchen?"},
        {"quotes stay", "\"\\;", "edge=a said=\"\\;"},
        {"nothing", "", "edge=a said=-"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        probes::FactLine line;
        line.add("edge", "a");
        line.add("said", row.said);
        CHECK(line.text() == row.expected);
    }
}

TEST_CASE("a line has at most 255 octets, and the longest values lose theirs first") {
    struct Row {
        std::string name;
        std::vector<std::size_t> lengths;
        std::vector<std::size_t> expected;
    };
    const Row rows[] = {
        {"just fits", {253}, {253}},
        {"one too many", {254}, {253}},
        {"very long", {100'000}, {253}},
        {"two just fit", {200, 50}, {200, 50}},
        {"the longer one is cut", {63, 300, 1}, {63, 183, 1}},
        {"the longer one is cut, first", {300, 63, 1}, {183, 63, 1}},
        {"both are cut when they must", {200, 250, 1}, {123, 123, 1}},
        {"of equals the last is cut", {125, 126}, {125, 125}},
        {"and before the first", {126, 126}, {125, 125}},
        {"three are levelled", {90, 90, 90}, {83, 82, 82}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        probes::FactLine line;
        std::string expected;
        for (std::size_t i = 0; i < row.lengths.size(); ++i) {
            const auto key = std::string{static_cast<char>('a' + i)};
            line.add(key, std::string(row.lengths[i], 'x'));
            const bool whole = row.lengths[i] == row.expected[i];
            expected += i > 0 ? " " : "";
            expected += key + '=';
            expected += whole ? std::string(row.expected[i], 'x')
                              : std::string(row.expected[i] - 3, 'x') + "...";
        }
        CHECK(line.text() == expected);
        CHECK(expected.size() <= probes::FactLine::max_length);
    }
}

TEST_CASE("many long facts fit into a line too") {
    probes::FactLine line;
    for (char key = 'a'; key <= 'p'; ++key) {
        line.add(std::string{"key_"} + key, std::string(1000, key));
    }
    const auto text = line.text();
    CHECK(text.size() == probes::FactLine::max_length);
    CHECK(text.find("key_p=") != std::string::npos);
}
