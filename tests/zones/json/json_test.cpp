// SPDX-License-Identifier: Apache-2.0
#include "zones/json/json.hpp"

#include "tests/support/quoted_words.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/zones/reading.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace json_json_test {

using zones::Json;
using zones::JsonDocument;

namespace {

std::string problems_of(std::string text) {
    geo::Problems problems;
    const auto document = JsonDocument::parse(std::move(text), "", problems);
    CHECK(geo::any_fault(problems) == (document == nullptr));
    return reading::joined(reading::lines_of(problems));
}

const std::string example_path = TEST_DATA "/../../zones/plex.example.com.json";

}  // namespace

TEST_CASE("what is not JSON is told with its place") {
    struct Row {
        std::string name;
        std::string_view text;
        std::string expected;
    };
    using namespace std::string_view_literals;
    const Row rows[] = {
        {"nothing", "", "1:1: expected a value, found the end of the file\n"},
        {"only a comment", "// a\n", "2:1: expected a value, found the end of the file\n"},
        {"a comma too many in an object", "{\n  \"a\": 1,\n}",
         "3:1: expected a key in double quotes, found }; is there a comma too many before it?\n"},
        {"a comma too many in a list", "{\"a\": [1, ]}",
         "1:11: a: expected a value, found ]; is there a comma too many before it?\n"},
        {"a comma too few", "{\n  \"a\": \"x\"\n  \"b\": 1\n}",
         "3:3: expected ',' or '}', found \"b\"; is a comma missing before it?\n"},
        {"a colon too few", "{\"a\" 1}", "1:6: expected ':' behind the key, found 1\n"},
        {"the wrong bracket", "{\"a\": [1}", "1:9: a: expected ',' or ']', found }\n"},
        {"cut short", "{\"a\": 1", "1:8: expected ',' or '}', found the end of the file\n"},
        {"a key without quotes", "{a: 1}", "1:2: expected a key in double quotes, found a\n"},
        {"single quotes", "{'a': 1}", "1:2: expected a key in double quotes, found 'a'\n"},
        {"a word", "{\"a\": yes}", "1:7: expected a value, found yes\n"},
        {"a leading zero", "{\"a\": 07}",
         "1:8: expected ',' or '}', found 7; is a comma missing before it?\n"},
        {"something behind it", "{} x", "1:4: expected the end of the file, found x\n"},
        {"a comment of another language", "# a\n{}", "1:1: expected a value, found #\n"},
        {"an open comment", "{ /* a", "1:3: the comment that begins here is not closed\n"},
        {"an open string", "{\"a\": \"b", "1:7: the string that begins here is not closed\n"},
        {"a line break in a string", "{\"a\": \"b\n\"}",
         "1:9: the string is not closed on its line\n"},
        {"a number without end", "{\"a\": 1e999}", "1:7: the number is too large\n"},
        {"an octet that is no UTF-8", "{\"a\": \"\xFF\"}",
         "1:8: expected UTF-8, found an octet that is none\n"},
        {"an overlong form", "{\"a\": \"\xC0\xAF\"}",
         "1:8: expected UTF-8, found an octet that is none\n"},
        {"an escape that is none", "{\"a\": \"\\x\"}",
         "1:9: invalid string: forbidden character after backslash\n"},
        {"an escape behind words of the parser's messages",
         "[\"number overflow ill-formed UTF-8\\x\"]",
         "1:36: invalid string: forbidden character after backslash\n"},
        {"an escape cut short", "[1 \"\\u12\"]",
         "1:9: invalid string: '\\u' must be followed by 4 hex digits\n"},
        {"half a letter", "[\"\\ud800x\"]",
         "1:9: invalid string: surrogate U+D800..U+DBFF must be followed by U+DC00..U+DFFF\n"},
        {"a control character", "[\"\x01\"]",
         "1:3: invalid string: control character U+0001 (SOH) must be escaped to \\u0001\n"},
        {"a minus alone", "[-]", "1:3: invalid number\n"},
        {"two commas", "[1,,2]", "1:5: expected a value, found 2\n"},
        {"an open comment after a comma", "[1, /* a",
         "1:5: the comment that begins here is not closed\n"},
        {"UTF-16 with a mark", "\xFF\xFE{\0}\0"sv, "1:1: expected UTF-8, found UTF-16\n"},
        {"UTF-16 with the other mark", "\xFE\xFF\0{\0}"sv, "1:1: expected UTF-8, found UTF-16\n"},
        {"UTF-16 without a mark", "{\0}\0"sv, "1:1: expected UTF-8, found UTF-16\n"},
        {"UTF-16 without a mark, the other way", "\0{\0}"sv, "1:1: expected UTF-8, found UTF-16\n"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(problems_of(std::string{row.text}) == row.expected);
    }
}

TEST_CASE("a mark of UTF-8 at the beginning is allowed") {
    CHECK(problems_of("\xEF\xBB\xBF{}").empty());
}

TEST_CASE("nesting ends at 64, however much of it there is") {
    CHECK(problems_of(std::string(64, '[') + std::string(64, ']')).empty());
    CHECK(problems_of(std::string(65, '[') + std::string(65, ']')) ==
          "1:65: nested more than 64 deep\n");
    CHECK(problems_of(std::string(200'000'000, '[')) == "1:65: nested more than 64 deep\n");
}

TEST_CASE("the example cut short at any length is a fault and no crash") {
    const auto whole = support::contents(example_path);
    const auto end = whole.rfind('}');
    for (std::size_t length = 0; length <= end; ++length) {
        CAPTURE(length);
        const auto [zone, problems] = reading::read(whole.substr(0, length));
        CHECK(zone == nullptr);
        CHECK_FALSE(problems.empty());
    }
}

TEST_CASE("the example with any octet replaced is a zone or has faults") {
    const auto whole = support::contents(example_path);
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (const char octet : {'\0', '"', '{', ',', '0', '\xFF'}) {
            auto changed = whole;
            changed[at] = octet;
            geo::Problems problems;
            const auto zone = zones::read_zone(std::move(changed), "", 1, problems);
            if ((zone == nullptr) != geo::any_fault(problems)) {
                CAPTURE(at);
                CAPTURE(static_cast<int>(octet));
                CHECK((zone == nullptr) == geo::any_fault(problems));
            }
        }
    }
}

