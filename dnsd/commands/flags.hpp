// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the command line says, and what all commands do with it.

#include "dnsd/commands/remote.hpp"
#include "dnsd/config/config.hpp"
#include "geo/base/problem.hpp"
#include "zones/zone/catalog.hpp"

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace commands {

/// What the flags say; they replace what the config file says.
struct Flags {
    std::string config;
    std::vector<std::string> zones;
    std::vector<std::string> listen;
    std::vector<std::string> databases;
    std::string places;
    unsigned workers = 0;
    bool pin_workers = false;
    std::string user;
    bool keep_going = false;
    std::string name;
    std::string asker;
    std::string file;
    std::string zone;
    bool offline = false;
    std::vector<std::string> resolvers;  // of `doctor`
    std::vector<std::string> parents;
    RemoteFlags remote;
};

/// Defaults, then the config file, then the flags. Nothing, and a line on standard error, where one of
/// them is faulty.
[[nodiscard]] std::optional<control::Config> configure(const Flags& flags);

/// Loads the zones alone: no databases. What is wrong with them is printed, and added to `problems`.
[[nodiscard]] zones::Catalog load_zones(const control::Config& config, geo::Problems& problems);

/// On standard error, a line each.
void print(const geo::Problems& problems);

/// Prints the text on standard error, and returns the exit status of a failure: 1.
int fail(const std::string& text);

// The flags and arguments that several commands have.
void add_state(CLI::App& command, Flags& flags);
void add_edges(CLI::App& command, Flags& flags);
void add_zones(CLI::App& command, Flags& flags);
void add_sources(CLI::App& command, Flags& flags);

}  // namespace commands
