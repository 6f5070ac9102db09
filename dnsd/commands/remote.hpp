// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the commands have in common that ask the server that runs: `status`, `clients`, `drain` and
// `undrain`.

#include <string>
#include <vector>

namespace commands {

struct RemoteFlags {
    std::string folder;              // the server's state folder
    std::vector<std::string> edges;  // patterns: EDGE or ZONE/EDGE
    std::string time;                // of a drain: "2h"; empty for none
    std::string until;               // or its end: "18:00", "2026-11-24 18:00", in local time
    unsigned count = 20;             // of clients
    bool json = false;
    bool monitor = false;  // `status` as a plugin of Nagios
    bool here = false;     // a drain at this node alone
};

struct Flags;

/// Runs the command at the state folder that settings and flags name, and returns its exit status.
[[nodiscard]] int at_server(const Flags& flags, int (*command)(const RemoteFlags&));

}  // namespace commands
