// SPDX-License-Identifier: Apache-2.0
// The RDATA that is read here beside BIND's, octet for octet, for values of all types that both know.
// What is read and written by the same library hides what that library misreads.
#include "tests/support/process.hpp"
#include "tests/support/quoted_words.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/zones/reading.hpp"
#include "zones/master/master_file.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace name_bind_octets_test {

namespace {

using Octets = std::vector<std::uint8_t>;

// "TYPE value"; each becomes the one record of its type at a name of its own.
constexpr const char* values[] = {
    // names: the origin, and what only looks like it; escapes; the case of letters
    "NS ns1",
    "NS @",
    "NS NS1.Example.NET.",
    "NS @.example.net.",
    "NS .",
    "CNAME @",
    "CNAME @.example.net.",
    "CNAME \\@",
    "CNAME \\@.Example.Net.",
    "CNAME \\064.x",
    "CNAME @.www",
    "CNAME a\\.b.c",
    "CNAME sp\\032ace",
    "CNAME MiXeD.Case.",
    "CNAME *.wild",
    "CNAME _x._y",
    "CNAME \\000\\255",
    "CNAME a\\\"b\\;c\\(d\\)",
    "CNAME .",
    "MB @.x",
    "MB Box",
    "MG @.x",
    "MG Group.",
    "MR @",
    "MR @.x",
    "PTR Office\\032Printer._ipp._tcp",
    "PTR @",
    "PTR @.x.",
    "PTR host",
    "NSAP-PTR @.x",
    "NSAP-PTR Foo.",
    "DNAME a.@",
    "DNAME @.a",
    "DNAME New.Example.",
    "MINFO @ @.x",
    "MINFO a.b C.D.",
    "RP @.x @.y",
    "RP Host\\.Master .",
    "RP @ @",
    "MX 10 @",
    "MX 0 .",
    "MX 65535 @.example.net.",
    "MX 010 Mail",
    "MX ( 10 mail ) ; remark",
    "AFSDB 1 @.x",
    "AFSDB 65535 Mixed.Case",
    "RT 2 @.x",
    "RT 2 Relay.",
    "KX 10 @.x",
    "KX 1 A.B",
    "PX 10 @.x @.y",
    "PX 10 a B.",
    "LP 10 @.y",
    "LP 65535 Lp",
    "TALINK @ @.y",
    "TALINK . A.",
    "SRV 0 0 5060 \\064.example.net.",
    "SRV 65535 65535 65535 Host",
    "SRV 0 0 0 .",
    "SRV 1 2 3 @",
    "NAPTR 100 10 \"S\" \"SIP+D2U\" \"\" @.x",
    "NAPTR 100 10 \"u\" \"E2U+sip\" \"!^(.*)$!sip:\\\\1@example.net!\" .",
    "NAPTR 1 65535 \"\" \"\" \"\" Mixed.Case.",
    "NAPTR 1 2 a b \"\" @",
    // strings: quoted or not, side by side, with escapes
    "TXT a",
    "TXT a b",
    "TXT \"a\"\"b\"",
    "TXT a\"b\"c",
    "TXT \"a\"b",
    "TXT a\\\"b",
    "TXT \"\"",
    "TXT \"a b\" c \"\"",
    "TXT \"a;b\" ; remark",
    "TXT a\\;",
    "TXT \"\\065\\\\\\\"\"",
    "TXT \\000\\255",
    "TXT \"tab\there\"",
    "TXT v=spf1 -all",
    "TXT \"(\" a",
    "TXT @",
    "TXT \\# 3 026161",
    "TXT \\#a",
    "TXT \"\\# 3 026161\"",
    "TXT k=v",
    "TXT \\\\ \\097\\098",
    "TXT \xC3\xA9",
    "SPF a b",
    "SPF \"v=spf1 -all\"",
    "HINFO PC Linux",
    "HINFO \"x86-64\" \"\"",
    "HINFO a\\ b c",
    "X25 311061700956",
    "X25 \"311061700956\"",
    "ISDN 150862028003217",
    "ISDN \"1\" 004",
    "ISDN \"150862028003217\" \"004\"",
    "GPOS -32.6882 116.8652 10.0",
    "GPOS \"1\" \"2\" \"3\"",
    "URI 10 1 \"https://example.com/\"",
    "URI 65535 0 \"a b\\\"c\"",
    "CAA 0 issue \"letsencrypt.org\"",
    "CAA 0 issue letsencrypt.org",
    "CAA 0 issue \"\"",
    "CAA 0 issue \";\"",
    "CAA 128 ISSUEwild ca.example\\;validationmethods=dns-01",
    "CAA 255 iodef mailto:security@example.net",
    "CAA 0 contactemail \"a@b\"",
    "CAA 0 issue letsencrypt.org\\; ",
    // numbers, times, hexadecimal, base64
    "A 192.0.2.1",
    "A 0.0.0.0",
    "A \\# 4 C0000201",
    "AAAA 2001:db8::1",
    "AAAA ::",
    "AAAA ::ffff:192.0.2.1",
    "AAAA \\# 16 20010DB8000000000000000000000001",
    "WKS 192.0.2.1 tcp smtp",
    "WKS 192.0.2.1 6 25 80",
    "WKS 192.0.2.1 udp domain",
    "LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m",
    "LOC 52 N 4 E 0m",
    "LOC 52 22 N 4 53 W 100",
    "LOC 0 0 0.5 S 0 0 0.001 W -100000m 1m 2m 3m",
    "LOC 90 0 0 N 180 0 0 E 42849672.95m 90000000m 1m 1m",
    "NSAP 0x47.0005.80.005a00.0000.0001.e133.ffffff000161.00",
    "NSAP 0x47000580005a0000000001e133ffffff00016100",
    "KEY 256 3 8 AAAA",
    "CERT 1 0 0 AAAA",
    "CERT PKIX 1 RSASHA256 AAAA",
    "CERT PGP 65535 255 AAAA",
    "CERT 254 1 8 AAEC AwQF",
    "APL 1:192.168.32.0/21 !1:192.168.38.0/28 2:2001:db8::/32",
    "APL 1:0.0.0.0/0",
    "APL 2:::/0",
    "DS 12345 13 2 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF",
    "DS 1 RSASHA256 1 0123456789abcdef0123456789abcdef 01234567",
    "DLV 12345 8 1 0123456789abcdef0123456789abcdef01234567",
    "CDS 0 0 0 00",
    "CDS 12345 13 2 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF",
    "CDNSKEY 0 3 0 AA==",
    "CDNSKEY 257 3 13 AAAA",
    "SSHFP 4 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "SSHFP 1 1 0123456789abcdef0123456789abcdef 01234567",
    "IPSECKEY 10 0 2 . AAAA",
    "IPSECKEY 10 1 2 192.0.2.38 AAAA",
    "IPSECKEY 10 2 2 2001:db8::1 AAAA",
    "IPSECKEY 10 3 2 gw AAAA",
    "IPSECKEY 10 3 2 @ AAAA",
    "IPSECKEY 10 3 2 @.x AAAA",
    "IPSECKEY 10 3 2 Gw.Example.NET. AAAA",
    "IPSECKEY 10 3 2 @.example.net. AAAA AAAA",
    "DHCID AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA=",
    "DHCID AAEB AAAA",
    "TLSA 3 1 1 0123456789ABCDEF",
    "TLSA 0 0 0 ab cd",
    "TLSA 255 255 255 00",
    "SMIMEA 3 1 1 0123456789ABCDEF",
    "SMIMEA 3 0 0 ab cd",
    "HIP 2 200100107B1A74DF365639CC39F1D578 AAAA rvs @.x",
    "HIP 1 AB AAEC Rvs.Example.NET.",
    "HIP 2 200100107B1A74DF365639CC39F1D578 AAAA",
    "OPENPGPKEY AAAA",
    "OPENPGPKEY AAEC AwQF",
    "CSYNC 4294967295 3 A NS AAAA",
    "ZONEMD 2024010101 1 1 "
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd"
    "ef",
    "NID 10 0014:4fff:ff20:ee64",
    "NID 10 14:4fff:ff20:ee64",
    "NID 0 0:0:0:0",
    "L32 10 10.1.2.0",
    "L64 10 2001:0db8:1140:1000",
    "L64 10 1:2:3:4",
    "EUI48 00-00-5e-00-53-2a",
    "EUI48 FF-ff-5E-00-53-2A",
    "EUI64 00-00-5e-ef-10-00-00-2a",
    "EID ABCD",
    "EID ab cd",
    "NIMLOC ABCD",
    "NULL \\# 2 ABCD",
    "A6 \\# 17 0020010DB8000000000000000000000001",
    // of DNSSEC: names that ldns reads
    "SIG A 8 2 3600 20300101000000 20240101000000 1 @.x AAAA",
    "RRSIG A 8 2 3600 20300101000000 20240101000000 1 @.x. AAAA",
    "RRSIG MX 13 2 3600 20300101000000 20240101000000 65535 Example.COM. AAEC AwQF",
    "NSEC @.x. A MX TYPE65280",
    "NSEC Host A",
    "DNSKEY 257 3 13 AAAA",
    "KEY 512 3 8 AAAA",
    "NSEC3PARAM 1 0 10 ABCD",
    "NSEC3PARAM 1 0 0 -",
    "NSEC3 1 0 10 ABCD 0123456789ABCDEFGHIJKLMNOPQRSTUV A MX",
    // bindings of services
    "SVCB 1 .",
    "SVCB 0 Foo.Example.COM.",
    "SVCB 16 @.x port=53",
    "SVCB 1 @",
    "HTTPS 0 @.www",
    "HTTPS 1 . port=8443 alpn=h2",
    "HTTPS 1 . alpn=\"h2,h3\"",
    "HTTPS 1 . alpn=a\\\\,b,c",
    "HTTPS 1 . alpn=\"f\\\\\\\\oo\\\\,bar,h2\"",
    "HTTPS 1 . alpn=f\\\\\\092oo\\092,bar,h2",
    "HTTPS 1 . key667=hello",
    "HTTPS 1 . key667=\"hello\\210qoe\"",
    "HTTPS 1 . key667",
    "HTTPS 1 . key667=",
    "HTTPS 1 . key1=\"\\002h2\"",
    "HTTPS 1 . key3=\"\\031\\144\"",
    "HTTPS 1 . port=0",
    "HTTPS 1 . port=080",
    "HTTPS 1 . ipv4hint=192.0.2.1,192.0.2.2 ipv6hint=2001:db8::1,2001:db8::53:1",
    "HTTPS 1 . mandatory=ipv4hint,alpn alpn=h2,h3-19 ipv4hint=192.0.2.1",
    "HTTPS 1 . mandatory=key667,port port=1 key667=a",
    "HTTPS 1 . ech=AEj+DQBE",
    "HTTPS 1 . no-default-alpn alpn=h3",
    "HTTPS 1 . no-default-alpn=\"\" alpn=h3",
    "SVCB 1 svc dohpath=/dns-query{?dns} alpn=h2",
    "SVCB 1 ( svc\t(port=1) ) key65534=\"(;)\"",
    "HTTPS \\# 9 0001 00 0003 0002 20fb",
    // types without a name
    "TYPE65280 \\# 2 ABCD",
    "TYPE65280 \\# 4 AB CD EF 01",
    "TYPE65280 \\# 0",
    "TYPE1 \\# 4 c0000201",
    "TYPE5 \\# 4 02614000",
    "TYPE15 \\# 7 000a 014001 6100",
};

std::string zone_text() {
    std::string text =
        "$ORIGIN example.com.\n$TTL 300\n"
        "@ SOA NS1.Example.COM. @.x 2147483648 2h 15m 2w 1h30m\n@ NS @\n@ A 192.0.2.1\n";
    std::size_t number = 0;
    for (const auto* value : values) text += "r" + std::to_string(number++) + " " + value + "\n";
    return text;
}

/// RDATA by "owner type".
using Records = std::map<std::string, Octets>;

Records ours(const std::string& path) {
    geo::Problems problems;
    zones::FilesOnDisk files;
    zones::MasterFile file{problems, files};
    Records records;
    file.read(path, std::nullopt, [&](const zones::MasterRecord& record) {
        records[record.owner.text() + " " + std::to_string(record.type)] = record.rdata.octets;
    });
    CHECK(reading::joined(reading::lines_of(problems)) == "");
    return records;
}

/// BIND's files of format "raw", version 1. Numbers of 32 bits: format · version · time of the dump ·
/// flags · serial · time of the last transfer. Then for each RRset: 0..3 length of it all · 4..5 class ·
/// 6..7 type · 8..9 type that is covered · 10..13 TTL · 14..17 number of values · 18..19 length of the
/// owner · 20.. owner · length in 16 bits and octets of each value.
Records theirs(const std::string& raw) {
    std::size_t at = 24;
    const auto number = [&](std::size_t size) {
        std::uint32_t sum = 0;
        for (; size > 0; --size) sum = sum << 8 | static_cast<std::uint8_t>(raw.at(at++));
        return sum;
    };
    Records records;
    while (at < raw.size()) {
        at += 6;
        const auto type = number(2);
        at += 6;
        const auto count = number(4);
        const auto owner_size = number(2);
        const std::string owner = raw.substr(at, owner_size);
        at += owner_size;
        for (std::uint32_t i = 0; i < count; ++i) {
            const auto size = number(2);
            const Octets wire{owner.begin(), owner.end()};
            const auto name = zones::Name::read(wire).value_or(zones::Name{});
            records[name.text() + " " + std::to_string(type)] = {
                raw.begin() + static_cast<long>(at), raw.begin() + static_cast<long>(at + size)};
            at += size;
        }
    }
    return records;
}

std::string text_of(const Octets& octets) {
    std::string text;
    constexpr std::string_view digits = "0123456789abcdef";
    for (const auto octet : octets) text += {digits[octet >> 4], digits[octet & 15]};
    return text;
}

}  // namespace

