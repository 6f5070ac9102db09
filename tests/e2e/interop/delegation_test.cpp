// SPDX-License-Identifier: Apache-2.0
// A resolver finds the server from the root down: NSD serves the parent zone with exactly the lines
// that `isochrone delegation` printed, unbound follows them.

#include "tests/e2e/interop/parent_server.hpp"
#include "tests/e2e/interop/resolver.hpp"
#include "tests/e2e/support/private_network.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace delegation_test {

using namespace e2e;

namespace {

/// Of the zone's name servers, of the server of root and parent, and of the resolver.
const std::vector<std::string> addresses{
    "192.0.2.10/32",   "198.51.100.20/32", "2001:db8:1::10/128", "2001:db8:2::20/128",
    "203.0.113.53/32", "203.0.113.99/32",  "2001:db8:9::99/128"};

constexpr const char* zone_text = R"({
    "zone": "plex.example.com",
    "ttl": 60,
    "nameservers": {
        "ns1": ["192.0.2.10", "2001:db8:1::10"],
        "ns2": ["198.51.100.20", "2001:db8:2::20"]
    },
    "edges": {
        "frankfurt": { "addresses": ["203.0.113.30", "2001:db8:3::30"], "location": "Frankfurt, DE" },
        "singapore": { "addresses": ["198.51.100.20", "2001:db8:2::20"], "location": "Singapore" }
    },
    "records": {
        "@": { "steer": { "geo": {
            "203.0.113.0/24": "frankfurt",
            "2001:db8:9::/48": "frankfurt",
            "*": { "nearest": ["singapore", "frankfurt"] }
        } } },
        "static": { "A": "192.0.2.80", "AAAA": "2001:db8::80" },
        "www": { "CNAME": "@" },
        "alias.deep.below": { "CNAME": "static" },
        "*.wild": { "A": "192.0.2.81" },
        "large": { "TXT": [LARGE] }
    }
})";

/// With one string for each record of the large set, so that it needs TCP.
std::string zone() {
    std::string large;
    for (int i = 0; i < 40; ++i)
        large += (i == 0 ? "\"" : ", \"") + std::string(60, 'x') + std::to_string(i) + "\"";
    std::string text = zone_text;
    return text.replace(text.find("LARGE"), 5, large);
}

/// What the parent is given, once NSD finds the parent zone with it good.
std::string delegation_of(const std::string& zone_file) {
    const auto printed = run(isochrone({"delegation", zone_file}));
    REQUIRE(printed.status == 0);
    const support::TemporaryFolder folder;
    const auto parent = folder.write("parent.zone", parent_zone(printed.output).text);
    const auto checked = run({"nsd-checkzone", "example.com", parent});
    CAPTURE(checked.output);
    CAPTURE(checked.errors);
    REQUIRE(checked.status == 0);
    return printed.output;
}

/// Child and parent.
struct Internet {
    support::TemporaryFolder folder;
    std::string zone_file = folder.write("plex.json", zone());
    ServerProcess server{{"--listen", "192.0.2.10:53", "--listen", "198.51.100.20:53", "--listen",
                          "[2001:db8:1::10]:53", "--listen", "[2001:db8:2::20]:53", zone_file}};
    PeerServer parent = parent_server(delegation_of(zone_file));
};

/// unbound with these further lines of its `server:` clause.
Resolver unbound(const std::string& settings) {
    return {Resolver::Kind::Unbound, parent_address, settings};
}

/// What the resolver answers: RCODE and data of the answer.
std::string resolved(const Command& question) {
    auto words = question;
    words.insert(words.end(), {"+recurse", "+noall", "+comments", "+answer"});
    const auto shown = run(dig(resolver_endpoint, words)).output;
    const auto at = shown.find("status: ");
    if (at == std::string::npos) return shown;
    return shown.substr(at + 8, shown.find(',', at) - at - 8);
}

