// SPDX-License-Identifier: Apache-2.0
// Zone files in master format: their records and their faults.
#include "zones/master/master_file.hpp"

#include "tests/support/temporary_folder.hpp"
#include "tests/zones/reading.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace file_master_file_test {

namespace {

struct Records {
    std::vector<std::string> lines;  // "owner TTL type RDATA"
    std::vector<std::string> problems;
};

Records records_of(const support::TemporaryFolder& folder, const std::string& text,
                   const std::optional<zones::Name>& origin = reading::name("example.com")) {
    const auto path = folder.write("zone", text);
    geo::Problems problems;
    zones::FilesOnDisk files;
    zones::MasterFile file{problems, files};
    Records records;
    file.read(path, origin, [&](const zones::MasterRecord& record) {
        records.lines.push_back(record.owner.text() + " " + std::to_string(record.ttl) + " " +
                                zones::type_text(record.type) + " " +
                                zones::rdata_text(record.type, record.rdata.octets));
    });
    records.problems = reading::lines_of(problems);
    return records;
}

}  // namespace

TEST_CASE("records are read in all forms of RFC 1035 §5 and RFC 2308 §4") {
    const support::TemporaryFolder folder;
    folder.write("more",
                 "in A 192.0.2.9\n  AAAA 2001:db8::9\n$ORIGIN else.test.\nat A 192.0.2.10\n");
    const auto [lines, problems] = records_of(folder,
                                              "; nothing but a remark\n"
                                              "\n"
                                              "$TTL 1h30m ; a remark\n"
                                              "@ IN SOA ns1 host\\.master (\n"
                                              "      2024 ; serial (not closed here)\n"
                                              "      7200 900 1209600\n"
                                              "      ) 60\n"
                                              "   NS ns1\n"
                                              "\tIN 60 MX 10 mail.example.net.\n"
                                              "a 300 IN A 192.0.2.1\n"
                                              "b in 300 a 192.0.2.2\r\n"
                                              "C 0 CLASS1 TYPE65280 \\# 3 0a 0b0c\n"
                                              "d TXT one \"two; (2)\" thr\\\"ee\n"
                                              "\\100\\.e A \\# 4 c0000203\n"
                                              "$ORIGIN sub\n"
                                              "www A 192.0.2.3\n"
                                              "$TTL 5\n"
                                              "@ AAAA 2001:db8::1\n"
                                              "$INCLUDE more below\n"
                                              "   A 192.0.2.4\n"
                                              "www.example.org. CNAME @");
    CHECK(reading::joined(problems) == "");
    CHECK(reading::joined(lines) ==
          "example.com. 5400 SOA ns1.example.com. host\\.master.example.com. 2024 7200 900 1209600 "
          "60\n"
          "example.com. 5400 NS ns1.example.com.\n"
          "example.com. 60 MX 10 mail.example.net.\n"
          "a.example.com. 300 A 192.0.2.1\n"
          "b.example.com. 300 A 192.0.2.2\n"
          "c.example.com. 0 TYPE65280 \\# 3 0a0b0c\n"
          "d.example.com. 5400 TXT \"one\" \"two; (2)\" \"thr\\\"ee\"\n"
          "d\\.e.example.com. 5400 A 192.0.2.3\n"
          "www.sub.example.com. 5400 A 192.0.2.3\n"
          "sub.example.com. 5 AAAA 2001:db8::1\n"
          "in.below.sub.example.com. 5 A 192.0.2.9\n"
          "in.below.sub.example.com. 5 AAAA 2001:db8::9\n"
          "at.else.test. 5 A 192.0.2.10\n"
          "sub.example.com. 5 A 192.0.2.4\n"
          "www.example.org. 5 CNAME sub.example.com.\n");
}

TEST_CASE("without $TTL a record has the TTL of the one before it, and the SOA its last field") {
    const support::TemporaryFolder folder;
    const auto [lines, problems] = records_of(folder,
                                              "@ SOA ns1 hostmaster 7 7200 900 1209600 60\n"
                                              "a A 192.0.2.1\n"
                                              "b 300 A 192.0.2.1\n"
                                              "c A 192.0.2.1\n");
    CHECK(reading::joined(problems).empty());
    CHECK(reading::joined(lines) ==
          "example.com. 60 SOA ns1.example.com. hostmaster.example.com. 7 7200 900 1209600 60\n"
          "a.example.com. 60 A 192.0.2.1\n"
          "b.example.com. 300 A 192.0.2.1\n"
          "c.example.com. 300 A 192.0.2.1\n");
}

