// SPDX-License-Identifier: Apache-2.0
#include "zones/name/record.hpp"

#include "tests/zones/reading.hpp"

#include <doctest/doctest.h>
#include <ldns/ldns.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace name_record_test {

using reading::name;
using zones::read_rdata;
using Octets = std::vector<std::uint8_t>;

namespace {

const auto origin = name("example.com.");

struct Example {
    std::string type;
    std::string text;
};
// One for each mnemonic at least; relative names where a type has names.
const Example examples[] = {
    {"A", "192.0.2.1"},
    {"NS", "ns1"},
    {"MD", "a"},
    {"MF", "a"},
    {"CNAME", "www.example.net."},
    {"SOA", "ns1 hostmaster 4294967295 2h 900 1209600 60"},
    {"MB", "a"},
    {"MG", "a"},
    {"MR", "a"},
    {"NULL", "\\# 2 ABCD"},
    {"WKS", "192.0.2.1 TCP 25"},
    {"PTR", "host"},
    {"HINFO", "\"x86-64\" \"Linux\""},
    {"MINFO", "a b"},
    {"MX", "10 mail"},
    {"MX", "65535 ."},
    {"MX", "( 10 mail ) ; a comment"},
    {"TXT", "\"a\" \"b c\" \"\\\"\" \"\\065\""},
    {"RP", "hostmaster ."},
    {"AFSDB", "1 a"},
    {"X25", "\"311061700956\""},
    {"ISDN", "\"150862028003217\" \"004\""},
    {"RT", "2 relay"},
    {"NSAP", "0x47000580005a0000000001e133ffffff00016100"},
    {"NSAP-PTR", "a"},
    {"SIG", "A 8 2 3600 20300101000000 20240101000000 1 example.com. AAAA"},
    {"KEY", "256 3 8 AAAA"},
    {"PX", "10 a b"},
    {"GPOS", "\"-32.6882\" \"116.8652\" \"10.0\""},
    {"AAAA", "2001:db8::1"},
    {"LOC", "52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m"},
    {"NXT", "\\# 5 0161004000"},
    {"EID", "ABCD"},
    {"NIMLOC", "ABCD"},
    {"SRV", "0 5 5061 sip"},
    {"ATMA", "\\# 2 ABCD"},
    {"NAPTR", "100 10 \"S\" \"SIP+D2U\" \"\" _sip._udp"},
    {"KX", "10 a"},
    {"CERT", "1 0 0 AAAA"},
    {"CERT", "PGP 65535 255 AAAA"},
    {"A6", "\\# 17 0020010DB8000000000000000000000001"},
    {"DNAME", "new"},
    {"APL", "1:192.168.32.0/21 !1:192.168.38.0/28 2:2001:db8::/32"},
    {"DS", "12345 13 2 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF"},
    {"SSHFP", "4 2 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF"},
    {"IPSECKEY", "10 1 2 192.0.2.38 AAAA"},
    {"IPSECKEY", "10 0 2 . AAAA"},
    {"RRSIG", "A 8 2 3600 20300101000000 20240101000000 1 example.com. AAAA"},
    {"RRSIG", "A 8 2 3600 1893456000 1704067200 1 example.com. AAAA"},
    {"NSEC", "a A MX TYPE65280"},
    {"DNSKEY", "257 3 13 AAAA"},
    {"DHCID", "AAAA"},
    {"NSEC3", "1 0 10 ABCD 0123456789ABCDEFGHIJKLMNOPQRSTUV A MX"},
    {"NSEC3PARAM", "1 0 10 ABCD"},
    {"TLSA", "3 1 1 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF"},
    {"SMIMEA", "3 1 1 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF"},
    {"HIP", "2 200100107B1A74DF365639CC39F1D578 AAAA rvs.example.com."},
    {"TALINK", "a b"},
    {"CDS", "12345 13 2 0123456789ABCDEF"},
    {"CDNSKEY", "257 3 13 AAAA"},
    {"OPENPGPKEY", "AAAA"},
    {"CSYNC", "4294967295 3 A NS AAAA"},
    {"ZONEMD", "2024010101 1 1 0123456789ABCDEF"},
    {"SVCB", "1 svc port=8443"},
    {"HTTPS", "1 . alpn=h2,h3 ipv4hint=192.0.2.1 ipv6hint=2001:db8::1"},
    {"HTTPS", "0 www"},
    {"SPF", "\"v=spf1 -all\""},
    {"NID", "10 0014:4fff:ff20:ee64"},
    {"L32", "10 10.1.2.0"},
    {"L64", "10 2001:0db8:1140:1000"},
    {"LP", "10 a"},
    {"EUI48", "00-00-5e-00-53-2a"},
    {"EUI64", "00-00-5e-ef-10-00-00-2a"},
    {"URI", "10 1 \"https://example.com/\""},
    {"CAA", "0 issue \"letsencrypt.org\""},
    {"DLV", "12345 13 2 0123456789ABCDEF"},
    {"TYPE65280", "\\# 2 ABCD"},
    {"TYPE65280", "\\# 4 AB CD EF 01"},
};

/// What ldns makes of the same text, without our help.
std::optional<Octets> rdata_by_ldns(const std::string& type, const std::string& text) {
    ldns_rdf* zone = ldns_dname_new_frm_str("example.com.");
    ldns_rr* rr = nullptr;
    const auto line = "owner.example.com. 3600 IN " + type + " " + text;
    const auto status = ldns_rr_new_frm_str(&rr, line.c_str(), 0, zone, nullptr);
    ldns_rdf_deep_free(zone);
    if (status != LDNS_STATUS_OK) return std::nullopt;
    std::uint8_t* wire = nullptr;
    std::size_t size = 0;
    REQUIRE(ldns_rr2wire(&wire, rr, LDNS_SECTION_ANSWER, &size) == LDNS_STATUS_OK);
    constexpr std::size_t head = 1 + 5 + 1 + 7 + 1 + 3 + 1 + 10;  // owner.example.com. and the rest
    Octets octets{wire + head, wire + size};
    LDNS_FREE(wire);
    ldns_rr_free(rr);
    return octets;
}

std::string fault_of(std::string_view type, std::string_view text) {
    return read_rdata(*zones::read_type(type), text, origin).fault;
}

}  // namespace

