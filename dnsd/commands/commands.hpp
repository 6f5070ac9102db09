// SPDX-License-Identifier: Apache-2.0
#pragma once
// The subcommands, a file each. Each function adds one to `app`. Where the command line names it, it
// runs when that has been read, and leaves its exit status in `status`.

#include "dnsd/commands/flags.hpp"

namespace commands {

using Add = void(CLI::App& app, Flags& flags, int& status);

Add add_serve, add_check, add_explain, add_delegation, add_import, add_key, add_cities, add_probe,
    add_doctor, add_status, add_clients, add_drain, add_undrain, add_setup;

}  // namespace commands
