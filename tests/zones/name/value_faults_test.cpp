// SPDX-License-Identifier: Apache-2.0
// What is no value of its type, and what is said of it.
#include "tests/zones/reading.hpp"
#include "zones/name/record.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace name_value_faults_test {

using reading::fault_of;
using reading::name;
using zones::read_rdata;

namespace {

const auto origin = name("example.com.");

}  // namespace

TEST_CASE("numbers are held to the width of their field") {
    struct Row {
        std::string type;
        std::string good;
        std::string bad;
        std::string number;
    };
    const Row rows[] = {
        {"MX", "65535 a", "65536 a", "65536"},
        {"MX", "0 a", "-1 a", "-1"},
        {"MX", "00010 a", "99999999999999999999 a", "99999999999999999999"},
        {"MX", "10 65536", "65536 65536", "65536"},
        {"SRV", "0 5 65535 a", "0 5 70000 a", "70000"},
        {"CAA", "255 issue \"a\"", "256 issue \"a\"", "256"},
        {"TLSA", "255 255 255 AB", "3 1 256 AB", "256"},
        {"DS", "65535 255 255 AB", "1 256 2 AB", "256"},
        {"IPSECKEY", "255 0 2 . AAAA", "256 0 2 . AAAA", "256"},
        {"SSHFP", "255 255 AB", "256 1 AB", "256"},
        {"SOA", "a b 4294967295 1 1 1 1", "a b 4294967296 1 1 1 1", "4294967296"},
        {"SOA", "a b 1 7101w 1 1 1", "a b 1 7102w 1 1 1", "7102w"},
        {"SOA", "a b 1 1 1 1 1h30m", "a b 1 1 1 1 -1", "-1"},
        {"URI", "65535 65535 \"a:\"", "1 65536 \"a:\"", "65536"},
        {"CERT", "1 65535 1 AAAA", "1 65536 1 AAAA", "65536"},
        {"HTTPS", "65535 .", "65536 .", "65536"},
        {"NAPTR", "1 65535 \"\" \"\" \"\" .", "1 65536 \"\" \"\" \"\" .", "65536"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.bad);
        CHECK(fault_of(row.type, row.good).empty());
        CHECK(fault_of(row.type, row.bad) == std::string{row.number} + " is out of range");
    }
}

