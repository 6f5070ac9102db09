// SPDX-License-Identifier: Apache-2.0
// Names in values, as they are written.
#include "tests/zones/reading.hpp"
#include "zones/name/record.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace name_written_name_test {

using reading::name;
using zones::read_rdata;

namespace {

const auto origin = name("example.com.");

}  // namespace

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

}  // namespace name_written_name_test
