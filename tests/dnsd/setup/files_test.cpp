// SPDX-License-Identifier: Apache-2.0
// The files as values. That `check`, nginx and WireGuard take them is tested with the executable.

#include "dnsd/setup/page.hpp"
#include "dnsd/setup/parts.hpp"
#include "dnsd/setup/said.hpp"
#include "dnsd/setup/tunnel_keys.hpp"
#include "dnsd/tsig/base64.hpp"
#include "tests/support/quoted_words.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <stdexcept>
#include <string>

namespace setup_files_test {

using namespace setup;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

Plan plan_of(std::vector<std::string> edges, const std::string& home = "10.8.0.2:32400") {
    Plan plan;
    plan.zone = *read_zone_name("plex.example.com", Extent::Subdomain);
    for (const auto& edge : edges) plan.edges.push_back(*read_edge(edge));
    plan.home = *read_home(home);
    plan.way = way_to(plan.home);
    return plan;
}

Plan usual_plan(const std::string& home = "10.8.0.2:32400") {
    return plan_of(
        {"newyork=192.0.2.10,2001:db8:1::10@New York, US", "singapore=198.51.100.20@Singapore"},
        home);
}

Secrets secrets_of(const Plan& plan) {
    Secrets secrets{"the node key", {"home's secret", "home's open"}, {}};
    for (const auto& edge : plan.edges)
        secrets.edges.push_back({edge.name + "'s secret", edge.name + "'s open"});
    return secrets;
}

/// The files of a plan, by path.
class Made {
 public:
    explicit Made(const Plan& plan) {
        for (const auto& file : files_of(plan, secrets_of(plan))) {
            const bool added = files_.emplace(file.path, file).second;
            CHECK(added);
        }
    }
    [[nodiscard]] const std::string& text(const std::string& path) const {
        return files_.at(path).text;
    }
    [[nodiscard]] bool has(const std::string& path) const { return files_.contains(path); }
    [[nodiscard]] const std::map<std::string, File>& all() const { return files_; }

 private:
    std::map<std::string, File> files_;
};

const std::string guide = support::contents(TEST_DATA "/../../docs/relay.md");

}  // namespace

TEST_CASE("relay and kernel are set as the guide says") {
    const Made made{usual_plan()};
    CHECK(contains(guide, "```nginx\n" + made.text("newyork/relay.conf") + "```"));
    for (const std::string folder : {"newyork", "singapore", "home"})
        CHECK(contains(guide, "```\n" + made.text(folder + "/90-relay.conf") + "```"));
}

TEST_CASE("a relay listens on the families that its edge has") {
    const Made made{plan_of({"newyork=192.0.2.10", "tokyo=2001:db8::5"}, "[2001:db8:7::2]:8096")};
    CHECK(contains(made.text("newyork/relay.conf"), "listen 8096 "));
    CHECK(!contains(made.text("newyork/relay.conf"), "listen [::]"));
    CHECK(contains(made.text("tokyo/relay.conf"), "listen [::]:8096 "));
    CHECK(!contains(made.text("tokyo/relay.conf"), "listen 8096"));
    CHECK(contains(made.text("tokyo/relay.conf"), "proxy_pass [2001:db8:7::2]:8096;"));
}

TEST_CASE(
    "secrets stand in files that only their owner reads, and no key of another VM is among them") {
    const Made made{usual_plan()};
    for (const auto& [path, file] : made.all()) {
        CAPTURE(path);
        const bool secret = contains(file.text, "'s secret") || contains(file.text, "the node key");
        CHECK(secret == (file.readers == Readers::Owner));
    }
    CHECK(contains(made.text("newyork/wireguard.conf"), "PrivateKey = newyork's secret\n"));
    CHECK(!contains(made.text("newyork/wireguard.conf"), "home's secret"));
    CHECK(contains(made.text("home/wireguard.conf"), "PublicKey = singapore's open\n"));
    CHECK(!contains(made.text("home/wireguard.conf"), "singapore's secret"));
}

TEST_CASE("both ends of the tunnel agree about addresses, and home dials") {
    const Made made{usual_plan()};
    const auto& home = made.text("home/wireguard.conf");
    const auto& edge = made.text("singapore/wireguard.conf");
    CHECK(contains(edge, "Address = 10.8.0.12/32\nListenPort = 51820\n"));
    CHECK(contains(edge, "PublicKey = home's open\nAllowedIPs = 10.8.0.2/32\n"));
    CHECK(contains(home, "Address = 10.8.0.2/32\n"));
    CHECK(contains(
        home,
        "AllowedIPs = 10.8.0.12/32\nEndpoint = 198.51.100.20:51820\nPersistentKeepalive = 25\n"));
    CHECK(!contains(edge, "Endpoint"));
}

TEST_CASE("addresses in the tunnel differ, whatever home's is") {
    for (const std::string home :
         {"10.8.0.2", "10.8.0.11", "10.8.0.12", "10.8.0.200", "10.8.0.254"}) {
        CAPTURE(home);
        Plan plan;
        plan.home = *read_home(home + ":32400");
        std::set<std::string> addresses{home};
        for (std::size_t i = 0; i < most_edges; ++i) {
            const auto address = tunnel_address(plan, i);
            CHECK(address.starts_with("10.8.0."));
            CHECK(address != "10.8.0.255");
            addresses.insert(address);
        }
        CHECK(addresses.size() == most_edges + 1);
    }
}

