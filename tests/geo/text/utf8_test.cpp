// SPDX-License-Identifier: Apache-2.0
// Encodings of files that operators wrote, and what of their text a message may show.
#include "geo/text/utf8.hpp"

#include "geo/base/problem.hpp"
#include "geo/text/printable.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace std::string_view_literals;

TEST_CASE("a byte order mark is no part of a text, and UTF-16 is known with it and without it") {
    CHECK(geo::without_mark("\xEF\xBB\xBF"
                            "a") == "a");
    CHECK(geo::without_mark("\xEF\xBB"
                            "a") ==
          "\xEF\xBB"
          "a");
    CHECK(geo::without_mark("").empty());
    CHECK(
        geo::is_utf16("\xFF\xFE"
                      "a\0"sv));
    CHECK(geo::is_utf16("\xFE\xFF\0a"sv));
    CHECK(geo::is_utf16("a\0b\0"sv));
    CHECK(geo::is_utf16("\0a\0b"sv));
    CHECK_FALSE(geo::is_utf16("ab"));
    CHECK_FALSE(geo::is_utf16("a"));
    CHECK_FALSE(geo::is_utf16(""));
    CHECK_FALSE(geo::is_utf16("\0\0"sv));
}

TEST_CASE("what a message shows commands no terminal, and hides nothing") {
    struct Row {
        std::string_view text;
        std::string_view expected;
    };
    const Row rows[] = {
        {"plain, \"quoted\" \\ text", "plain, \"quoted\" \\ text"},
        {"Grüße, 日本語, 😀", "Grüße, 日本語, 😀"},
        {"\x1B[31m\x07", "\\u001b[31m\\u0007"},
        {"a\0b\tc\nd\re"sv, "a\\u0000b\\u0009c\\nd\\u000de"},
        {"\x7F\xC2\x80\xC2\x9B", "\\u007f\\u0080\\u009b"},
        {"\x9B\xFF", "\\x9b\\xff"},
        {"\xC3", "\\xc3"},
        {"\xE2\x82x", "\\xe2\\x82x"},
        {"\xC0\xAF\xED\xA0\x80", "\\xc0\\xaf\\xed\\xa0\\x80"},
        {"\xF4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
        {"a\u202Eb\u2066c\u200Bd\uFEFFe\u00A0", "a\\u202eb\\u2066c\\u200bd\\ufeffe\\u00a0"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.expected);
        CHECK(geo::printable(row.text) == row.expected);
        CHECK(geo::printable(row.expected) == row.expected);
    }
    CHECK(geo::to_text({.file = "a\x1B.zone", .path = "b\x1B", .text = "c\x1B"}) ==
          "a\\u001b.zone: b\\u001b: c\\u001b");
}
