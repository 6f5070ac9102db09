// SPDX-License-Identifier: Apache-2.0
#include "probes/health/drain_record.hpp"

#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <string>

namespace health_drain_record_test {

using namespace std::chrono_literals;
using probes::DrainRecord;
using probes::DrainWord;

namespace {

constexpr auto said = 1'795'540'000'123ms;

DrainRecord record(DrainWord word) {
    return {.zone = "plex.example.com", .edge = "newyork", .word = word};
}

}  // namespace

TEST_CASE("a word on a drain is a line that is read back") {
    const struct {
        DrainWord word;
        std::string until;
    } rows[] = {
        {{.said = said, .until = 1'795'550'000s}, "1795550000"},
        {{.said = said}, "never"},
        {{.said = said, .over = true}, "over"},
    };
    for (const auto& [word, until] : rows) {
        CAPTURE(until);
        CHECK(to_text(record(word)) ==
              "said=1795540000123 until=" + until + " edge=newyork zone=plex.example.com");
        CHECK(probes::read_drain_record(*to_text(record(word))) == record(word));
    }
}

TEST_CASE("a word whose names do not fit into a line is not told, rather than cut") {
    auto longest = record({.said = said});
    longest.zone = std::string(180, 'a');
    CHECK(to_text(longest).has_value());
    longest.zone = std::string(250, 'a');
    CHECK_FALSE(to_text(longest).has_value());
    auto blank = record({.said = said});
    blank.zone = "a b";
    CHECK_FALSE(to_text(blank).has_value());
}

TEST_CASE("a malformed word on a drain is none") {
    const std::string good = "said=1 until=never edge=newyork zone=a.example";
    CHECK(probes::read_drain_record(good).has_value());
    CHECK(probes::read_drain_record(good + " mood=fine").has_value());
    for (const auto* text : {
             "",
             "said=1 until=never edge=newyork",
             "said=1 until=never zone=a.example",
             "said=1 edge=newyork zone=a.example",
             "until=never edge=newyork zone=a.example",
             "said=-1 until=never edge=newyork zone=a.example",
             "said=1ms until=never edge=newyork zone=a.example",
             "said=99999999999999999999 until=never edge=newyork zone=a.example",
             "said=1 until=-5 edge=newyork zone=a.example",
             "said=1 until=soon edge=newyork zone=a.example",
             "said=1 until=400000000 edge=newyork zone=a.example",  // more than ten years
             "said=1 until=never edge=New zone=a.example",
             "said=1 until=never edge=a/b zone=a.example",
             "said=1 until=never edge=newyork zone=a.example zone=b.example",
             "said=1 until=never edge=newyork zone=a\x1B[31m",
         }) {
        CAPTURE(text);
        CHECK_FALSE(probes::read_drain_record(text).has_value());
    }
}

TEST_CASE("of two words one is the later for all nodes, also of words of one moment") {
    const DrainWord words[] = {
        {.said = said, .until = 10s},
        {.said = said, .until = 20s},
        {.said = said},
        {.said = said, .over = true},
        {.said = said + 1ms, .until = 10s},
        {.said = said + 1ms, .over = true},
    };
    for (const auto& one : words) {
        for (const auto& other : words) {
            CHECK(is_later(one, other) == (&one > &other));
        }
    }
}

TEST_CASE("a word holds until its end, and one that ended a drain never does") {
    CHECK(DrainWord{.said = said}.holds(said + 100h));
    CHECK(DrainWord{.said = 5ms, .until = 10s}.holds(9'999ms));
    CHECK_FALSE(DrainWord{.said = 5ms, .until = 10s}.holds(10s));
    CHECK_FALSE(DrainWord{.said = said, .over = true}.holds(said));
}

TEST_CASE("owners are of their zone and edge, and no others' records") {
    const auto owner = probes::drain_owner("plex.example.com", "newyork");
    CHECK(probes::is_drain_owner(owner));
    CHECK(owner != probes::drain_owner("plex.example.com", "newyorc"));
    CHECK(owner != probes::drain_owner("plex.example.co", "mnewyork"));
    for (const auto* other : {"newyork.health", "newyork.drain", ".drain", "drain", ""})
        CHECK_FALSE(probes::is_drain_owner(other));
}

TEST_CASE("no octets break the reader of words, and what is read is written as it was") {
    support::Generator generator{11};
    const std::string tempting = "= saiduntilnever0123456789/";
    int read = 0;
    for (int run = 0; run < 20'000; ++run) {
        std::string text = "said=17955400001 until=20000000 edge=newyork zone=plex.example";
        for (auto i = support::draw(generator, 0, 3); i > 0; --i) {
            const auto at = support::draw(generator, 0, text.size() - 1);
            text[at] = support::draw(generator, 0, 1) == 0
                           ? static_cast<char>(support::draw(generator, 0, 255))
                           : tempting[support::draw(generator, 0, tempting.size() - 1)];
        }
        const auto record = probes::read_drain_record(text);
        if (!record) continue;
        ++read;
        const auto again = to_text(*record);
        REQUIRE(again.has_value());
        CHECK(probes::read_drain_record(*again) == record);
    }
    CHECK(read > 4'000);
}

}  // namespace health_drain_record_test