TEST_CASE("every type has the RDATA that ldns makes of its text, and text that makes it again") {
    for (const auto& [type, text] : examples) {
        CAPTURE(type);
        CAPTURE(text);
        const auto number = zones::read_type(type);
        REQUIRE(number.has_value());
        CHECK(zones::type_text(*number) == type);
        const auto [rdata, fault, warning] = read_rdata(*number, text, origin);
        CHECK(fault.empty());
        REQUIRE(rdata.has_value());
        // ldns reads the name of an NSAP-PTR as a string (RFC 1706 §6).
        if (type != "NSAP-PTR") CHECK(rdata->octets == rdata_by_ldns(type, text));
        if (number == 30) continue;  // ldns does not read the NXT that it writes
        const auto again = read_rdata(*number, zones::rdata_text(*number, rdata->octets), origin);
        REQUIRE(again.rdata.has_value());
        CHECK(again.rdata->octets == rdata->octets);
        CHECK(again.rdata->names == rdata->names);
    }
}

TEST_CASE("a CAA without a value is written and read in both forms (RFC 8659 section 4.1)") {
    constexpr zones::RrType caa = 257;
    const std::vector<std::uint8_t> octets{0, 5, 'i', 's', 's', 'u', 'e'};
    CHECK(zones::rdata_text(caa, octets) == R"(0 issue "")");
    for (const auto* text : {R"(0 issue "")", "\\# 7 00056973737565"}) {
        CAPTURE(text);
        const auto read = read_rdata(caa, text, origin).rdata;
        REQUIRE(read);
        CHECK(read->octets == octets);
    }
    CHECK(read_rdata(caa, "0 issue", origin).fault == "a part is missing");
    CHECK(read_rdata(caa, "\\# 2 0000", origin).fault == "its tag is empty");
    constexpr zones::RrType uri = 256;
    CHECK(read_rdata(uri, "\\# 4 000a0001", origin).fault == "a field is missing");
}