void check_common_answers() {
    CHECK(dig_short(resolver_endpoint, {"+recurse", "static.plex.example.com"}) == "192.0.2.80\n");
    CHECK(dig_short(resolver_endpoint, {"+recurse", "static.plex.example.com", "AAAA"}) ==
          "2001:db8::80\n");
    CHECK(dig_short(resolver_endpoint, {"+recurse", "alias.deep.below.plex.example.com"}) ==
          "static.plex.example.com.\n192.0.2.80\n");
    CHECK(dig_short(resolver_endpoint, {"+recurse", "a.b.wild.plex.example.com"}) ==
          "192.0.2.81\n");
    CHECK(dig_short(resolver_endpoint, {"+recurse", "plex.example.com"}) == "203.0.113.30\n");
    CHECK(dig_short(resolver_endpoint, {"+recurse", "www.plex.example.com", "AAAA"}) ==
          "plex.example.com.\n2001:db8:3::30\n");
    CHECK(dig_short(resolver_endpoint, {"+recurse", "plex.example.com", "NS"}).size() ==
          std::string{"ns1.plex.example.com.\nns2.plex.example.com.\n"}.size());
    CHECK(resolved({"none.plex.example.com"}) == "NXDOMAIN");
    CHECK(resolved({"deep.below.plex.example.com"}) == "NOERROR");
    CHECK(resolved({"static.plex.example.com", "MX"}) == "NOERROR");
    const auto large =
        dig_short(resolver_endpoint, {"+recurse", "+tcp", "large.plex.example.com", "TXT"});
    CHECK(std::ranges::count(large, '\n') == 40);
}

}  // namespace

TEST_CASE("unbound resolves through a parent that has what the delegation command printed") {
    in_private_network(addresses, [] {
        const Internet internet;
        const auto resolver = unbound("  module-config: \"iterator\"\n");
        check_common_answers();
    });
}

TEST_CASE("unbound resolves with minimised names and random case and small buffers") {
    in_private_network(addresses, [] {
        const Internet internet;
        const struct {
            std::string name;
            std::string settings;
        } rows[] = {
            {"minimised and mixed case",
             "  qname-minimisation: yes\n  qname-minimisation-strict: yes\n"
             "  use-caps-for-id: yes\n"},
            {"small buffers", "  edns-buffer-size: 512\n  max-udp-size: 512\n"},
            {"IPv6 to the servers", "  prefer-ip6: yes\n"},
            {"TCP only", "  tcp-upstream: yes\n"},
        };
        for (const auto& row : rows) {
            CAPTURE(row.name);
            const auto resolver = unbound("  module-config: \"iterator\"\n" + row.settings);
            check_common_answers();
            CHECK(resolver.log().find("error:") == std::string::npos);
        }
    });
}

TEST_CASE("unbound that sends client subnets gets each client its edge and caches by scope") {
    in_private_network(addresses, [] {
        if (run({"unbound", "-V"}).output.find("subnetcache") == std::string::npos) {
            MESSAGE("skipped: this unbound knows no client subnets");
            return;
        }
        const Internet internet;
        const auto resolver = unbound(
            "  module-config: \"subnetcache iterator\"\n"
            "  send-client-subnet: 192.0.2.10\n"
            "  send-client-subnet: 198.51.100.20\n"
            "  send-client-subnet: 2001:db8::/32\n");
        const struct {
            std::string subnet;
            std::string edge;
        } rows[] = {
            {"81.2.69.0/24", "203.0.113.30\n"}, {"49.36.0.0/24", "198.51.100.20\n"},
            {"81.2.69.0/24", "203.0.113.30\n"}, {"2405:200::/32", "198.51.100.20\n"},
            {"2003::/32", "203.0.113.30\n"},
        };
        for (const auto& row : rows) {
            CAPTURE(row.subnet);
            CHECK(dig_short(resolver_endpoint, {"+recurse", "plex.example.com",
                                                std::string{"+subnet="} + row.subnet}) == row.edge);
        }
        check_common_answers();
    });
}

}  // namespace delegation_test