TEST_CASE("without a tunnel there are no files of one, and home lets the edges in alone") {
    const Made made{usual_plan("203.0.113.7:32400")};
    CHECK(!made.has("newyork/wireguard.conf"));
    CHECK(!made.has("home/wireguard.conf"));
    CHECK(!contains(made.text("DO-THIS.md"), "wireguard"));
    CHECK(!contains(made.text("newyork/firewall.nft"), "51820"));
    const auto& rules = made.text("home/firewall.nft");
    CHECK(contains(rules, "ip saddr 192.0.2.10 tcp dport 32400 accept\n"));
    CHECK(contains(rules, "ip6 saddr 2001:db8:1::10 tcp dport 32400 accept\n"));
    CHECK(contains(made.text("home/firewall-ufw.sh"), "from 198.51.100.20 to any port 32400\n"));
}

TEST_CASE("the port says which page of home is asked for") {
    const struct {
        const char* home;
        const char* says;
    } rows[] = {
        {"10.8.0.2:32400", R"("origin": { "http": 32400, "path": "/identity" })"},
        {"10.8.0.2:8096", R"("origin": { "http": 8096, "path": "/health", "body": "Healthy" })"},
        {"10.8.0.2:9000", R"("check": { "tcp": 9000 }
        })"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.home);
        const Made made{usual_plan(row.home)};
        CHECK(contains(made.text("newyork/zones/plex.example.com.json"), row.says));
    }
}

TEST_CASE("all edges have the same zone and key, and settings of their own") {
    const Made made{usual_plan()};
    CHECK(made.text("newyork/zones/plex.example.com.json") ==
          made.text("singapore/zones/plex.example.com.json"));
    CHECK(made.text("newyork/isochrone.key") == made.text("singapore/isochrone.key"));
    CHECK(contains(made.text("newyork/isochrone.json"),
                   R"("listen": ["192.0.2.10:53", "[2001:db8:1::10]:53"])"));
    CHECK(contains(made.text("singapore/isochrone.json"), R"("node": { "edge": "singapore")"));
}

TEST_CASE("the page has a row for each record that the parent needs") {
    const auto page = page_of(usual_plan());
    for (const auto* row : {"| `plex.example.com` | NS | `ns1.plex.example.com` | 300 |",
                            "| `plex.example.com` | NS | `ns2.plex.example.com` | 300 |",
                            "| `ns1.plex.example.com` | A | `192.0.2.10` | 300 |",
                            "| `ns1.plex.example.com` | AAAA | `2001:db8:1::10` | 300 |",
                            "| `ns2.plex.example.com` | A | `198.51.100.20` | 300 |"}) {
        CAPTURE(row);
        CHECK(contains(page, row));
    }
    CHECK(contains(page, "DNS only"));
    CHECK(contains(page, "--nameservers-in example.com"));
}

TEST_CASE("name servers may have names outside of the zone, and then need no glue") {
    auto plan = usual_plan();
    plan.servers_in = *read_zone_name("example.com", Extent::WholeDomain);
    const Made made{plan};
    CHECK(contains(made.text("newyork/zones/plex.example.com.json"), R"("ns1.example.com.": [])"));
    CHECK(contains(made.text("DO-THIS.md"), "| `ns1.example.com` | A | `192.0.2.10` | 300 |"));
    CHECK(!contains(made.text("DO-THIS.md"), "as glue"));
}

TEST_CASE("a whole domain is told to the registrar as host objects and name servers") {
    auto plan = usual_plan();
    plan.zone = *read_zone_name("film.example", Extent::WholeDomain);
    plan.whole_domain = true;
    const auto page = page_of(plan);
    CHECK(contains(page, "- `ns1.film.example`: `192.0.2.10` `2001:db8:1::10`"));
    CHECK(contains(page, "`ns1.film.example`, `ns2.film.example`"));
}

TEST_CASE("of many edges the first eight are name servers") {
    std::vector<std::string> edges;
    for (int i = 1; i <= 10; ++i)
        edges.push_back("tokyo" + std::to_string(i) + "=192.0.2." + std::to_string(i) + "@Tokyo");
    const Made made{plan_of(edges)};
    CHECK(contains(made.text("tokyo1/zones/plex.example.com.json"), R"("ns8": ["192.0.2.8"])"));
    CHECK(!contains(made.text("tokyo1/zones/plex.example.com.json"), "\"ns9\""));
    CHECK(contains(made.text("DO-THIS.md"), "| tokyo10 | 192.0.2.10 | \"Tokyo, JP\" | none |"));
}

TEST_CASE("no mark of a template is left over") {
    const Made made{usual_plan()};
    for (const auto& [path, file] : made.all()) {
        CAPTURE(path);
        for (auto at = file.text.find('@'); at != std::string::npos;
             at = file.text.find('@', at + 1)) {
            const auto end = file.text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_", at + 1);
            CHECK((end == std::string::npos || end == at + 1 || file.text[end] != '@'));
        }
    }
}

TEST_CASE("keys of a tunnel are of X25519 and new each time (RFC 7748)") {
    const auto one = make_tunnel_keys();
    const auto other = make_tunnel_keys();
    REQUIRE((one && other));
    CHECK(one->secret != other->secret);
    CHECK(one->open != other->open);
    const auto secret = transfer::read_base64(one->secret);
    REQUIRE((secret && secret->size() == 32));
    CHECK(transfer::read_base64(one->open)->size() == 32);
}

}  // namespace setup_files_test
