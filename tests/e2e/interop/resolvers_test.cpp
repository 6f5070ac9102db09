// SPDX-License-Identifier: Apache-2.0
// Four resolvers find every name and every type of a rich zone, from the root down. What they are
// to find is what NSD answers that has the same records, all zones of this internet, and for the
// steered names what this server answers to the address from which the resolver asks.

#include "tests/e2e/interop/parent_server.hpp"
#include "tests/e2e/interop/resolver.hpp"
#include "tests/e2e/interop/rich_zone.hpp"
#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/private_network.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <vector>

namespace resolvers_test {

using namespace e2e;

namespace {

/// Of the zone's name servers, the parent, the zones below cuts, and the resolver.
const std::vector<std::string> addresses{
    "192.0.2.10/32",   "198.51.100.20/32", "2001:db8:1::10/128", "2001:db8:2::20/128",
    "203.0.113.53/32", "203.0.113.54/32",  "203.0.113.99/32",    "2001:db8:9::99/128"};
/// The owners of the zone and of those below its cuts, and the names between them and the apex.
std::set<std::string> existing_names(const std::vector<PeerZone>& zones) {
    std::set<std::string> names;
    for (const auto& zone : zones) {
        if (!zone.name.ends_with(rich_zone_name)) continue;
        for (const auto& words : words_of_lines(zone.text)) {
            auto name = words[0] == "@" ? zone.name : words[0] + "." + zone.name;
            if (words[0].ends_with(".")) name = words[0].substr(0, words[0].size() - 1);
            for (; name != rich_zone_name; name.erase(0, name.find('.') + 1)) names.insert(name);
        }
    }
    names.insert(rich_zone_name);
    return names;
}

/// All that the zones have, and some that they have not.
std::set<std::string> types(const std::vector<PeerZone>& zones) {
    std::set<std::string> types{"PTR", "DNSKEY", "TYPE65281"};
    for (const auto& zone : zones) {
        for (const auto& words : words_of_lines(zone.text)) {
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
    const RichInternet internet;
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
        const auto parent =
            parent_server(rich_zone_parent_lines + output_of(isochrone({"delegation", zone})));
        const Resolver resolver{Resolver::Kind::Unbound, parent_address,
                                "  module-config: \"subnetcache iterator\"\n"
                                "  send-client-subnet: 192.0.2.10\n"
                                "  client-subnet-always-forward: yes\n"};
        const auto got = [](const std::string& name, const char* type, const char* subnet) {
            const auto text = dig_short(resolver_endpoint,
                                        {name, type, "+subnet=" + std::string{subnet}, "+recurse"});
            const auto lines = words_of_lines(text);
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