TEST_CASE("a fault of a zone file tells its line and what was expected") {
    struct Row {
        std::string text;
        std::string expected;
    };
    const Row rows[] = {
        {"\n  A 192.0.2.1\n", "2: the record has no owner: the line before it has none either"},
        {"a 5 A 192.0.2\n",
         "1: expected A, as in \"192.0.2.1\", found \"192.0.2\": that is no IPv4 address"},
        {"a 5 CH A 192.0.2.1\n", "1: expected the class IN, found CH"},
        {"a 5 IN\n", "1: expected a record type, found \"\""},
        {"a 5 IN B 192.0.2.1\n", "1: expected a record type, found \"B\""},
        {"a A 192.0.2.1\n", "1: the record has no TTL, and there is no $TTL before it"},
        {"a 2147483648 A 192.0.2.1\n",
         "1: expected a TTL from 0 to 2147483647, found \"2147483648\""},
        {"$TTL soon\n", "1: expected a TTL from 0 to 2147483647, found \"soon\""},
        {"$TTL 5 6\n", "1: there is something behind $TTL's value"},
        {"$ORIGIN a..b.\n", "1: expected a name, found \"a..b.\": a label is empty"},
        {"$GENERATE 1-9 a$ A 1.2.3.$\n",
         "1: expected a record, $ORIGIN, $TTL or $INCLUDE, found \"$GENERATE\""},
        {"$INCLUDE\n", "1: expected $INCLUDE, a file's name, and an origin if any"},
        {"\na 5 TXT (\n \"b\"\n", "2: the parenthesis is not closed"},
        {"a 5 TXT b )\n", "1: a parenthesis is closed that was not opened"},
        {"a 5 TXT \"b\nc 5 TXT d\n", "1: the quote is not closed on its line"},
        {"a..b 5 A 192.0.2.1\n", "1: expected a name, found \"a..b\": a label is empty"},
    };
    const support::TemporaryFolder folder;
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(reading::joined(records_of(folder, row.text).problems) == row.expected + "\n");
    }
}

TEST_CASE("a relative name needs an origin") {
    const support::TemporaryFolder folder;
    const auto [lines, problems] =
        records_of(folder, "a 5 A 192.0.2.1\na.test. 5 A 192.0.2.1\n", std::nullopt);
    CHECK(lines == std::vector<std::string>{"a.test. 5 A 192.0.2.1"});
    CHECK(reading::joined(problems) == "1: \"a\" is relative, and there is no $ORIGIN before it\n");
}

TEST_CASE("a file that includes itself is a fault and no crash") {
    const support::TemporaryFolder folder;
    CHECK(reading::joined(records_of(folder, "$INCLUDE zone\n").problems) ==
          "1: more than 16 files include one another\n");
}

TEST_CASE("files that include one another many times over end, with a fault") {
    const support::TemporaryFolder folder;
    std::string inner, outer;
    for (int i = 0; i < 40; ++i) {
        inner += "$INCLUDE leaf\n";
        outer += "$INCLUDE inner\n";
    }
    folder.write("leaf", "a 5 A 192.0.2.1\n");
    folder.write("inner", inner);
    const auto problems = records_of(folder, outer).problems;
    REQUIRE(!problems.empty());
    CHECK(problems.front().find("more than 1000 files are included") != std::string::npos);
    // Each line twice would be 65,536 reads.
    CHECK(!records_of(folder, "$INCLUDE zone\n$INCLUDE zone\n").problems.empty());
}

TEST_CASE("names may stand in quotes") {
    const support::TemporaryFolder folder;
    const auto [lines, problems] = records_of(folder,
                                              "$TTL 5\n$ORIGIN \"sub\"\n\"www\" A 192.0.2.1\n"
                                              "\"@\" CNAME \"www.example.net.\"\n"
                                              "\"a.b\" MX 10 \"@\"\n");
    CHECK(reading::joined(problems) == "");
    CHECK(reading::joined(lines) ==
          "www.sub.example.com. 5 A 192.0.2.1\n"
          "sub.example.com. 5 CNAME www.example.net.\n"
          "a.b.sub.example.com. 5 MX 10 sub.example.com.\n");
}