TEST_CASE(
    "a name in a value has at most 255 octets, its origin included (RFC 1035 section 2.3.4)") {
    const std::string label(63, 'a');
    const auto name = [&](std::size_t last) {
        return label + "." + label + "." + label + "." + std::string(last, 'b');
    };
    const auto most = 255 - 3 * 64 - 1 - origin.length();
    for (const std::string before : {"CNAME ", "NS ", "PTR ", "DNAME ", "MX 10 ", "SRV 0 0 1 "}) {
        CAPTURE(before);
        const auto blank = before.find(' ');
        const auto type = *zones::read_type(before.substr(0, blank));
        const auto value = before.substr(blank + 1);
        CHECK(read_rdata(type, value + name(most), origin).rdata);
        CHECK(read_rdata(type, value + name(most + 1), origin)
                  .fault.ends_with("is no name: it has more than 255 octets"));
    }
}

TEST_CASE("every mnemonic has an example here") {
    for (const auto& mnemonic : zones::type_names()) {
        CAPTURE(mnemonic);
        CHECK(std::ranges::count(examples, mnemonic, &Example::type) > 0);
    }
}

TEST_CASE("the example that a message shows for a type can be read") {
    for (const auto& mnemonic : zones::type_names()) {
        CAPTURE(mnemonic);
        const auto type = *zones::read_type(mnemonic);
        const auto example = zones::example_of(type);
        if (example.empty() || example.ends_with("digits)")) continue;
        CHECK(read_rdata(type, example, origin).rdata.has_value());
    }
}

TEST_CASE("types of data have a mnemonic in capitals or TYPE and their number (RFC 3597)") {
    struct Row {
        std::string text;
        std::optional<zones::RrType> expected;
    };
    const Row rows[] = {
        {"A", 1},
        {"AAAA", 28},
        {"NSAP-PTR", 23},
        {"TYPE1", 1},
        {"TYPE65280", 65280},
        {"TYPE65535", 65535},
        {"a", std::nullopt},
        {"Aaaa", std::nullopt},
        {"type65280", std::nullopt},
        {"TYPE", std::nullopt},
        {"TYPE0", std::nullopt},
        {"TYPE01", std::nullopt},
        {"TYPE+1", std::nullopt},
        {"TYPE-1", std::nullopt},
        {"TYPE 1", std::nullopt},
        {"TYPE1x", std::nullopt},
        {"TYPE65536", std::nullopt},
        {"TYPE4294967297", std::nullopt},
        {"TYPE99999999999999999999", std::nullopt},
        {"OPT", std::nullopt},
        {"ANY", std::nullopt},
        {"AXFR", std::nullopt},
        {"IXFR", std::nullopt},
        {"TSIG", std::nullopt},
        {"TKEY", std::nullopt},
        {"MAILB", std::nullopt},
        {"TYPE41", std::nullopt},
        {"TYPE128", std::nullopt},
        {"TYPE255", std::nullopt},
        {"", std::nullopt},
        {"ALIAS", std::nullopt},
        {" A", std::nullopt},
        {std::string{"A\0B", 3}, std::nullopt},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(zones::read_type(row.text) == row.expected);
    }
}

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

