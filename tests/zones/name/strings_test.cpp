// SPDX-License-Identifier: Apache-2.0
// Strings in values: with quotes and without.
#include "tests/zones/reading.hpp"
#include "zones/name/record.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace name_strings_test {

using reading::fault_of;
using reading::name;
using zones::read_rdata;

namespace {

const auto origin = name("example.com.");

}  // namespace

TEST_CASE("TXT without quotes is one string as it stands, cut into pieces of 255 octets") {
    const auto octets_of = [](std::string_view text) {
        const auto [rdata, fault, warning] = read_rdata(zones::rr::TXT, text, origin);
        REQUIRE(rdata.has_value());
        return std::string{rdata->octets.begin(), rdata->octets.end()};
    };
    using namespace std::string_literals;
    CHECK(octets_of("") == "\0"s);
    CHECK(octets_of("v=spf1 -all") == "\x0Bv=spf1 -all");
    CHECK(octets_of("a \"b\" \\ ; c") ==
          "\x0B"
          "a \"b\" \\ ; c");
    CHECK(octets_of(" \"a\"") == "\x04 \"a\"");
    CHECK(octets_of("a\nb\x01") ==
          "\x04"
          "a\nb\x01");
    CHECK(octets_of("é") == "\x02é");
    CHECK(octets_of("\"é\"") == "\x02é");
    CHECK(octets_of("\"a b\" \"\"") ==
          "\x03"
          "a b\0"s);
    CHECK(octets_of("\"a\" b") ==
          "\x01"
          "a\x01"
          "b");
    CHECK(octets_of(std::string(255, 'x')) == "\xFF" + std::string(255, 'x'));
    CHECK(octets_of(std::string(256, 'x')) == "\xFF" + std::string(255, 'x') + "\x01x");
    CHECK(octets_of(std::string(510, 'x')).size() == 512);
    CHECK(octets_of('"' + std::string(255, 'x') + '"').size() == 256);
    CHECK(fault_of("TXT", '"' + std::string(256, 'x') + '"') ==
          "a string in it has 256 octets: 255 at most; several strings may stand in their own "
          "quotes");
    CHECK(fault_of("TXT", "\"open") == "a quote is not closed");
    CHECK(fault_of("TXT", "\"escaped\\\"") == "a quote is not closed");
}

TEST_CASE(
    "strings may stand without quotes where other servers take them so (RFC 8659 section 4.1.1)") {
    struct Row {
        const char* type;
        const char* bare;
        const char* quoted;
    };
    const Row rows[] = {
        {"CAA", "0 issue letsencrypt.org", R"(0 issue "letsencrypt.org")"},
        {"CAA", "0 iodef mailto:security@example.net", R"(0 iodef "mailto:security@example.net")"},
        {"CAA", R"(0 issue ca.test\;validationmethods=dns-01)",
         R"(0 issue "ca.test;validationmethods=dns-01")"},
        {"CAA", "128 issuewild ca.test", R"(128 "issuewild" "ca.test")"},
        {"URI", "10 1 https://example.com/", R"(10 1 "https://example.com/")"},
        {"HINFO", "PC Linux", R"("PC" "Linux")"},
        {"X25", "311061700956", R"("311061700956")"},
        {"ISDN", "150862028003217", R"("150862028003217")"},
        {"GPOS", "-32.6882 116.8652 10.0", R"("-32.6882" "116.8652" "10.0")"},
        {"NAPTR", "100 10 S SIP+D2U \"\" _sip._udp", R"(100 10 "S" "SIP+D2U" "" _sip._udp)"},
        {"SPF", "v=spf1 -all", R"("v=spf1" "-all")"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.bare);
        const auto type = *zones::read_type(row.type);
        const auto bare = read_rdata(type, row.bare, origin);
        CHECK(bare.fault == "");
        CHECK(bare.rdata.value_or(zones::Rdata{}).octets ==
              read_rdata(type, row.quoted, origin).rdata.value().octets);
    }
    CHECK(fault_of("CAA", "0 issue a b") == "there is something behind it");
}

TEST_CASE("in JSON a semicolon outside of quotes is no remark that swallows half a value") {
    const std::string remark =
        "a \";\" outside of quotes begins a remark: it stands in quotes or behind a \\";
    CHECK(fault_of("CAA", "0 issue ;") == remark);
    CHECK(fault_of("CAA", "0 issue ca.test; validationmethods=dns-01") == remark);
    CHECK(fault_of("TXT", "\"v=DKIM1\"; p=AAAA") == remark);
    CHECK(fault_of("MX", "10 mail ; the old one") == "");
    const auto& [rdata, fault, warning] =
        zones::read_master_rdata(257, "0 issue ca.test ; the old one", origin);
    CHECK(fault == "");
}

}  // namespace name_strings_test
