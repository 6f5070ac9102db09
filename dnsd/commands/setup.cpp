// SPDX-License-Identifier: Apache-2.0
#include "dnsd/commands/check.hpp"
#include "dnsd/commands/commands.hpp"
#include "dnsd/doctor/delegation_gaps.hpp"
#include "dnsd/setup/edge_place.hpp"
#include "dnsd/setup/page.hpp"
#include "dnsd/setup/parts.hpp"
#include "dnsd/setup/said.hpp"
#include "dnsd/setup/tunnel_keys.hpp"
#include "dnsd/setup/write_folder.hpp"
#include "dnsd/tsig/keys.hpp"
#include "geo/text/printable.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <unistd.h>

namespace commands {
namespace {

struct SetupFlags {
    std::string zone;
    std::vector<std::string> edges;
    std::string home;
    std::string out;
    std::string servers_in;
    bool wireguard = false;
    bool no_wireguard = false;
    bool whole_domain = false;
    bool yes = false;
};

constexpr const char* zone_question = "The name of the zone, as in plex.example.com: ";
constexpr const char* edge_question =
    "An edge, as in newyork=192.0.2.10 (an empty line ends the list): ";
constexpr const char* home_question =
    "Home, as the edges reach it, as in 10.8.0.2:32400 for Plex through a tunnel: ";

/// Gathers the plan from flags and, at a terminal, from answers. Tells every fault.
class Planner {
 public:
    explicit Planner(const SetupFlags& flags)
        : flags_{flags}, may_ask_{!flags.yes && ::isatty(STDIN_FILENO) == 1} {}

    /// Nothing when there was a fault.
    [[nodiscard]] std::optional<setup::Plan> plan() {
        setup::Plan plan;
        plan.whole_domain = flags_.whole_domain;
        read_zone(plan);
        read_edges(plan);
        read_home(plan);
        read_servers(plan);
        if (good_) {
            for (const auto& text : setup::faults_of(plan)) tell(text);
        }
        return good_ ? std::optional{plan} : std::nullopt;
    }

 private:
    void tell(const std::string& text) {
        fail(text);
        good_ = false;
    }

    /// The next line of the terminal. Nothing at its end.
    [[nodiscard]] static std::optional<std::string> answer_to(const std::string& question) {
        std::fprintf(stderr, "%s", geo::printable(question).c_str());
        std::string line;
        if (!std::getline(std::cin, line)) return std::nullopt;
        return line;
    }

    /// Reads what was said, or else what is answered, until it can be read.
    template <class Value, class Read>
    std::optional<Value> take(const std::string& said, const std::string& flag,
                              const char* question, Read read) {
        if (said.empty() && !may_ask_) {
            tell(flag + " is missing; isochrone setup --help has an example");
            return std::nullopt;
        }
        if (!said.empty()) {
            auto value = read(said);
            if (value) return *value;
            tell(flag + ": " + value.error().text);
            return std::nullopt;
        }
        while (const auto line = answer_to(question)) {
            auto value = read(*line);
            if (value) return *value;
            fail(value.error().text);
        }
        tell(flag + " is missing");
        return std::nullopt;
    }

    void read_zone(setup::Plan& plan) {
        const auto extent =
            flags_.whole_domain ? setup::Extent::WholeDomain : setup::Extent::Subdomain;
        const auto name = take<zones::Name>(
            flags_.zone, "ZONE", zone_question,
            [&](const auto& text) { return setup::read_zone_name(text, extent); });
        if (name) plan.zone = *name;
    }

    void read_edges(setup::Plan& plan) {
        for (const auto& text : flags_.edges) add_edge(plan, text);
        if (!flags_.edges.empty()) return;
        while (may_ask_) {
            const auto line = answer_to(edge_question);
            if (!line || line->empty()) break;
            auto edge = setup::read_edge(*line);
            if (!edge) {
                fail(edge.error().text);
            } else if (place(*edge)) {
                plan.edges.push_back(*edge);
            }
        }
        if (plan.edges.empty())
            tell("--edge is missing; each VM is one, as in --edge newyork=192.0.2.10");
    }

    void add_edge(setup::Plan& plan, const std::string& text) {
        auto edge = setup::read_edge(text);
        if (!edge) return tell("--edge: " + edge.error().text);
        if (place(*edge)) return plan.edges.push_back(*edge);
        good_ = false;
    }

    /// Finds where it stands, or asks. False, and a line about it, when that is not known.
    [[nodiscard]] bool place(setup::Edge& edge) {
        if (!edge.location.empty()) return true;
        auto found = setup::place_of(edge.name);
        while (!found) {
            fail("where is " + edge.name + "? " + found.error().text);
            if (!may_ask_) break;
            const auto line = answer_to("The city of " + edge.name + ": ");
            if (!line) break;
            found = setup::read_place(*line);
        }
        if (!found) {
            fail("say it in the flag: --edge '" + edge.name + "=" +
                 geo::to_text(edge.addresses.front()) + "@CITY, COUNTRY'");
            return false;
        }
        edge.location = *found;
        return true;
    }

    void read_home(setup::Plan& plan) {
        const auto home =
            take<net::Endpoint>(flags_.home, "--home", home_question,
                                [](const auto& text) { return setup::read_home(text); });
        if (!home) return;
        plan.home = *home;
        plan.way = setup::way_to(*home);
        if (flags_.wireguard) plan.way = setup::WayHome::WireGuard;
        if (flags_.no_wireguard) plan.way = setup::WayHome::Plain;
    }

