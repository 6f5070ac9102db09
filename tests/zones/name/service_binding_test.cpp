// SPDX-License-Identifier: Apache-2.0
// Parameters of SVCB and HTTPS records: the vectors of RFC 9460 D.2 and D.3, and the form of each key's
// value, in presentation format and as octets.
#include "tests/zones/reading.hpp"
#include "zones/name/record.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace name_service_binding_test {

namespace {

const auto origin = reading::name("example.com.");

std::string octets_of(const zones::RdataResult& result) {
    if (!result.rdata) return "fault: " + result.fault;
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const auto octet : result.rdata->octets) text += {digits[octet >> 4], digits[octet & 15]};
    return text;
}

std::string read(std::string_view text) {
    const auto svcb = octets_of(zones::read_rdata(64, text, origin));
    CHECK(octets_of(zones::read_rdata(65, text, origin)) == svcb);
    CHECK(octets_of(zones::read_master_rdata(64, text, origin)) == svcb);
    return svcb;
}

bool refused(std::string_view text) {
    return read(text).starts_with("fault: ");
}

const std::string foo_com = "03666f6f076578616d706c6503636f6d00";
const std::string foo_org = "03666f6f076578616d706c65036f726700";

}  // namespace

TEST_CASE("service bindings have the octets of the examples in RFC 9460 D.1 and D.2") {
    struct Row {
        const char* text;
        std::string octets;
    };
    const Row rows[] = {
        {"0 foo.example.com.", "0000" + foo_com},
        {"1 .", "000100"},
        {"16 foo.example.com. port=53", "0010" + foo_com + "000300020035"},
        {"1 foo.example.com. key667=hello", "0001" + foo_com + "029b000568656c6c6f"},
        {R"(1 foo.example.com. key667="hello\210qoe")",
         "0001" + foo_com + "029b000968656c6c6fd2716f65"},
        {R"(1 foo.example.com. ( ipv6hint="2001:db8::1,2001:db8::53:1" ))",
         "0001" + foo_com + "00060020" + "20010db8000000000000000000000001" +
             "20010db8000000000000000000530001"},
        {R"(1 example.com. ( ipv6hint="2001:db8:122:344::192.0.2.33" ))",
         "0001076578616d706c6503636f6d0000060010"
         "20010db80122034400000000c0000221"},
        {"16 foo.example.org. ( alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1 )",
         "0010" + foo_org +
             "0000000400010004"
             "000100090268320568332d3139"
             "00040004c0000201"},
        {R"(16 foo.example.org. alpn="f\\\\oo\\,bar,h2")",
         "0010" + foo_org + "0001000c08665c6f6f2c626172026832"},
        {R"(16 foo.example.org. alpn=f\\\092oo\092,bar,h2)",
         "0010" + foo_org + "0001000c08665c6f6f2c626172026832"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(read(row.text) == row.octets);
    }
}

TEST_CASE("service bindings that are malformed are refused, as those in RFC 9460 D.3") {
    const char* const texts[] = {
        "1 foo.example.com. ( key123=abc key123=def )",
        "1 foo.example.com. mandatory",
        "1 foo.example.com. alpn",
        "1 foo.example.com. port",
        "1 foo.example.com. ipv4hint",
        "1 foo.example.com. ipv6hint",
        "1 foo.example.com. no-default-alpn=abc",
        "1 foo.example.com. mandatory=key123",
        "1 foo.example.com. mandatory=mandatory",
        "1 foo.example.com. ( mandatory=key123,key123 key123=abc )",
    };
    for (const auto* text : texts) {
        CAPTURE(text);
        CHECK(refused(text));
    }
}

TEST_CASE("the value of each key has its form, in text and as octets (RFC 9460 section 7)") {
    struct Row {
        const char* good;
        std::vector<std::string> bad;
    };
    const Row rows[] = {
        {"1 . port=65535",
         {"port=65536", "port=-1", "port=", "port=http", "port=1,2", "port=99999999999",
          "port=0x50", "key3=a", "key3=abc"}},
        {"1 . port=0",
         {"port=\"\"", "port=+1", "port=1\\ ", "Port=1", "port=1 key3=\"\\000\\001\""}},
        {"1 . alpn=h2",
         {"alpn=", "alpn=h2,", "alpn=,h2", "alpn=h2,,h3", "key1=h2", "key1=\"\\000\"",
          "alpn=" + std::string(256, 'a')}},
        {"1 . alpn=h2 no-default-alpn",
         {"no-default-alpn", "alpn=h2 no-default-alpn=1", "alpn=h2 key2=a"}},
        {"1 . ipv4hint=192.0.2.1,192.0.2.2",
         {"ipv4hint=", "ipv4hint=192.0.2", "ipv4hint=192.0.2.256", "ipv4hint=2001:db8::1",
          "ipv4hint=192.0.2.1,", "key4=abc"}},
        {"1 . ipv6hint=2001:db8::1",
         {"ipv6hint=", "ipv6hint=192.0.2.1", "ipv6hint=2001:db8::1%eth0", "key6=abcd"}},
        {"1 . ech=AEj+DQ==", {"ech", "ech=", "ech=***", "ech=AAA", "ech=A===", "key5"}},
        {"1 . dohpath=/dns-query{?dns} alpn=h2",
         {"dohpath", "dohpath=", "dohpath=/dns-query", "dohpath=dns{?dns}", "dohpath=/q{?dn}",
          "key7=a"}},
        {"1 . dohpath=/q{?x,dns}", {"dohpath=/q{dns"}},
        {"1 . mandatory=port port=1",
         {"mandatory=", "mandatory=port", "mandatory=port,port port=1", "mandatory=x port=1",
          "mandatory=port, port=1", "key0=a", "key0=\"\\000\\003\""}},
        {"1 . ohttp", {"ohttp=1", "key8=a"}},
        {"1 . key667",
         {"key667=a key667=b", "key0667=a", "key65535=a", "key65536=a", "key=a", "key-1=a", "=a",
          "667=a", "foo=a", "\"alpn=h2\"", "alpn=\"h2\"h3", "alpn=h2\"h3\"", "key667=\\300"}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.good);
        CHECK(!refused(row.good));
        for (const auto& bad : row.bad) {
            CAPTURE(bad);
            CHECK(refused("1 . " + bad));
        }
    }
}

TEST_CASE(
    "the same faults are found in the generic form of service bindings (RFC 3597 section 5)") {
    const char* const faulty[] = {
        "\\# 7 0001 00 0001 0000",
        "\\# 9 0001 00 0001 0002 0568",
        "\\# 8 0001 00 0001 0001 00",
        "\\# 8 0001 00 0003 0001 50",
        "\\# 7 0001 00 0003 0000",
        "\\# 10 0001 00 0004 0003 c00002",
        "\\# 7 0001 00 0004 0000",
        "\\# 11 0001 00 0006 0004 20010db8",
        "\\# 7 0001 00 0006 0000",
        "\\# 7 0001 00 0005 0000",
        "\\# 8 0001 00 0007 0001 61",
        "\\# 8 0001 00 0008 0001 61",
        "\\# 8 0001 00 0002 0001 61",
        "\\# 7 0001 00 ffff 0000",
        "\\# 8 0001 00 0000 0001 00",
        "\\# 5 0001 00 0001",
        "\\# 2 0001",
        "\\# 3 0001 c0",
    };
    for (const auto* text : faulty) {
        CAPTURE(text);
        CHECK(refused(text));
    }
    CHECK(read("\\# 9 0001 00 0003 0002 20fb") ==
          "000100"
          "0003000220fb");
    CHECK(read("1 . port=8443") ==
          "000100"
          "0003000220fb");
}

TEST_CASE(
    "a key that is known may be written by its number, with its octets (RFC 9460 section 2.1)") {
    CHECK(read(R"(1 . key3="\031\144")") == read("1 . port=8080"));
    CHECK(read(R"(1 . key3=\031\144)") == read("1 . port=8080"));
    CHECK(read(R"(1 . key1="\002h2\002h3")") == read("1 . alpn=h2,h3"));
    CHECK(read(R"(1 . key4="\192\000\002\001")") == read("1 . ipv4hint=192.0.2.1"));
    CHECK(read(R"(1 . mandatory=key3,alpn port=1 key1="\002h2")") ==
          read("1 . alpn=h2 mandatory=alpn,port port=1"));
    CHECK(read("1 . key667") == read("1 . key667="));
    CHECK(read("1 . key667=\"\"") == read("1 . key667="));
    CHECK(read("1 . key9=b key10=a port=1") == read("1 . port=1 key10=a key9=b"));
}

}  // namespace name_service_binding_test
