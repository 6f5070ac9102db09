// SPDX-License-Identifier: Apache-2.0
#include "dnsd/commands/check.hpp"

#include "dnsd/commands/commands.hpp"
#include "dnsd/config/node_settings.hpp"
#include "dnsd/loading/cookie_secrets.hpp"
#include "dnsd/loading/loader.hpp"
#include "dnsd/rights/access.hpp"
#include "dnsd/rights/privileges.hpp"
#include "dnsd/server/start_check.hpp"
#include "dnsd/threads/meanwhile.hpp"
#include "dnsd/tsig/keys.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <utility>

#include <unistd.h>

namespace commands {
namespace {

constexpr std::chrono::seconds tell_every{2};

/// What stands in files is looked at always; what this machine has, where the files are its own.
enum class CheckScope : std::uint8_t { Files, Machine };

using geo::Severity;

/// `serve` goes on without: then nothing is shared, which is not what was asked for.
void check_node(const control::NodeSettings& node, const zones::Catalog& catalog, CheckScope scope,
                geo::Problems& problems) {
    const auto add = [&](std::string text, Severity severity) {
        problems.push_back(
            {.file = "settings", .path = {}, .text = std::move(text), .severity = severity});
    };
    const auto* zone = zone_of(node, catalog);
    // Files that are named may be some of all that are served.
    const bool elsewhere = zone == nullptr && scope == CheckScope::Files;
    const auto fault = node_fault(node, catalog);
    if (!fault.empty()) return add(fault, elsewhere ? Severity::Warning : Severity::Fault);
    for (const auto& peer : peer_faults(node, *zone)) add(peer, Severity::Fault);
}

/// Whoever checks as root what another user serves has only programs to fear.
void warn_of_root(const control::Config& config, const zones::Catalog& catalog,
                  geo::Problems& problems) {
    const auto runs = [](const auto& served) { return control::runs_programs(*served.zone); };
    if (!control::root_without_need(config.user) || std::ranges::none_of(catalog.zones(), runs))
        return;
    problems.push_back({.file = "serve",
                        .path = {},
                        .text = std::string{control::root_warning},
                        .severity = geo::Severity::Warning});
}

/// Somebody who looks on sees how far it is.
zones::Catalog load_in_sight(control::Loader& loader, geo::Problems& problems) {
    if (::isatty(STDERR_FILENO) == 0) return loader.load(problems);
    std::atomic<bool> told{false};
    zones::Catalog catalog;
    {
        const control::Meanwhile meanwhile{
            tell_every, [&](std::chrono::milliseconds passed) {
                const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(passed);
                std::fprintf(stderr, "\r%s (%lld s)\033[K", loader.progress()->text().c_str(),
                             static_cast<long long>(seconds.count()));
                told = true;
            }};
        catalog = loader.load(problems);
    }
    if (told) std::fputs("\r\033[K", stderr);
    return catalog;
}

/// Returns what is good. All that is not goes to `problems`. Looks at no addresses.
zones::Catalog check_without_sockets(const control::Config& config, CheckScope scope,
                                     geo::Problems& problems) {
    control::become_user(config, problems);
    if (scope == CheckScope::Machine) control::check_state_folder(config, problems);
    if (config.node) static_cast<void>(transfer::load_keys(config.node->key_file, problems));
    control::CookieSecretFile cookies{config.cookie_secrets};
    if (cookies.named()) static_cast<void>(cookies.load(problems));
    auto sources = config.sources;
    sources.survey = geo::SourceFiles::Survey::All;
    control::Loader loader{config.zones, std::move(sources)};
    auto catalog = load_in_sight(loader, problems);
    warn_of_root(config, catalog, problems);
    if (config.node) check_node(*config.node, catalog, scope, problems);
    if (scope == CheckScope::Machine) control::check_programs(catalog, problems);
    control::explain_denials(problems);
    return catalog;
}

zones::Catalog check_all(const control::Config& config, CheckScope scope, geo::Problems& problems) {
    // In the order in which `serve` does it: what comes after the sockets is done as its user.
    if (scope == CheckScope::Machine) control::check_addresses(config, problems);
    return check_without_sockets(config, scope, problems);
}

void print_good(const zones::Catalog& catalog) {
    for (const auto& served : catalog.zones()) {
        const auto& zone = *served.zone;
        std::printf("%s good: %zu names, %zu edges, %zu steered names, serial %u\n",
                    zone.apex().text().c_str(), zone.name_count(), zone.edges().size(),
                    zone.steers().size(), zone.serial());
    }
}

int check(const Flags& flags) {
    const auto config = configure(flags);
    if (!config) return 1;
    const bool of_machine =
        flags.zones.empty() || !flags.user.empty() || !flags.remote.folder.empty();
    geo::Problems problems;
    print_good(check_all(*config, of_machine ? CheckScope::Machine : CheckScope::Files, problems));
    print(problems);
    return geo::any_fault(problems) ? 1 : 0;
}

}  // namespace

zones::Catalog check_files(const control::Config& config, geo::Problems& problems) {
    return check_all(config, CheckScope::Files, problems);
}

zones::Catalog check_as_server(const control::Config& config, geo::Problems& problems) {
    return check_without_sockets(config, CheckScope::Machine, problems);
}

void add_check(CLI::App& app, Flags& flags, int& status) {
    auto& command = *app.add_subcommand(
        "check",
        "Read zone files, databases and secrets as `serve` would, print every "
        "fault with its place, and end:\n"
        "status 0 when all is good, 1 when anything is faulty. Where no ZONES are "
        "named, addresses and\n"
        "state folder are tried too. Example:\n"
        "  sudo isochrone check --user isochrone");
    add_zones(command, flags);
    command.add_option("--user", flags.user,
                       "Whose rights to read files count; root can ask for any user's "
                       "[default: as the settings say]");
    add_sources(command, flags);
    add_state(command, flags);
    command.callback([&] { status = check(flags); });
}

}  // namespace commands
