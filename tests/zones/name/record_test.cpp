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

TEST_CASE("names that may be compressed are known by their place (RFC 3597 section 4)") {
    using Places = std::vector<std::size_t>;
    const auto places = [](const char* text_of_type, std::string_view text) {
        const auto type = *zones::read_type(text_of_type);
        const auto octets = read_rdata(type, text, origin).rdata.value().octets;
        const auto names = zones::compressible_names(type);
        Places found;
        for (std::size_t at = names.before; found.size() < names.count;) {
            found.push_back(at);
            at += zones::name_in(octets, at).value().length();
        }
        return found;
    };
    CHECK(places("NS", "a") == Places{0});
    CHECK(places("MX", "10 a") == Places{2});
    CHECK(places("SOA", "a bc 1 2 3 4 5") == Places{0, 15});
    CHECK(places("CNAME", "\\# 3 016100") == Places{0});
    CHECK(places("PTR", "a") == Places{0});
    CHECK(places("SRV", "0 0 1 a").empty());
    CHECK(places("DNAME", "a").empty());
    CHECK(places("A", "192.0.2.1").empty());
    const auto soa = read_rdata(zones::rr::SOA, "a bc 1 2 3 4 5", origin).rdata.value().octets;
    CHECK(zones::name_in(soa, 15) == name("bc.example.com."));
    CHECK_FALSE(zones::name_in(soa, soa.size()).has_value());
}

}  // namespace name_record_test
