// SPDX-License-Identifier: Apache-2.0
#include "dnsd/commands/delegation.hpp"

#include "dnsd/commands/commands.hpp"
#include "dnsd/doctor/delegation_gaps.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>

namespace commands {
namespace {

constexpr std::uint32_t parent_ttl = 86400;  // of NS and glue, as parents usually have it

std::string line(const std::string& owner, const std::string& type, const std::string& data) {
    return owner + "\t" + std::to_string(parent_ttl) + "\tIN\t" + type + "\t" + data + "\n";
}

/// A line for each name server whose addresses its own zone has.
std::string outside_of(const zones::Zone& zone) {
    std::string text;
    for (const auto& name : doctor::outside_servers(zone)) {
        text += "; " + name.text() +
                " is outside of this zone: its addresses stand in its own zone, no glue here\n";
    }
    return text;
}

}  // namespace

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
    for (const auto& what : doctor::delegation_gaps(zone)) text += "; MISSING: " + what + "\n";
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
