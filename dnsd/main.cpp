// SPDX-License-Identifier: Apache-2.0
// The command line: CLI11 reads it, and the command that it names runs.

#include "dnsd/commands/commands.hpp"
#include "dnsd/commands/log.hpp"
#include "dnsd/config/version.hpp"
#include "geo/text/suggestion.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include <malloc.h>

namespace {

using namespace commands;

constexpr const char* about =
    "An authoritative DNS server that answers each client with the address of the edge that serves "
    "it\n"
    "best. Zones are JSON files, or zone files of other servers; the help of each command below "
    "tells the rest.";

constexpr int usage_error = 2;

/// A sentence about a first word that is none of the commands; empty when there is no such word.
std::string unknown_command(const CLI::App& app, int argc, const char* const* argv) {
    std::vector<std::string> commands;
    for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; }))
        commands.push_back(command->get_name());
    for (int i = 1; i < argc; ++i) {
        const std::string word{argv[i]};
        if (word == "--config") ++i;
        if (word.starts_with('-')) continue;
        if (std::ranges::find(commands, word) != commands.end()) return {};
        const std::vector<std::string_view> known{commands.begin(), commands.end()};
        const auto near = zones::suggestion(word, known);
        return "there is no command \"" + word + '"' +
               (near.empty() ? "; isochrone --help lists those that there are"
                             : near + " isochrone --help lists all");
    }
    return {};
}

int run(int argc, char** argv) {
    Flags flags;
    int status = 0;
    CLI::App app{about, "isochrone"};
    app.set_version_flag("--version", "isochrone " + std::string{control::version});
    app.require_subcommand(1);
    app.fallthrough();
    app.add_option("--config", flags.config,
                   "Settings as JSON [default: " + std::string{control::default_config_file} +
                       ", if it exists]");
    for (auto* add :
         {add_serve, add_check, add_explain, add_delegation, add_import, add_key, add_cities,
          add_probe, add_doctor, add_status, add_clients, add_drain, add_undrain, add_setup})
        add(app, flags, status);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& end) {
        if (const auto text = unknown_command(app, argc, argv); !text.empty()) {
            fail(text);
            return usage_error;
        }
        return app.exit(end) == 0 ? 0 : usage_error;  // --help ends here too
    }
    return status;
}

}  // namespace

int main(int argc, char** argv) {
    // Maps and databases are large and go one after the other: from 256 KiB on they are mappings of
    // their own, which leave no holes in the heap. glibc would raise this limit as it goes.
    ::mallopt(M_MMAP_THRESHOLD, 256 << 10);
    try {
        begin_log();
        return run(argc, argv);
    } catch (const std::exception& escaped) {
        return fail(escaped.what());
    }
}
