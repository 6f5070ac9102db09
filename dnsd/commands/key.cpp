// SPDX-License-Identifier: Apache-2.0
#include "dnsd/commands/commands.hpp"
#include "dnsd/tsig/keys.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <string>

namespace commands {
namespace {

int key(const Flags& flags) {
    const std::string text = flags.name.empty() ? "isochrone" : flags.name;
    const auto name = zones::Name::from_text(text, zones::Name{});
    if (!name || name->label_count() == 0) return fail("\"" + text + "\" is no name");
    std::fputs(transfer::make_key_file(*name).c_str(), stdout);
    return 0;
}

}  // namespace

void add_key(CLI::App& app, Flags& flags, int& status) {
    auto& command = *app.add_subcommand(
        "key",
        "Print a new key file: the secret that the nodes of a zone share, for \"node\" in\n"
        "isochrone.json, and for dig -k. Example:\n"
        "  (umask 027; isochrone key > /etc/isochrone/isochrone.key)");
    command.add_option("name", flags.name, "The name of the key [default: isochrone]");
    command.callback([&] { status = key(flags); });
}

}  // namespace commands
