// SPDX-License-Identifier: Apache-2.0
#include "dnsd/commands/delegation.hpp"

#include "tests/dnsd/world.hpp"

#include <doctest/doctest.h>
#include <ldns/ldns.h>

#include <sstream>

namespace commands_delegation_test {

using support::Lines;

namespace {

struct Parts {
    Lines records;  // what ldns makes of the lines of a zone file
    std::string comments;
};

/// Throws when a line is neither a comment nor a record.
Parts parts(const std::string& text) {
    Parts result;
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(';')) {
            result.comments += line + "\n";
            continue;
        }
        ldns_rr* record = nullptr;
        if (ldns_rr_new_frm_str(&record, line.c_str(), 0, nullptr, nullptr) != LDNS_STATUS_OK)
            throw std::runtime_error{"no record: " + line};
        char* owner = ldns_rdf2str(ldns_rr_owner(record));
        char* data = ldns_rdf2str(ldns_rr_rdf(record, 0));
        char* type = ldns_rr_type2str(ldns_rr_get_type(record));
        result.records.push_back(std::string{owner} + " " + type + " " + data);
        free(owner);
        free(data);
        free(type);
        ldns_rr_free(record);
    }
    return result;
}

Parts delegation(const std::string& servers, const std::string& name = "plex.example.com") {
    return parts(commands::delegation_of(
        *support::zone_of(R"({"zone": ")" + name + R"(", "nameservers": {)" + servers + "}}")));
}

}  // namespace

TEST_CASE("a delegation has the NS and glue lines that the parent needs") {
    const auto [records, comments] =
        delegation(R"("ns1": ["9.9.9.9", "2620:fe::9"], "ns2": ["8.8.8.8"])");
    CHECK(records ==
          Lines{"plex.example.com. NS ns1.plex.example.com.",
                "plex.example.com. NS ns2.plex.example.com.", "ns1.plex.example.com. A 9.9.9.9",
                "ns1.plex.example.com. AAAA 2620:fe::9", "ns2.plex.example.com. A 8.8.8.8"});
    CHECK(comments.find("MISSING") == std::string::npos);
    CHECK(comments.find("example.com.") != std::string::npos);
    CHECK(comments.find("ns1.plex.example.com  9.9.9.9  2620:fe::9") != std::string::npos);
}

TEST_CASE("a delegation says what is missing") {
    struct Row {
        const char* name;
        const char* servers;
        const char* says;
    };
    const Row rows[] = {
        {"one server", R"("ns1": ["9.9.9.9"])", "a second name server"},
        {"both on one address", R"("ns1": ["9.9.9.9"], "ns2": ["9.9.9.9"])",
         "machines of their own"},
        {"one of two is shared", R"("ns1": ["9.9.9.9", "8.8.8.8"], "ns2": ["9.9.9.9"])",
         "machines of their own"},
        {"IPv6 only", R"("ns1": ["2620:fe::9"], "ns2": ["2620:fe::fe"])", "an IPv4 address"},
        {"a private address", R"("ns1": ["192.168.1.5"], "ns2": ["9.9.9.9"])", "192.168.1.5"},
        {"a loopback address", R"("ns1": ["127.0.0.1"], "ns2": ["9.9.9.9"])", "127.0.0.1"},
        {"an address of the docs", R"("ns1": ["192.0.2.1"], "ns2": ["9.9.9.9"])",
         "examples: 192.0.2.1"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto comments = delegation(row.servers).comments;
        const auto at = comments.find("; MISSING: ");
        REQUIRE(at != std::string::npos);
        CHECK(comments.find(row.says, at) != std::string::npos);
    }
}

TEST_CASE("servers outside of the zone have no glue, which is said and is no fault") {
    const auto [records, comments] = delegation(R"("ns.example.net.": [], "ns.example.org.": [])");
    CHECK(records ==
          Lines{"plex.example.com. NS ns.example.net.", "plex.example.com. NS ns.example.org."});
    CHECK(comments.find("ns.example.net. is outside of this zone") != std::string::npos);
    CHECK(comments.find("MISSING") == std::string::npos);
}

TEST_CASE("names with odd letters make lines that can be read back") {
    const auto [records, comments] =
        delegation(R"("n\\.s": ["9.9.9.9"], "n\\032s": ["8.8.8.8"])", R"(a\\;b.example)");
    CHECK(records.size() == 4);
}

}  // namespace commands_delegation_test