TEST_CASE("what is wrong with an included file as a whole is told where it is included") {
    const support::TemporaryFolder folder;
    const auto problems_of = [&](const std::string& text) {
        const auto path = folder.write("zone", text);
        geo::Problems problems;
        zones::FilesOnDisk files;
        zones::MasterFile{problems, files}.read(path, reading::name("example.com"),
                                                [](const zones::MasterRecord&) {});
        std::string told;
        for (const auto& problem : problems) {
            told += problem.file == path ? "zone" : problem.file;
            told += geo::to_text(problem).substr(problem.file.size()) + "\n";
        }
        return told;
    };
    CHECK(problems_of("\n$INCLUDE missing\n") ==
          "zone:2: $INCLUDE \"missing\": cannot be read: No such file or directory\n");
    folder.write("wide", std::string_view{"\xFF\xFE"
                                          "a\0",
                                          4});
    CHECK(problems_of("$INCLUDE \"wide\"\n") ==
          "zone:1: $INCLUDE \"wide\": expected UTF-8, found UTF-16\n");
    folder.write("inner", "\n\n$INCLUDE nowhere\n");
    CHECK(problems_of("$INCLUDE inner\n").find("inner:3: $INCLUDE \"nowhere\": cannot be read") !=
          std::string::npos);
}

TEST_CASE("a byte order mark is skipped in a file and in those that it includes, UTF-16 is named") {
    const support::TemporaryFolder folder;
    const std::string mark = "\xEF\xBB\xBF";
    folder.write("more", mark + "b A 192.0.2.2\n");
    const auto [lines, problems] =
        records_of(folder, mark + "$TTL 5\r\na A 192.0.2.1\r\n$INCLUDE more\r\n");
    CHECK(reading::joined(problems) == "");
    CHECK(reading::joined(lines) == "a.example.com. 5 A 192.0.2.1\nb.example.com. 5 A 192.0.2.2\n");
    const std::string letters = "a 5 A 192.0.2.1\n";
    for (const bool big : {false, true}) {
        for (const bool marked : {false, true}) {
            std::string wide = marked ? big ? "\xFE\xFF" : "\xFF\xFE" : "";
            for (const char c : letters) wide += big ? std::string{'\0', c} : std::string{c, '\0'};
            CHECK(reading::joined(records_of(folder, wide).problems) ==
                  " expected UTF-8, found UTF-16\n");
        }
    }
    CHECK(reading::joined(
              records_of(folder, "a 5 A 192.0.2.1\n" + mark + "b 5 A 192.0.2.2\n").problems) ==
          "2: a byte order mark stands here: two files have been joined\n");
    const auto json = folder.write(
        "json.zone", mark + R"({"zone": "example.com", "nameservers": {"ns1": "192.0.2.1"}})");
    geo::Problems faults;
    CHECK(zones::load_zone(json, faults) != nullptr);
    CHECK(faults.empty());
}

TEST_CASE("letters outside of ASCII in a name are told of") {
    const support::TemporaryFolder folder;
    CHECK(reading::joined(records_of(folder, "b\u00FCcher 5 A 192.0.2.1\n").problems) ==
          "1: warning: \"b\u00FCcher\" is not ASCII: clients ask for such a name in its \"xn--\" "
          "form (RFC 5891)\n");
    CHECK(reading::joined(records_of(folder, "a 5 TXT \u201Cone two\u201D\n").problems) ==
          "1: warning: U+201C stands in it, which looks like a quote and is none\n");
}

TEST_CASE("no octet of a file commands the terminal that shows what is wrong with it") {
    const support::TemporaryFolder folder;
    const auto said = reading::joined(
        records_of(folder, "\x1B[31m 5 B \x9B\x7F\u009B\u202E\n$INCLUDE \x1B]0;x\x07\n").problems);
    CHECK(said.find("\\u001b") != std::string::npos);
    for (const char c : said) CHECK((static_cast<unsigned char>(c) >= ' ' || c == '\n'));
    CHECK(said.find('\x7F') == std::string::npos);
    CHECK(said.find("\xC2\x9B") == std::string::npos);
    CHECK(said.find("\u202E") == std::string::npos);
}

}  // namespace file_master_file_test
