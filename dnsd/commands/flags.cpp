// SPDX-License-Identifier: Apache-2.0
#include "dnsd/commands/flags.hpp"

#include "dnsd/commands/log.hpp"
#include "dnsd/loading/loader.hpp"
#include "dnsd/rights/access.hpp"
#include "dnsd/server/start_check.hpp"
#include "dnsd/sockets/endpoint.hpp"
#include "geo/text/printable.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <filesystem>
#include <system_error>

namespace commands {

void print(const geo::Problems& problems) {
    for (const auto& problem : problems) {
        const auto priority =
            problem.severity == geo::Severity::Fault ? priority_of_fault() : priority_of_warning();
        std::fprintf(stderr, "%s%s\n", priority.data(), geo::to_text(problem).c_str());
    }
}

int fail(const std::string& text) {
    std::fprintf(stderr, "%sisochrone: %s\n", priority_of_fault().data(),
                 geo::printable(text).c_str());
    return 1;
}

std::optional<control::Config> configure(const Flags& flags) {
    auto config = control::default_config();
    std::string path = flags.config;
    std::error_code unseen;  // if its folder may not be entered, who reads it says so
    const auto kind = std::filesystem::status(control::default_config_file, unseen).type();
    if (path.empty() && kind != std::filesystem::file_type::not_found)
        path = control::default_config_file;
    geo::Problems problems;
    if (!path.empty()) {
        const auto loaded = control::load_config(path, problems);
        control::explain_denials(problems);
        print(problems);
        if (!loaded) return std::nullopt;
        config = *loaded;
    }
    if (!flags.listen.empty()) config.listen.clear();
    for (const auto& text : flags.listen) {
        const auto endpoint = net::read_endpoint(text);
        if (!endpoint) {
            fail("--listen: " + endpoint.error().text);
            return std::nullopt;
        }
        config.listen.push_back(*endpoint);
    }
    if (!flags.zones.empty()) config.zones = flags.zones;
    if (config.zones.empty()) config.zones = {control::default_zone_folder};
    if (!flags.databases.empty()) config.sources.databases = flags.databases;
    if (!flags.places.empty()) config.sources.places = flags.places;
    if (flags.workers != 0) config.workers = flags.workers;
    config.pinned |= flags.pin_workers;
    if (!flags.user.empty()) config.user = flags.user;
    if (!flags.remote.folder.empty()) config.state = flags.remote.folder;
    config.keep_going = flags.keep_going;
    return config;
}

zones::Catalog load_zones(const control::Config& config, geo::Problems& problems) {
    control::Loader loader{config.zones, {}};
    auto catalog = loader.load(problems);
    print(problems);
    return catalog;
}

void add_state(CLI::App& command, Flags& flags) {
    command.add_option("--state", flags.remote.folder,
                       "Folder of what the server keeps over restarts, and of its control socket "
                       "[default: " +
                           std::string{control::default_state_folder} + "]");
}

void add_edges(CLI::App& command, Flags& flags) {
    command
        .add_option("edges", flags.remote.edges,
                    "EDGE or ZONE/EDGE, with * and ? as in file names; quote them")
        ->required();
}

void add_zones(CLI::App& command, Flags& flags) {
    command.add_option("zones", flags.zones,
                       "Zone files, or folders of files that end in .json or .zone [default: " +
                           std::string{control::default_zone_folder} + "]");
}

void add_sources(CLI::App& command, Flags& flags) {
    command
        .add_option(
            "--database", flags.databases,
            "A GeoIP database (mmdb: GeoLite2, GeoIP2, DB-IP, IPinfo, …), repeatable. What "
            "the first "
            "does not know, the next is asked. Without any, the built-in country database is used")
        ->allow_extra_args(false);
    command.add_option(
        "--places", flags.places,
        "A CSV file (prefix,latitude,longitude,country,asn) that overrides all databases");
}

}  // namespace commands