TEST_CASE("values know their place, whatever stands between them") {
    geo::Problems problems;
    const auto document = JsonDocument::parse(
        "{ // a\n"
        "  \"a\": 60/* b */, \"b\" /* c */ : [ 1, 2// d\n"
        "    , /* ] */ {\"c.d\": true}],\"e\":7\n"
        "}",
        "file.json", problems);
    REQUIRE(document != nullptr);
    const auto root = document->root();
    root.find("a")->fault("a");
    root.find("b")->key_fault("b's key");
    root.find("b")->fault("b");
    for (const auto& item : root.find("b")->items()) item.fault("item");
    root.find("b")->items()[2].find("c.d")->fault("c.d");
    root.find("e")->key_fault("e's key");
    root.find("e")->warning("e");
    root.fault("root");
    CHECK(reading::joined(reading::lines_of(problems)) ==
          "2:8: a: a\n"
          "2:19: b: b's key\n"
          "2:33: b: b\n"
          "2:35: b[0]: item\n"
          "2:38: b[1]: item\n"
          "3:15: b[2]: item\n"
          "3:23: b[2].\"c.d\": c.d\n"
          "3:30: e: e's key\n"
          "3:34: e: warning: e\n"
          "1:1: root\n");
    CHECK(problems.front().file == "file.json");
}

TEST_CASE("each reader says what it expected and what it found") {
    struct Row {
        std::string text;
        std::string found;
    };
    const Row rows[] = {
        {"null", "null"},
        {"false", "false"},
        {"-1", "-1"},
        {"1.50", "1.50"},
        {"18446744073709551616", "18446744073709551616"},
        {"\"a\\nb\\u0007\"", "\"a\\nb\\u0007\""},
        {"[]", "an empty list"},
        {"[1]", "a list"},
        {"{}", "an empty object"},
        {"{\"a\": 1}", "an object"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        geo::Problems problems;
        const auto document = JsonDocument::parse(row.text, "", problems);
        REQUIRE(document != nullptr);
        CHECK_FALSE(document->root().integer(0, 5, "a number").has_value());
        CHECK(reading::joined(reading::lines_of(problems)) ==
              std::string{"1:1: expected a number, found "} + row.found + "\n");
    }
}

TEST_CASE("what was found is shortened between characters") {
    std::string text = "\"x";
    for (int i = 0; i < 40; ++i) text += "é";
    geo::Problems problems;
    const auto document = JsonDocument::parse(text + "\"", "", problems);
    REQUIRE(document != nullptr);
    document->root().expected("less");
    std::string shown = "x";
    for (int i = 0; i < 29; ++i) shown += "é";
    CHECK(problems.front().text == "expected less, found \"" + shown + "…\"");
}

TEST_CASE("numbers are held to their range") {
    geo::Problems problems;
    const auto document = JsonDocument::parse("[5, 5.5, -90, 1e300, -0]", "", problems);
    REQUIRE(document != nullptr);
    const auto items = document->root().items();
    CHECK(items[0].integer(5, 5, "five") == 5);
    CHECK_FALSE(items[0].integer(6, 9, "more").has_value());
    CHECK(items[1].number(5, 6, "between") == 5.5);
    CHECK_FALSE(items[1].integer(5, 6, "whole").has_value());
    CHECK(items[2].number(-90, 90, "latitude") == -90);
    CHECK_FALSE(items[3].number(-90, 90, "latitude").has_value());
    CHECK(items[4].integer(0, 0, "zero") == 0);
    CHECK(problems.size() == 3);
}

TEST_CASE("a key that stands twice is a fault with the path of both") {
    geo::Problems problems;
    const auto document =
        JsonDocument::parse("{\"a\": {\"b.c\": 1, \"b.c\": 2}, \"a\": 3}", "", problems);
    CHECK(reading::joined(reading::lines_of(problems)) ==
          "1:18: a.\"b.c\": the key \"b.c\" stands here twice\n"
          "1:29: a: the key \"a\" stands here twice\n");
}

TEST_CASE("files that cannot be read are told by name") {
    const support::TemporaryFolder folder;
    geo::Problems problems;
    CHECK(JsonDocument::load(folder.path("none.json"), problems) == nullptr);
    CHECK(JsonDocument::load(folder.path(""), problems) == nullptr);
    REQUIRE(problems.size() == 2);
    CHECK(geo::to_text(problems[0]) ==
          folder.path("none.json") + ": cannot be read: No such file or directory");
    CHECK(problems[1].text == "expected a file, found a folder");
}

}  // namespace json_json_test
