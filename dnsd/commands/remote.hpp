// SPDX-License-Identifier: Apache-2.0
#pragma once
// The commands that ask a server that runs: `clients`, `drain` and `undrain`. Each prints, and returns its
// exit status.

#include <string>
#include <vector>

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

[[nodiscard]] int show_clients(const RemoteFlags& flags);
[[nodiscard]] int drain(const RemoteFlags& flags);
[[nodiscard]] int undrain(const RemoteFlags& flags);
