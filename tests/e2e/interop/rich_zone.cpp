// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/interop/rich_zone.hpp"

#include "tests/e2e/interop/resolver.hpp"

#include <doctest/doctest.h>

#include <iterator>
#include <sstream>
#include <utility>

namespace e2e {

namespace {

constexpr const char* below_address = "203.0.113.54";

constexpr const char* zone_text = R"($ORIGIN plex.example.com.
$TTL 3600
@ SOA ns1 hostmaster 2026010101 7200 900 1209600 300
@ NS ns1
@ NS ns2
@ MX 10 mail
@ MX 20 mx.example.com.
@ TXT "v=spf1 -all" "second string"
@ CAA 0 issue "letsencrypt.org"
@ HTTPS 1 . alpn="h2,h3" port=8443
ns1 A 192.0.2.10
ns1 AAAA 2001:db8:1::10
ns2 A 198.51.100.20
ns2 AAAA 2001:db8:2::20
mail 300 A 192.0.2.25
mail AAAA 2001:db8::25
_xmpp._tcp SRV 5 0 5222 mail
_dns SVCB 1 mail alpn="dot"
_443._tcp.mail TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
naptr NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:a@plex.example.com!" .
unknown TYPE65280 \# 4 c0000201
a.b.c.empty A 192.0.2.3
*.wild A 192.0.2.4
*.wild TXT "any"
there.wild A 192.0.2.5
below.there.wild A 192.0.2.6
*.alias CNAME mail
*.x.*.star A 192.0.2.7
cname CNAME mail
chain CNAME chain2
chain2 CNAME chain3
chain3 CNAME mail
outside CNAME www.example.com.
nowhere CNAME absent
towild CNAME some.wild
tocut CNAME www.sub
tosteered CNAME steered
tosteeredwild CNAME any.steered
d DNAME target
target A 192.0.2.8
www.target A 192.0.2.9
alias.target CNAME mail
d-outside DNAME elsewhere.example.com.
d-steered DNAME steered
sub NS ns.sub
sub DS 12345 13 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
ns.sub A 203.0.113.54
far NS ns.elsewhere.example.com.
deep.cut NS ns.elsewhere.example.com.
)";

/// Owners of steered names; "@" is another one that has records of its own besides.
const struct {
    const char* owner;
    const char* steer;
} steered[] = {
    {"@", R"({ "geo": { "203.0.113.0/24": "near", "2001:db8:9::/48": "near", "*": "far" } })"},
    {"steered", R"({ "all": ["near", "far"] })"},
    {"one.steered", R"({ "failover": ["far", "near"] })"},
    {"*.steered",
     R"({ "geo": { "203.0.113.0/24": "near", "2001:db8:9::/48": "near", "*": "far" } })"},
    {"a.b.c.steered", R"({ "nearest": ["near"] })"},
};
constexpr const char* edges = R"("edges": {
    "near": { "addresses": ["203.0.113.30", "2001:db8:3::30"], "location": "Frankfurt, DE" },
    "far": { "addresses": ["198.51.100.20"], "location": "Singapore" }
},
)";

/// Answers that fit into a datagram with neither buffer, or with the larger one alone.
std::string sets_of_text() {
    std::string text;
    for (const auto& [owner, count] : {std::pair{"large", 40}, std::pair{"middle", 10}}) {
        for (int i = 0; i < count; ++i) {
            text +=
                owner + std::string{" TXT \""} + std::string(60, 'x') + std::to_string(i) + "\"\n";
        }
    }
    return text;
}

PeerZone zone_below_cut(const std::string& name, const std::string& server) {
    return {name, "$ORIGIN " + name +
                      ".\n$TTL 3600\n"
                      "@ SOA ns hostmaster 1 7200 900 1209600 300\n"
                      "@ NS " +
                      server +
                      ".\n@ A 192.0.2.60\nns A 203.0.113.54\nwww A 192.0.2.61\n"
                      "a.b TXT \"below\"\nback CNAME mail.plex.example.com.\n"};
}

std::vector<PeerZone> zones_below_cuts() {
    return {zone_below_cut("sub.plex.example.com", "ns.sub.plex.example.com"),
            zone_below_cut("far.plex.example.com", "ns.elsewhere.example.com"),
            zone_below_cut("deep.cut.plex.example.com", "ns.elsewhere.example.com")};
}

/// Zone file lines of the steered names: this server's answers to the resolver's address.
std::string steered_lines(const Endpoint& server) {
    std::string lines;
    for (const auto& row : steered) {
        const std::string owner = row.owner;
        const auto name = owner == "@" ? rich_zone_name : owner + "." + rich_zone_name;
        for (const auto* type : {"A", "AAAA"}) {
            lines += output_of(
                dig(server, {"-b", resolver_endpoint.address, name, type, "+noall", "+answer"}));
        }
    }
    return lines;
}

}  // namespace

const char* const rich_zone_parent_lines =
    "www.example.com. 3600 IN A 192.0.2.90\n"
    "www.elsewhere.example.com. 3600 IN A 192.0.2.91\n"
    "ns.elsewhere.example.com. 3600 IN A 203.0.113.54\n";

std::string output_of(const Command& command) {
    const auto finished = run(command);
    CAPTURE(finished.errors);
    REQUIRE(finished.status == 0);
    return finished.output;
}

std::string rich_zone_file() {
    return zone_text + sets_of_text();
}

std::string with_steered_names(const std::string& imported) {
    std::string zone = imported;
    std::string records = "\"records\": {\n";
    for (const auto& [owner, steer] : steered) {
        const std::string key = "\"" + std::string{owner} + "\": { ";
        const auto member = "\"steer\": " + std::string{steer};
        if (const auto at = zone.find(key); at != std::string::npos)
            zone.insert(at + key.size(), member + ", ");
        else
            records += key + member + " },\n";
    }
    return zone.replace(zone.find("\"records\": {"), 12, edges + records);
}

PeerServer server_below_cuts() {
    return {PeerServer::Kind::Nsd, zones_below_cuts(), {below_address, 53}};
}

std::vector<PeerZone> zones_of_rich_internet(const std::string& zone, const std::string& delegation,
                                             const Endpoint& server) {
    auto all = zones_below_cuts();
    all.push_back({rich_zone_name, zone + steered_lines(server)});
    all.push_back(parent_zone(delegation));
    return all;
}

std::vector<std::vector<std::string>> words_of_lines(const std::string& text) {
    std::vector<std::vector<std::string>> lines;
    std::istringstream stream{text};
    for (std::string line; std::getline(stream, line);) {
        std::istringstream words{line};
        std::vector<std::string> all{std::istream_iterator<std::string>{words}, {}};
        if (!all.empty() && all[0][0] != '$' && all[0][0] != ';') lines.push_back(std::move(all));
    }
    return lines;
}

}  // namespace e2e
