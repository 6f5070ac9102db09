// SPDX-License-Identifier: Apache-2.0
#include "zones/name/name.hpp"

#include "tests/zones/reading.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace name_name_test {

using reading::name;
using zones::Name;

namespace {

std::string labels(std::size_t count, std::size_t size) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += std::string(size, 'a') + ".";
    return text;
}

}  // namespace

TEST_CASE("names are read from text, relative to an origin (RFC 1035 section 5.1)") {
    struct Row {
        std::string name;
        std::string text;
        const char* expected;  // null: no name
    };
    const Row rows[] = {
        {"the origin", "@", "example.com."},
        {"the root", ".", "."},
        {"relative", "www", "www.example.com."},
        {"relative, two labels", "a.b", "a.b.example.com."},
        {"absolute", "www.net.", "www.net."},
        {"capitals", "WWW", "www.example.com."},
        {"an escaped dot", "a\\.b", "a\\.b.example.com."},
        {"an escaped dot at the end", "a\\.", "a\\..example.com."},
        {"an escaped @", "\\@", "\\@.example.com."},
        {"a letter by number", "\\065", "a.example.com."},
        {"an octet by number", "\\255", "\\255.example.com."},
        {"NUL by number", "\\000", "\\000.example.com."},
        {"a blank", "a b", "a\\032b.example.com."},
        {"UTF-8", "\xC3\xA9", "\\195\\169.example.com."},
        {"a wildcard", "*", "*.example.com."},
        {"signs that files escape", "a;(b)$\"", "a\\;\\(b\\)\\$\\\".example.com."},
        {"empty", "", nullptr},
        {"an empty label", "a..b", nullptr},
        {"an empty first label", ".a", nullptr},
        {"two dots", "..", nullptr},
        {"a backslash at the end", "a\\", nullptr},
        {"two digits", "\\06", nullptr},
        {"a digit and a letter", "\\0a5", nullptr},
        {"past an octet", "\\256", nullptr},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto found = Name::from_text(row.text, name("Example.COM."));
        REQUIRE(found.has_value() == (row.expected != nullptr));
        if (!found) continue;
        CHECK(found->text() == row.expected);
        CHECK(Name::from_text(found->text(), Name{}) == found);
        CHECK(Name::read(found->wire()) == found);
    }
}

TEST_CASE("labels have at most 63 octets (RFC 1035 section 2.3.4)") {
    CHECK(Name::from_text(std::string(63, 'a'), Name{}).has_value());
    CHECK_FALSE(Name::from_text(std::string(64, 'a'), Name{}).has_value());
}

TEST_CASE("names have at most 255 octets in wire form (RFC 1035 section 2.3.4)") {
    const auto almost = labels(3, 63);  // 192 octets
    const auto longest = Name::from_text(almost + std::string(61, 'b') + ".", Name{});
    REQUIRE(longest.has_value());
    CHECK(longest->length() == zones::max_name_length);
    CHECK_FALSE(Name::from_text(almost + std::string(62, 'b') + ".", Name{}).has_value());
    CHECK_FALSE(Name::from_text("b", *longest).has_value());
    auto wire = std::vector<std::uint8_t>{longest->wire().begin(), longest->wire().end()};
    CHECK(Name::read(wire) == longest);
    wire.insert(wire.begin(), {1, 'x'});
    CHECK_FALSE(Name::read(wire).has_value());
}

TEST_CASE("names have at most 127 labels") {
    const auto most = Name::from_text(labels(127, 1), Name{});
    REQUIRE(most.has_value());
    CHECK(most->label_count() == zones::max_labels);
    CHECK(most->label_at(127) == 254);
    CHECK_FALSE(Name::from_text(labels(128, 1), Name{}).has_value());
}

TEST_CASE("wire form that is cut short or has another label type is no name") {
    using Wire = std::vector<std::uint8_t>;
    for (const auto& wire : {Wire{}, Wire{1}, Wire{1, 'a'}, Wire{2, 'a', 0}, Wire{64, 0},
                             Wire{0xC0, 0}, Wire{1, 'a', 0xC0, 0}, Wire{0x80}}) {
        CAPTURE(wire.size());
        CHECK_FALSE(Name::read(wire).has_value());
    }
    const Wire trailing{1, 'A', 0, 7, 7};
    REQUIRE(Name::read(trailing).has_value());
    CHECK(Name::read(trailing)->text() == "a.");
}