TEST_CASE("values of sixty types have the octets that BIND makes of them (RFC 1035 section 5)") {
    const support::TemporaryFolder folder;
    const auto path = folder.write("zone", zone_text());
    const auto raw = folder.path("raw");
    const auto made = support::run({"named-compilezone",
                                    "-q",
                                    "-j",
                                    "-i",
                                    "none",
                                    "-k",
                                    "ignore",
                                    "-m",
                                    "ignore",
                                    "-n",
                                    "ignore",
                                    "-r",
                                    "ignore",
                                    "-S",
                                    "ignore",
                                    "-T",
                                    "ignore",
                                    "-W",
                                    "ignore",
                                    "-F",
                                    "raw",
                                    "-o",
                                    raw,
                                    "example.com",
                                    path});
    CAPTURE(made.output);
    CAPTURE(made.errors);
    REQUIRE(made.status == 0);
    const auto own = ours(path);
    const auto other = theirs(support::contents(raw));
    CHECK(own.size() == std::size(values) + 3);
    CHECK(other.size() == std::size(values) + 3);
    for (const auto& [key, octets] : other) {
        const auto number = key.starts_with('r') ? std::stoul(key.substr(1)) : 0;
        CAPTURE(key);
        CAPTURE(values[number]);
        const auto found = own.find(key);
        REQUIRE(found != own.end());
        CHECK(text_of(found->second) == text_of(octets));
    }
}

}  // namespace name_bind_octets_test