    void read_servers(setup::Plan& plan) {
        if (flags_.servers_in.empty()) return;
        const auto name = setup::read_zone_name(flags_.servers_in, setup::Extent::WholeDomain);
        if (!name) return tell("--nameservers-in: " + name.error().text);
        plan.servers_in = *name;
    }

    const SetupFlags& flags_;
    bool may_ask_;
    bool good_ = true;
};

std::optional<setup::Secrets> make_secrets(const setup::Plan& plan) {
    setup::Secrets secrets{.node_key = transfer::make_key_file(plan.zone), .home = {}, .edges = {}};
    if (plan.way == setup::WayHome::Plain) return secrets;
    for (std::size_t i = 0; i <= plan.edges.size(); ++i) {
        const auto keys = setup::make_tunnel_keys();
        if (!keys) {
            fail(keys.error().text);
            return std::nullopt;
        }
        if (i == 0) secrets.home = *keys;
        if (i > 0) secrets.edges.push_back(*keys);
    }
    return secrets;
}

/// Whether `check` finds each VM's files good. `missing` is what the parent would miss.
bool check_folder(const std::string& folder, const setup::Plan& plan,
                  std::vector<std::string>& missing) {
    for (const auto& edge : plan.edges) {
        geo::Problems problems;
        const auto config =
            control::load_config(folder + "/" + edge.name + "/isochrone.json", problems);
        const auto catalog = config ? check_files(*config, problems) : zones::Catalog{};
        print(problems);
        if (geo::any_fault(problems) || catalog.zones().empty()) return false;
        missing = doctor::delegation_gaps(*catalog.zones().front().zone);
    }
    return true;
}

void warn(const std::string& text) {
    print({{.file = "setup", .path = {}, .text = text, .severity = geo::Severity::Warning}});
}

void print_plan(const setup::Plan& plan, const std::string& out) {
    for (std::size_t i = 0; i < plan.edges.size(); ++i) {
        const auto& edge = plan.edges[i];
        std::printf("%s  %s  %s", edge.name.c_str(), geo::to_text(edge.addresses.front()).c_str(),
                    edge.location.c_str());
        if (i < setup::name_server_count(plan))
            std::printf("  %s", setup::name_server(plan, i).c_str());
        std::printf("\n");
    }
    std::printf("home  %s  %s\n", net::to_text(plan.home).c_str(),
                plan.way == setup::WayHome::WireGuard ? "through WireGuard"
                                                      : "without a tunnel of these files");
    std::printf("written; go on with %s/DO-THIS.md\n", out.c_str());
}

int set_up(const SetupFlags& flags) {
    const auto plan = Planner{flags}.plan();
    if (!plan) return fail("nothing was written");
    const auto secrets = make_secrets(*plan);
    if (!secrets) return 1;
    const auto out = flags.out.empty() ? setup::zone_of(*plan) : flags.out;
    std::vector<std::string> missing;
    const auto fault = setup::write_folder(
        out, setup::files_of(*plan, *secrets),
        [&](const auto& folder) { return check_folder(folder, *plan, missing); });
    if (fault) return fail(fault->text);
    for (const auto& text : setup::warnings_of(*plan)) warn(text);
    for (const auto& text : missing) warn("missing: " + text);
    print_plan(*plan, out);
    return 0;
}

}  // namespace

void add_setup(CLI::App& app, Flags&, int& status) {
    auto& command = *app.add_subcommand("setup",
                                        "Write a folder for each VM (settings, key, zone, relay, "
                                        "tunnel, firewall), one for home, and a\n"
                                        "page that says what to do there and at the registrar. "
                                        "Asks at a terminal for what is missing. Example:\n"
                                        "  isochrone setup plex.example.com --edge "
                                        "newyork=192.0.2.10 --edge singapore=198.51.100.20 "
                                        "--home 10.8.0.2:32400");
    const auto flags = std::make_shared<SetupFlags>();
    command.add_option("zone", flags->zone, "The name that viewers use, as in plex.example.com");
    command
        .add_option("--edge", flags->edges,
                    "A VM: NAME=ADDRESS, NAME=ADDRESS,ADDRESS or NAME=ADDRESS@PLACE, repeatable. A "
                    "place is a city "
                    "or LATITUDE,LONGITUDE [default: as the name says]")
        ->allow_extra_args(false);
    command.add_option("--home", flags->home,
                       "ADDRESS:PORT of the media server as the edges reach it: in the tunnel, or "
                       "on the internet");
    auto* tunnel = command.add_flag(
        "--wireguard", flags->wireguard,
        "Make a tunnel from home to each edge [default: if home's address is private]");
    command.add_flag("--no-wireguard", flags->no_wireguard, "The edges reach home without one")
        ->excludes(tunnel);
    command.add_option("--out", flags->out, "The folder to make [default: the name of the zone]");
    command.add_option(
        "--nameservers-in", flags->servers_in,
        "A domain for the names of the name servers, ns1 and so on [default: the zone]");
    command.add_flag("--whole-domain", flags->whole_domain,
                     "The zone is all of a domain, which a registrar delegates");
    command.add_flag("--yes", flags->yes, "Ask nothing");
    command.callback([flags, &status] { status = set_up(*flags); });
}

}  // namespace commands