TEST_CASE("only ASCII letters are folded (RFC 4343)") {
    CHECK(name("ABCXYZ.") == name("abcxyz."));
    CHECK(name("[@].").text() == "[\\@].");
    CHECK_FALSE(name("\\193.") == name("\\225."));  // Á and á in Latin-1
    CHECK_FALSE(name("[.") == name("{."));
}

TEST_CASE("a name is within a zone when it ends in its labels") {
    const auto zone = name("example.com.");
    CHECK(zone.within(zone));
    CHECK(name("a.b.EXAMPLE.com.").within(zone));
    CHECK(zone.within(Name{}));
    CHECK(Name{}.within(Name{}));
    CHECK_FALSE(name("com.").within(zone));
    CHECK_FALSE(Name{}.within(zone));
    CHECK_FALSE(name("badexample.com.").within(zone));
    CHECK_FALSE(name("a\\.example.com.").within(zone));
    CHECK_FALSE(name("example.net.").within(zone));
    CHECK_FALSE(name("example.com.net.").within(zone));
}

TEST_CASE("a name knows its suffixes and their hashes") {
    const auto whole = name("a.bc.def.");
    CHECK(whole.label_count() == 3);
    CHECK(zones::name_text(whole.suffix(1)) == "bc.def.");
    CHECK(zones::name_text(whole.suffix(3)) == ".");
    CHECK(whole.parent() == name("bc.def."));
    CHECK(Name{}.parent() == Name{});
    for (std::size_t i = 0; i <= 3; ++i) {
        const auto suffix = Name::read(whole.suffix(i));
        REQUIRE(suffix.has_value());
        CHECK(suffix->hash(0) == whole.hash(i));
    }
}

TEST_CASE(
    "every octet of a name becomes lower case, wherever it stands and however long the name is") {
    std::size_t wrong = 0;
    for (std::size_t size = 1; size <= 63; ++size) {
        for (unsigned octet = 0; octet < 256; ++octet) {
            std::vector<std::uint8_t> wire(size + 2, static_cast<std::uint8_t>(octet));
            wire.front() = static_cast<std::uint8_t>(size);
            wire.back() = 0;
            const auto read = Name::read(wire);
            const auto low = zones::lower(static_cast<std::uint8_t>(octet));
            wrong += !read || read->length() != size + 2 || read->wire()[0] != size;
            wrong += !read || std::ranges::count(read->wire().subspan(1, size), low) !=
                                  static_cast<std::ptrdiff_t>(size);
            std::vector<std::uint8_t> lowered{read->wire().begin(), read->wire().end()};
            wrong += Name::read(lowered)->hash(0) != read->hash(0);
        }
    }
    CHECK(wrong == 0);
}

TEST_CASE(
    "numbered names spread over the slots of a hash table, by the lower bits of their hashes") {
    for (const std::string first : {"a", "host", "host-of", "a-very-long-name-for-a-host-"}) {
        CAPTURE(first);
        std::vector<unsigned> slots(2048);
        for (int i = 100; i < 1100; ++i) {
            const auto label = first + std::to_string(i) + ".example.com.";
            ++slots[name(label).hash(0) % slots.size()];
        }
        // Of 1,000 balls in 2,048 cells, some 790 cells have one; fewer than 750 once in a million.
        CHECK(std::ranges::count_if(slots, [](unsigned count) { return count > 0; }) > 750);
    }
}

TEST_CASE("names that differ in one octet or in length have different hashes") {
    std::size_t same = 0;
    for (std::size_t size = 1; size <= 63; ++size) {
        const auto plain = name(std::string(size, 'a') + ".");
        same += plain.hash(0) == name(std::string(size % 63 + 1, 'a') + ".").hash(0);
        for (std::size_t at = 0; at < size; ++at) {
            auto text = std::string(size, 'a') + ".";
            text[at] = 'b';
            same += plain.hash(0) == name(text).hash(0);
        }
    }
    CHECK(same == 0);
}

}  // namespace name_name_test