TEST_CASE("what is no value of its type is told why") {
    struct Row {
        std::string type;
        std::string text;
        std::string expected;
    };
    const Row rows[] = {
        {"A", "192.0.2.256", "that is no IPv4 address"},
        {"A", "192.0.2", "that is no IPv4 address"},
        {"A", "", "that is no IPv4 address"},
        {"A", "2001:db8::1", "that is an address of the other family"},
        {"AAAA", "192.0.2.1", "that is an address of the other family"},
        {"AAAA", "fe80::1%eth0", "that is no IPv6 address"},
        {"MX", "10", "a part is missing"},
        {"MX", "", "a part is missing"},
        {"MX", "10 a b", "there is something behind it"},
        {"CNAME", "a b", "there is something behind it"},
        {"CNAME", "a\nb", "there is a line break or another control character in it"},
        {"CNAME", std::string{"a\0b", 3},
         "there is a line break or another control character in it"},
        {"MX", "10 a..b", "\"a..b\" is no name: a label is empty"},
        {"DS", "1 13 2 ABC", "the number of hexadecimal digits is odd"},
        {"TLSA", "3 1 1 AB C", "the number of hexadecimal digits is odd"},
        {"TYPE65280", "ABCD", "a part of it cannot be read"},
        {"TYPE65280", "\\# 3 ABCD", "a part of it cannot be read"},
        {"MX", "\\# 2 0005", "a field is missing"},
        {"SRV", "\\# 2 0001", "a field is missing"},
        {"A", "\\# 5 0102030405", "the octets are not those of one A"},
        {"MX", "\\# 5 0005000102", "there is something behind its last field"},
        {"A", "\\# 3 C00002", "that is too short for this type"},
        {"SOA", "\\# 3 000000", "a field of it cannot be read"},
        {"CNAME", "\\# 2 C000", "a field of it cannot be read"},
        {"MX", "ten a", "\"ten\" is no number"},
        {"MX", "1h a", "\"1h\" is no number"},
        {"SRV", "0 0 0x10 a", "\"0x10\" is no number"},
        {"HINFO", "PC", "a part is missing"},
        {"CAA", "0 iss-ue \"a\"", "its tag has other signs than letters and digits"},
        {"CAA", "0 \"\" \"a\"", "its tag is empty"},
        {"URI", "1 1 \"\"", "its last part is empty"},
        {"HINFO", "a\\300 b", "an escape in it is neither \\DDD up to 255 nor \\ and a sign"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(fault_of(row.type, row.text) == row.expected);
    }
    CHECK(fault_of("DS", "1 13 2 AB CD").empty());
    CHECK(fault_of("DS", "1 13 2 A BCD").empty());
}

TEST_CASE("service bindings that clients would ignore are refused (RFC 9460, 2.2, 7.1.1 and 8)") {
    const std::string order = "a key stands there twice, or keys are out of order (RFC 9460 §2.2)";
    const std::string absent =
        "\"mandatory\" names a key twice, one that is not there, or itself (RFC 9460 §8)";
    const std::string lonely = "\"no-default-alpn\" needs \"alpn\" (RFC 9460 §7.1.1)";
    const std::string unread = "a part of it cannot be read";
    struct Row {
        const char* name;
        const char* text;
        std::string expected;
    };
    const Row rows[] = {
        {"alias", "0 www", ""},
        {"the owner itself", "1 .", ""},
        {"keys are put in order", "1 . port=8443 alpn=h2", ""},
        {"mandatory keys are there", "1 . mandatory=port,alpn alpn=h2 port=8443", ""},
        {"without the default protocol", "1 . alpn=h2 no-default-alpn", ""},
        {"a key of a number", "1 . key667=hello", ""},
        {"twice", "1 . port=1 port=2", order},
        {"octets in no order", "\\# 14 0001 00 0003 0002 0050 0001 0001 61", order},
        {"mandatory, absent", "1 . mandatory=port alpn=h2", absent},
        {"mandatory itself", "1 . mandatory=mandatory", absent},
        {"mandatory, of no keys, in octets", "\\# 7 0001 00 0000 0000", absent},
        {"mandatory, twice, in octets", "\\# 17 0001 00 0000 0004 0003 0003 0003 0002 0050",
         absent},
        {"no protocol at all", "1 . no-default-alpn", lonely},
        {"octets that end too soon", "\\# 8 0001 00 0003 0002 00", unread},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(fault_of("HTTPS", row.text) == row.expected);
        CHECK(fault_of("SVCB", row.text) == row.expected);
    }
}

TEST_CASE("letters that do what nobody expects are told of") {
    const auto warning_of = [](const char* type, std::string_view text) {
        return read_rdata(*zones::read_type(type), text, origin).warning;
    };
    CHECK(warning_of("CNAME", "b\u00FCcher.example.net.") ==
          "\"b\u00FCcher.example.net.\" is not ASCII: clients ask for such a name in its \"xn--\" "
          "form "
          "(RFC 5891)");
    CHECK(warning_of("CNAME", "b\\195\\188cher.example.net.") == "");
    CHECK(warning_of("MX", "10 mail\u2011a") ==
          "U+2011 stands in it, which looks like \"-\" and is none");
    CHECK(warning_of("TXT", "\u201Cv=spf1 -all\u201D") ==
          "U+201C stands in it, which looks like a quote and is none");
    CHECK(warning_of("TXT", "v=spf1 \u2013all") ==
          "U+2013 stands in it, which looks like \"-\" and is none");
    CHECK(warning_of("TXT", "v=spf1\u00A0-all") ==
          "U+00A0 stands in it, which looks like a blank, or like nothing and is none");
    CHECK(warning_of("TXT", "caf\u00E9 \u2013 bar") == "");
    CHECK(warning_of("TXT", "\"he said \u201Chi\u201D\"") == "");
    CHECK(fault_of("MX", "10\u00A0mail") ==
          "\"10\u00A0mail\" is no number; U+00A0 stands in it, which looks like a blank, or like "
          "nothing and is none");
}

}  // namespace name_value_faults_test
