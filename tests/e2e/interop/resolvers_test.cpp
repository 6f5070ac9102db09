// SPDX-License-Identifier: Apache-2.0
// Four resolvers find every name and every type of a rich zone, from the root down. What they are
// to find is what NSD answers that has the same records, all zones of this internet, and for the
// steered names what this server answers to the address from which the resolver asks.

#include "tests/e2e/interop/parent_server.hpp"
#include "tests/e2e/interop/resolver.hpp"
#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/private_network.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace resolvers_test {

using namespace e2e;

namespace {

/// Of the zone's name servers, the parent, the zones below cuts, and the resolver.
const std::vector<std::string> addresses{
    "192.0.2.10/32",   "198.51.100.20/32", "2001:db8:1::10/128", "2001:db8:2::20/128",
    "203.0.113.53/32", "203.0.113.54/32",  "203.0.113.99/32",    "2001:db8:9::99/128"};
constexpr const char* below_address = "203.0.113.54";

constexpr const char* zone_name = "plex.example.com";
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

/// In the parent zone, beside the delegation.
constexpr const char* parent_text =
    "www.example.com. 3600 IN A 192.0.2.90\n"
    "www.elsewhere.example.com. 3600 IN A 192.0.2.91\n"
    "ns.elsewhere.example.com. 3600 IN A 203.0.113.54\n";

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

std::string output_of(const Command& command) {
    const auto finished = run(command);
    CAPTURE(finished.errors);
    REQUIRE(finished.status == 0);
    return finished.output;
}

/// The zone file's records, as `isochrone import` has them, and the steered names.
std::string steered_zone(const std::string& imported) {
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

/// Zone file lines of the steered names: this server's answers to the resolver's address.
std::string steered_lines(const Endpoint& server) {
    std::string lines;
    for (const auto& row : steered) {
        const std::string owner = row.owner;
        const auto name = owner == "@" ? zone_name : owner + "." + zone_name;
        for (const auto* type : {"A", "AAAA"}) {
            lines += output_of(
                dig(server, {"-b", resolver_endpoint.address, name, type, "+noall", "+answer"}));
        }
    }
    return lines;
}

/// The zone, its parent, what is below its cuts, and NSD with all of them at one address.
struct Internet {
    support::TemporaryFolder folder;
    std::string zone = zone_text + sets_of_text();
    std::string imported =
        output_of(isochrone({"import", folder.write("plex.example.com.zone", zone)}));
    std::string zone_file = folder.write("plex.json", steered_zone(imported));
    ServerProcess server{{"--listen", "192.0.2.10:53", "--listen", "198.51.100.20:53", "--listen",
                          "[2001:db8:1::10]:53", "--listen", "[2001:db8:2::20]:53", zone_file}};
    std::string delegation = parent_text + output_of(isochrone({"delegation", zone_file}));
    PeerServer parent = parent_server(delegation);
    PeerServer below{PeerServer::Kind::Nsd, zones_below_cuts(), {below_address, 53}};
    std::vector<PeerZone> zones = all_zones();
    PeerServer everything{PeerServer::Kind::Nsd, zones};

    [[nodiscard]] std::vector<PeerZone> all_zones() const {
        auto all = zones_below_cuts();
        all.push_back({zone_name, zone + steered_lines(server.endpoint())});
        all.push_back(parent_zone(delegation));
        return all;
    }
};

/// The words of each line of a zone file; "$ORIGIN" and "$TTL" lines are none.
std::vector<std::vector<std::string>> lines_of(const std::string& text) {
    std::vector<std::vector<std::string>> lines;
    std::istringstream stream{text};
    for (std::string line; std::getline(stream, line);) {
        std::istringstream words{line};
        std::vector<std::string> all{std::istream_iterator<std::string>{words}, {}};
        if (!all.empty() && all[0][0] != '$' && all[0][0] != ';') lines.push_back(std::move(all));
    }
    return lines;
}

/// The owners of the zone and of those below its cuts, and the names between them and the apex.
std::set<std::string> existing_names(const std::vector<PeerZone>& zones) {
    std::set<std::string> names;
    for (const auto& zone : zones) {
        if (!zone.name.ends_with(zone_name)) continue;
        for (const auto& words : lines_of(zone.text)) {
            auto name = words[0] == "@" ? zone.name : words[0] + "." + zone.name;
            if (words[0].ends_with(".")) name = words[0].substr(0, words[0].size() - 1);
            for (; name != zone_name; name.erase(0, name.find('.') + 1)) names.insert(name);
        }
    }
    names.insert(zone_name);
    return names;
}

/// All that the zones have, and some that they have not.
std::set<std::string> types(const std::vector<PeerZone>& zones) {
    std::set<std::string> types{"PTR", "DNSKEY", "TYPE65281"};
    for (const auto& zone : zones) {
        for (const auto& words : lines_of(zone.text)) {
            const auto type = std::find_if(words.begin() + 1, words.end(), [](const auto& word) {
                return word != "IN" && !std::isdigit(word[0]);
            });
            types.insert(*type);
        }
    }
    return types;
}

/// Every name with every type, and names beside and below each.
std::vector<Query> questions(const std::vector<PeerZone>& zones) {
    std::vector<Query> all;
    const auto ask = [&all](const std::string& name, const std::string& type) {
        const auto id = static_cast<std::uint16_t>(all.size());
        all.push_back({.name = name, .type = type, .id = id, .recursion = true});
    };
    for (const auto& name : existing_names(zones)) {
        for (const auto& type : types(zones)) ask(name, type);
        for (const auto* before : {"beside", "far.below.", "*."})
            for (const auto* type : {"A", "MX"}) ask(before + name, type);
    }
    return all;
}

/// RCODE and records, names in lower case and in an order of their own: resolvers may rotate them.
std::string meaning(const Reply& reply) {
    const auto fold = [](std::string text) {
        std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
        return text;
    };
    std::vector<std::string> lines;
    for (const auto& line : reply.answer) lines.push_back(fold(line));
    std::ranges::sort(lines);
    auto text = fold(reply.rcode);
    for (const auto& line : lines) text += "\n  " + line;
    return text;
}

/// Over TCP, so that the server's own buffer towards its clients cuts nothing off. One at a time:
/// what unbound and PowerDNS Recursor say of a name that they are just learning by another
/// question depends on the moment, with NSD in this server's place too.
std::vector<std::string> ask_all(const Endpoint& server, const std::vector<Query>& queries) {
    const TcpClient client{server};
    std::vector<std::string> answers;
    for (const auto& query : queries) answers.push_back(meaning(client.ask(query)));
    return answers;
}

/// PowerDNS Recursor ends at an alias when it is asked for these types, whoever serves the zone.
bool known_to_differ(Resolver::Kind kind, const Query& query, const std::string& expected) {
    return kind == Resolver::Kind::PowerDns && (query.type == "DS" || query.type == "DNSKEY") &&
           expected.find(" cname ") != std::string::npos;
}

/// Each of the settings with a resolver of its own, whose cache is empty.
void check_resolver(Resolver::Kind kind, const std::vector<std::string>& settings) {
    const Internet internet;
    const auto queries = questions(internet.zones);
    const auto expected = ask_all(internet.everything.endpoint(), queries);
    CHECK(queries.size() > 1500);
    CHECK(std::set<std::string>{expected.begin(), expected.end()}.size() > 50);
    for (const auto& row : settings) {
        CAPTURE(row);
        const Resolver resolver{kind, parent_address, row};
        const auto answers = ask_all(resolver_endpoint, queries);
        for (std::size_t i = 0; i < queries.size(); ++i) {
            if (answers[i] == expected[i] || known_to_differ(kind, queries[i], expected[i]))
                continue;
            INFO(queries[i].name, " ", queries[i].type);
            CHECK_MESSAGE(false, "expected ", expected[i], "\nresolved ", answers[i]);
        }
    }
}

/// Thousands of questions: seconds, unless the machine is very busy.
void in_network(void (*body)()) {
    in_private_network(addresses, body, 4 * patience);
}

}  // namespace

TEST_CASE(
    "unbound resolves every name of a rich zone by minimised names and small buffers (RFC 9156)") {
    in_network([] {
        const std::string common =
            "  module-config: \"iterator\"\n"
            "  qname-minimisation: yes\n  qname-minimisation-strict: yes\n"
            "  use-caps-for-id: yes\n";
        check_resolver(Resolver::Kind::Unbound, {common + "  edns-buffer-size: 512\n",
                                                 common + "  edns-buffer-size: 1232\n"});
    });
}

TEST_CASE(
    "BIND resolves every name of a rich zone by minimised names and small buffers (RFC 9156)") {
    in_network([] {
        const std::string common = "  qname-minimization strict;\n";
        check_resolver(Resolver::Kind::Bind,
                       {common + "  edns-udp-size 512;\n", common + "  edns-udp-size 1232;\n"});
    });
}

TEST_CASE(
    "Knot Resolver resolves every name of a rich zone by minimised names and small buffers (RFC "
    "9156)") {
    in_network([] {
        // Minimised names and mixed case are on unless they are switched off.
        check_resolver(Resolver::Kind::Knot,
                       {"net.bufsize(1232, 512)\n", "net.bufsize(1232, 1232)\n"});
    });
}

TEST_CASE(
    "PowerDNS Recursor resolves every name of a rich zone by minimised names and small buffers "
    "(RFC 9156)") {
    in_network([] {
        const std::string common = "qname-minimization=yes\n";
        check_resolver(Resolver::Kind::PowerDns, {common + "edns-outgoing-bufsize=512\n",
                                                  common + "edns-outgoing-bufsize=1232\n"});
    });
}

TEST_CASE(
    "unbound with client subnets answers nobody with another network's lack of an address (RFC "
    "7871 "
    "section 7.2.1)") {
    in_network([] {
        const support::TemporaryFolder folder;
        const auto check_file = folder.write("far.state", "up");
        const auto zone = folder.write("zone.json", R"({
            "zone": "plex.example.com", "nameservers": { "ns1": "192.0.2.10" },
            "edges": {
                "near": { "addresses": ["203.0.113.30", "2001:db8:3::30"] },
                "far": { "addresses": "198.51.100.20", "check": { "file": ")" +
                                                        check_file + R"(", "interval": "1s" } }
            },
            "missing_family": "nodata", "all_down": "nodata",
            "records": {
                "@": { "steer": { "geo": { "20.0.0.0/8": "near", "*": "far" } } },
                "www": { "CNAME": "@" },
                "*.wild": { "steer": { "geo": { "20.0.0.0/8": "near", "*": "far" } } }
            }
        })");
        const ServerProcess server{{"--listen", "192.0.2.10:53", zone}};
        const auto parent = parent_server(parent_text + output_of(isochrone({"delegation", zone})));
        const Resolver resolver{Resolver::Kind::Unbound, parent_address,
                                "  module-config: \"subnetcache iterator\"\n"
                                "  send-client-subnet: 192.0.2.10\n"
                                "  client-subnet-always-forward: yes\n"};
        const auto got = [](const std::string& name, const char* type, const char* subnet) {
            const auto text = dig_short(resolver_endpoint,
                                        {name, type, "+subnet=" + std::string{subnet}, "+recurse"});
            const auto lines = lines_of(text);
            const auto last = lines.empty() ? std::string{} : lines.back().front();
            return last.find_first_not_of("0123456789abcdef.:") == std::string::npos ? last : "";
        };
        const std::vector<std::string> names{"plex.example.com", "www.plex.example.com",
                                             "some.wild.plex.example.com"};
        for (const auto& name : names) {
            CAPTURE(name);
            for (int round = 0; round < 2; ++round) {
                CHECK(got(name, "AAAA", "16.1.2.0/24").empty());
                CHECK(got(name, "AAAA", "20.1.2.0/24") == "2001:db8:3::30");
            }
        }
        folder.write("far.state", "down");
        REQUIRE(eventually([&] {
            return dig_short(server.endpoint(), {names[0], "A", "+subnet=17.1.2.0/24"}).empty();
        }));
        for (const auto& name : names) {
            CAPTURE(name);
            CHECK(got(name, "A", "17.1.2.0/24").empty());
            CHECK(got(name, "A", "20.1.2.0/24") == "203.0.113.30");
        }
    });
}

}  // namespace resolvers_test
