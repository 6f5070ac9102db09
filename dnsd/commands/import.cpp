// SPDX-License-Identifier: Apache-2.0
#include "dnsd/commands/commands.hpp"
#include "zones/master/zone_import.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>

namespace commands {
namespace {

int import_file(const Flags& flags) {
    auto origin = zones::origin_of(flags.file);
    if (!flags.zone.empty()) {
        origin = zones::Name::from_text(flags.zone, zones::Name{});
        if (!origin) return fail("--zone: \"" + flags.zone + "\" is no name");
    }
    geo::Problems problems;
    const auto text = zones::import_zone(flags.file, origin, problems);
    print(problems);
    if (!text) return 1;
    std::fputs(text->c_str(), stdout);
    return std::fflush(stdout) == 0 ? 0 : fail("the zone cannot be written");
}

}  // namespace

void add_import(CLI::App& app, Flags& flags, int& status) {
    auto& command = *app.add_subcommand(
        "import",
        "Print the JSON of a zone that is in a zone file of another server (master format, RFC "
        "1035).\nRecords of DNSSEC are left out. Example:\n"
        "  isochrone import --zone example.com db.example > /etc/isochrone/zones/example.com.json");
    command.add_option("file", flags.file, "The zone file")->required();
    command.add_option(
        "--zone", flags.zone,
        "What its relative names are relative to before an $ORIGIN [default: as its own name says, "
        "if that is NAME.zone or db.NAME]");
    command.callback([&] { status = import_file(flags); });
}

}  // namespace commands