TEST_CASE(
    "only a free-standing @ is the origin, in every value with a name (RFC 1035 section 5.1)") {
    struct Row {
        std::string type;
        std::string before;
        std::string behind;
    };
    const Row rows[] = {
        {"NS", "", ""},
        {"CNAME", "", ""},
        {"PTR", "", ""},
        {"DNAME", "", ""},
        {"MB", "", ""},
        {"MG", "", ""},
        {"MR", "", ""},
        {"NSAP-PTR", "", ""},
        {"MX", "10 ", ""},
        {"KX", "10 ", ""},
        {"AFSDB", "1 ", ""},
        {"RT", "1 ", ""},
        {"LP", "1 ", ""},
        {"RP", "", " ."},
        {"RP", ". ", ""},
        {"MINFO", ". ", ""},
        {"PX", "1 ", " ."},
        {"SRV", "0 0 1 ", ""},
        {"TALINK", "", " ."},
        {"NAPTR", R"(1 1 "" "" "" )", ""},
        {"SVCB", "1 ", ""},
        {"HTTPS", "1 ", " alpn=h2"},
        {"SOA", "", " . 1 2 3 4 5"},
        {"NSEC", "", " A"},
        {"RRSIG", "A 8 2 60 20300101000000 20240101000000 1 ", " AAAA"},
        {"HIP", "2 AB AAAA ", ""},
        {"IPSECKEY", "10 3 2 ", " AAAA"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.type);
        const auto type = *zones::read_type(row.type);
        const auto octets = [&](const std::string& name) {
            const auto [rdata, fault, warning] =
                read_rdata(type, row.before + name + row.behind, origin);
            CHECK(fault == "");
            return rdata.value_or(zones::Rdata{}).octets;
        };
        CHECK(octets("@") == octets("example.com."));
        CHECK(octets("\\@") == octets("\\064.example.com."));
        CHECK(octets("\\@") != octets("@"));
        CHECK(octets("@.example.net.") == octets("\\064.example.net."));
        CHECK(octets("@.example.net.") != octets("@"));
        CHECK(octets("@.x") == octets("\\@.x.example.com."));
        CHECK(octets("@.") == octets("\\064."));
        CHECK(octets("\"a.b\"") == octets("a.b.example.com."));
    }
}

TEST_CASE(
    "names in values keep the case of their letters (RFC 4343 section 4.1, RFC 6763 section "
    "4.1.1)") {
    const auto shown = [](const char* type, std::string_view text) {
        const auto number = *zones::read_type(type);
        const auto rdata = read_rdata(number, text, origin).rdata.value();
        return zones::rdata_text(number, rdata.octets);
    };
    CHECK(shown("PTR", "Office\\032Printer._ipp._tcp") ==
          "Office\\032Printer._ipp._tcp.example.com.");
    CHECK(shown("CNAME", "Media.Example.NET.") == "Media.Example.NET.");
    CHECK(shown("MX", "10 MailHost") == "10 MailHost.example.com.");
    CHECK(shown("NS", "NS1") == "NS1.example.com.");
    CHECK(shown("SOA", "NS1 Host.Master 1 2 3 4 5") ==
          "NS1.example.com. Host.Master.example.com. 1 2 3 4 5");
    CHECK(shown("CNAME", "\\# 5 0341624300") == "AbC.");
    const auto same = [](const char* type, std::string_view one, std::string_view other) {
        const auto number = *zones::read_type(type);
        return zones::same_value(number, read_rdata(number, one, origin).rdata.value().octets,
                                 read_rdata(number, other, origin).rdata.value().octets);
    };
    CHECK(same("MX", "10 MAIL", "10 mail"));
    CHECK(same("SRV", "0 0 1 MAIL", "0 0 1 mail"));
    CHECK_FALSE(same("MX", "10 MAIL", "20 mail"));
    CHECK_FALSE(same("TXT", "A", "a"));
    CHECK_FALSE(same("NAPTR", R"(1 1 "S" "" "" A)", R"(1 1 "s" "" "" A)"));
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

TEST_CASE("names that may be compressed are known by their place (RFC 3597 section 4)") {
    using Places = std::vector<std::uint16_t>;
    const auto places = [](const char* type, std::string_view text) {
        return read_rdata(*zones::read_type(type), text, origin).rdata.value().names;
    };
    CHECK(places("NS", "a") == Places{0});
    CHECK(places("MX", "10 a") == Places{2});
    CHECK(places("SOA", "a bc 1 2 3 4 5") == Places{0, 15});
    CHECK(places("CNAME", "\\# 3 016100") == Places{0});
    CHECK(places("SRV", "0 0 1 a").empty());
    CHECK(places("DNAME", "a").empty());
    const auto soa = read_rdata(zones::rr::SOA, "a bc 1 2 3 4 5", origin).rdata.value();
    CHECK(zones::name_in(soa, 15) == name("bc.example.com."));
    CHECK_FALSE(zones::name_in(soa, soa.octets.size()).has_value());
}

}  // namespace name_record_test
