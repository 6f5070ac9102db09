// SPDX-License-Identifier: Apache-2.0
// A resolver finds the server from the root down: NSD serves the parent zone with exactly the lines
// that `isochrone delegation` printed, unbound follows them.

#include "tests/e2e/example_zones.hpp"
#include "tests/e2e/private_network.hpp"
#include "tests/e2e/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>

using namespace e2e;

namespace {

/// Of the zone's name servers, of the server of root and parent, and of the resolver.
const std::vector<std::string> addresses{
    "192.0.2.10/32",   "198.51.100.20/32", "2001:db8:1::10/128", "2001:db8:2::20/128",
    "203.0.113.53/32", "203.0.113.99/32",  "2001:db8:9::99/128"};
const Endpoint resolver_endpoint{"203.0.113.99", 53};

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

/// One string for each record, so that the set needs TCP.
std::string large_set() {
    std::string text;
    for (int i = 0; i < 40; ++i)
        text += (i == 0 ? "\"" : ", \"") + std::string(60, 'x') + std::to_string(i) + "\"";
    return text;
}

/// Root, parent and child, and a resolver for each test of them.
class Internet {
 public:
    Internet() {
        std::string zone = zone_text;
        zone.replace(zone.find("LARGE"), 5, large_set());
        const auto zone_file = folder_.write("plex.json", zone);
        const auto delegation = run(isochrone({"delegation", zone_file}));
        REQUIRE(delegation.status == 0);
        folder_.write("delegation", delegation.output);
        server_ = std::make_unique<ServerProcess>(
            Command{"--listen", "192.0.2.10:53", "--listen", "198.51.100.20:53", "--listen",
                    "[2001:db8:1::10]:53", "--listen", "[2001:db8:2::20]:53", zone_file});
        start_parent();
    }

    /// A resolver with these further lines of its `server:` clause.
    std::unique_ptr<Process> start_resolver(const std::string& settings) {
        const auto config = folder_.write("unbound.conf",
                                          "server:\n"
                                          "  interface: 203.0.113.99\n"
                                          "  outgoing-interface: 203.0.113.99\n"
                                          "  outgoing-interface: 2001:db8:9::99\n"
                                          "  access-control: 0.0.0.0/0 allow\n"
                                          "  username: \"\"\n"
                                          "  chroot: \"\"\n"
                                          "  directory: \"" +
                                              folder_.path("") +
                                              "\"\n"
                                              "  pidfile: \"\"\n"
                                              "  use-syslog: no\n"
                                              "  logfile: \"\"\n"
                                              "  do-daemonize: no\n"
                                              "  verbosity: 1\n"
                                              "  num-threads: 1\n"
                                              "  root-hints: \"root.hints\"\n" +
                                              settings + "remote-control:\n  control-enable: no\n");
        auto resolver = std::make_unique<Process>(Command{"unbound", "-d", "-p", "-c", config});
        resolver->wait_for("start of service");
        return resolver;
    }

 private:
    void start_parent() {
        folder_.write("root.hints", ". 3600 IN NS a.root.\na.root. 3600 IN A 203.0.113.53\n");
        folder_.write("root.zone",
                      ". 3600 IN SOA a.root. a.root. 1 3600 600 86400 60\n"
                      ". 3600 IN NS a.root.\n"
                      "a.root. 3600 IN A 203.0.113.53\n"
                      "example.com. 3600 IN NS ns.example.com.\n"
                      "ns.example.com. 3600 IN A 203.0.113.53\n");
        folder_.write(
            "parent.zone",
            "example.com. 3600 IN SOA ns.example.com. a.example.com. 1 3600 600 86400 60\n"
            "example.com. 3600 IN NS ns.example.com.\n"
            "ns.example.com. 3600 IN A 203.0.113.53\n"
            "$INCLUDE " +
                folder_.path("delegation") + "\n");
        const auto config =
            folder_.write("nsd.conf",
                          "server:\n"
                          "  ip-address: 203.0.113.53\n"
                          "  username: \"\"\n"
                          "  chroot: \"\"\n"
                          "  zonesdir: \"" +
                              folder_.path("") +
                              "\"\n"
                              "  database: \"\"\n"
                              "  pidfile: \"" +
                              folder_.path("nsd.pid") +
                              "\"\n"
                              "  xfrdfile: \"" +
                              folder_.path("xfrd.state") +
                              "\"\n"
                              "  xfrdir: \"" +
                              folder_.path("") +
                              "\"\n"
                              "  zonelistfile: \"" +
                              folder_.path("zone.list") +
                              "\"\n"
                              "  server-count: 1\n"
                              "  verbosity: 1\n"
                              "remote-control:\n  control-enable: no\n"
                              "zone:\n  name: \".\"\n  zonefile: root.zone\n"
                              "zone:\n  name: example.com\n  zonefile: parent.zone\n");
        const auto checked = run({"nsd-checkzone", "example.com", folder_.path("parent.zone")});
        CAPTURE(checked.output);
        CAPTURE(checked.errors);
        REQUIRE(checked.status == 0);
        parent_ = std::make_unique<Process>(Command{"nsd", "-d", "-c", config});
        parent_->wait_for("nsd started");
    }

    support::TemporaryFolder folder_;
    std::unique_ptr<ServerProcess> server_;
    std::unique_ptr<Process> parent_;
};

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
        Internet internet;
        const auto resolver = internet.start_resolver("  module-config: \"iterator\"\n");
        check_common_answers();
    });
}

TEST_CASE("unbound resolves with minimised names and random case and small buffers") {
    in_private_network(addresses, [] {
        Internet internet;
        const struct {
            std::string name;
            std::string settings;
        } rows[] = {
            {"minimised and mixed case",
             "  qname-minimisation: yes\n  qname-minimisation-strict: yes\n"
             "  use-caps-for-id: yes\n"                                                  },
            {"small buffers",            "  edns-buffer-size: 512\n  max-udp-size: 512\n"},
            {"IPv6 to the servers",      "  prefer-ip6: yes\n"                           },
            {"TCP only",                 "  tcp-upstream: yes\n"                         },
        };
        for (const auto& row : rows) {
            CAPTURE(row.name);
            const auto resolver = internet.start_resolver(
                std::string{"  module-config: \"iterator\"\n"} + row.settings);
            check_common_answers();
            CHECK(!resolver->has_said("error:"));
        }
    });
}

TEST_CASE("unbound that sends client subnets gets each client its edge and caches by scope") {
    in_private_network(addresses, [] {
        if (run({"unbound", "-V"}).output.find("subnetcache") == std::string::npos) {
            MESSAGE("skipped: this unbound knows no client subnets");
            return;
        }
        Internet internet;
        const auto resolver = internet.start_resolver(
            "  module-config: \"subnetcache iterator\"\n"
            "  send-client-subnet: 192.0.2.10\n"
            "  send-client-subnet: 198.51.100.20\n"
            "  send-client-subnet: 2001:db8::/32\n");
        const struct {
            std::string subnet;
            std::string edge;
        } rows[] = {
            {"81.2.69.0/24",  "203.0.113.30\n" },
            {"49.36.0.0/24",  "198.51.100.20\n"},
            {"81.2.69.0/24",  "203.0.113.30\n" },
            {"2405:200::/32", "198.51.100.20\n"},
            {"2003::/32",     "203.0.113.30\n" },
        };
        for (const auto& row : rows) {
            CAPTURE(row.subnet);
            CHECK(dig_short(resolver_endpoint, {"+recurse", "plex.example.com",
                                                std::string{"+subnet="} + row.subnet}) == row.edge);
        }
        check_common_answers();
    });
}
