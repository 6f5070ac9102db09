// SPDX-License-Identifier: Apache-2.0
#include "dnsd/commands/commands.hpp"
#include "dnsd/server/server.hpp"

#include <CLI/CLI.hpp>

namespace commands {
namespace {

int serve(const Flags& flags) {
    const auto config = configure(flags);
    if (!config) return 1;
    return control::serve(*config);
}

}  // namespace

void add_serve(CLI::App& app, Flags& flags, int& status) {
    auto& command = *app.add_subcommand(
        "serve",
        "Answer queries until a signal ends it (SIGTERM, Ctrl-C); SIGHUP reloads.\n"
        "Zone files and databases that change are read again by themselves. Example:\n"
        "  isochrone serve --listen 192.0.2.10:53 --listen '[2001:db8::10]:53' "
        "/etc/isochrone/zones");
    add_zones(command, flags);
    command
        .add_option("--listen", flags.listen,
                    "ADDRESS:PORT for UDP and TCP, repeatable [default: port 53 of all addresses]")
        ->allow_extra_args(false);
    command
        .add_option("--workers", flags.workers, "Threads that answer [default: one for each core]")
        ->check(CLI::Range(1, 256));
    command.add_option("--user", flags.user,
                       "Who to become once the ports are open [default: stay who starts it]");
    command.add_flag("--pin-workers", flags.pin_workers, "Keep each worker on one core");
    command.add_flag("--keep-going", flags.keep_going,
                     "Start without what is faulty, also the first time, when nothing is kept "
                     "from before");
    add_sources(command, flags);
    add_state(command, flags);
    command.callback([&] { status = serve(flags); });
}

}  // namespace commands
