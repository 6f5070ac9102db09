// SPDX-License-Identifier: Apache-2.0
#include "dnsd/commands/delegation.hpp"

#include "dnsd/commands/commands.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <set>
#include <vector>

namespace commands {
namespace {

constexpr std::uint32_t parent_ttl = 86400;  // of NS and glue, as parents usually have it

std::string line(const std::string& owner, const std::string& type, const std::string& data) {
    return owner + "\t" + std::to_string(parent_ttl) + "\tIN\t" + type + "\t" + data + "\n";
}

/// Example addresses (RFC 5737, RFC 3849): the zone was copied and not finished.
bool is_example(const geo::Address& address) {
    static const std::vector<geo::Prefix> prefixes{
        *geo::read_prefix("192.0.2.0/24"), *geo::read_prefix("198.51.100.0/24"),
        *geo::read_prefix("203.0.113.0/24"), *geo::read_prefix("2001:db8::/32")};
    return std::ranges::any_of(prefixes,
                               [&](const auto& prefix) { return prefix.contains(address); });
}

/// A line for each name server whose addresses its own zone has.
std::string outside_of(const zones::Zone& zone) {
    std::string text;
    for (const auto& server : zone.name_servers()) {
        if (!server.addresses.empty()) continue;
        text += "; " + server.name.text() +
                " is outside of this zone: its addresses stand in its own zone, no glue here\n";
    }
    return text;
}

}  // namespace

std::vector<std::string> missing_in(const zones::Zone& zone) {
    std::vector<std::string> missing;
    std::set<std::string> addresses;
    std::size_t count = 0;
    bool any_v4 = false;
    std::string unreachable;
    std::string examples;
    for (const auto& server : zone.name_servers()) {
        any_v4 |= server.addresses.empty();
        for (const auto& address : server.addresses) {
            ++count;
            addresses.insert(geo::to_text(address));
            any_v4 |= address.family == geo::Family::V4;
            if (!geo::routable(address)) unreachable += " " + geo::to_text(address);
            if (is_example(address)) examples += " " + geo::to_text(address);
        }
    }
    if (!unreachable.empty())
        missing.push_back("addresses that the internet can reach, instead of" + unreachable);
    if (!examples.empty())
        missing.push_back("your own addresses, instead of those for examples:" + examples);
    if (zone.name_servers().size() < 2) {
        missing.push_back(
            "a second name server; many registries want two, and one machine fails now and then");
    } else if (addresses.size() < count) {
        missing.push_back(
            "name servers on machines of their own: an address serves more than one of them");
    }
    if (!any_v4) missing.push_back("an IPv4 address: many resolvers have no IPv6");
    return missing;
}

std::string delegation_of(const zones::Zone& zone) {
    const auto apex = zone.apex().text();
    std::string text = "; " + apex + " in its parent zone " + zone.apex().parent().text() + "\n";
    for (const auto& server : zone.name_servers()) text += line(apex, "NS", server.name.text());
    for (const auto& server : zone.name_servers()) {
        for (const auto& address : server.addresses) {
            text += line(server.name.text(), address.family == geo::Family::V4 ? "A" : "AAAA",
                         geo::to_text(address));
        }
    }
    text += "; A registrar's form wants the same as name server (host) and addresses (glue):\n";
    for (const auto& server : zone.name_servers()) {
        auto name = server.name.text();
        name.pop_back();
        text += ";   " + name +
                (server.addresses.empty() ? "  (its addresses are known from its own zone)" : "");
        for (const auto& address : server.addresses) text += "  " + geo::to_text(address);
        text += "\n";
    }
    text += outside_of(zone);
    for (const auto& what : missing_in(zone)) text += "; MISSING: " + what + "\n";
    return text;
}

namespace {

int print_delegations(const Flags& flags) {
    const auto config = configure(flags);
    if (!config) return 1;
    geo::Problems problems;
    const auto catalog = load_zones(*config, problems);
    bool first = true;
    for (const auto& served : catalog.zones()) {
        std::printf("%s%s", first ? "" : "\n", delegation_of(*served.zone).c_str());
        first = false;
    }
    return geo::any_fault(problems) ? 1 : 0;
}

}  // namespace

void add_delegation(CLI::App& app, Flags& flags, int& status) {
    auto& command = *app.add_subcommand(
        "delegation",
        "Print the NS and glue records that the parent zone or the registrar needs, one block a\n"
        "zone, and what is missing.");
    add_zones(command, flags);
    command.callback([&] { status = print_delegations(flags); });
}

}  // namespace commands
