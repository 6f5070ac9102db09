// SPDX-License-Identifier: Apache-2.0
// The command line: each subcommand is a function of what CLI11 has read.

#include "dnsd/commands/check.hpp"
#include "dnsd/commands/delegation.hpp"
#include "dnsd/commands/explain.hpp"
#include "dnsd/commands/log.hpp"
#include "dnsd/commands/probe.hpp"
#include "dnsd/commands/remote.hpp"
#include "dnsd/commands/status.hpp"
#include "dnsd/config/config.hpp"
#include "dnsd/config/version.hpp"
#include "dnsd/loading/loader.hpp"
#include "dnsd/server/privileges.hpp"
#include "dnsd/server/server.hpp"
#include "dnsd/server/start_check.hpp"
#include "dnsd/state/state_folder.hpp"
#include "dnsd/tsig/keys.hpp"
#include "geo/place/cities.hpp"
#include "geo/text/printable.hpp"
#include "geo/text/suggestion.hpp"
#include "zones/file/zone_file.hpp"
#include "zones/file/zone_import.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <malloc.h>

namespace {

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
    RemoteFlags remote;
};

constexpr const char* about =
    "An authoritative DNS server that answers each client with the address of the edge that serves "
    "it\n"
    "best. Zones are JSON files, or zone files of other servers; the help of each command below "
    "tells the rest.";

constexpr int usage_error = 2;

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

/// Defaults, then the config file, then the flags.
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

int serve(const Flags& flags) {
    const auto config = configure(flags);
    if (!config) return 1;
    return control::serve(*config);
}

int check(const Flags& flags) {
    const auto config = configure(flags);
    if (!config) return 1;
    const bool of_machine =
        flags.zones.empty() || !flags.user.empty() || !flags.remote.folder.empty();
    geo::Problems problems;
    ::check(*config, of_machine ? CheckScope::Machine : CheckScope::Files, problems);
    print(problems);
    return geo::any_fault(problems) ? 1 : 0;
}

int explain(const Flags& flags) {
    const auto config = configure(flags);
    if (!config) return 1;
    const bool named = !flags.zones.empty() || !flags.databases.empty() || !flags.places.empty();
    return ::explain(
        *config,
        {.name = flags.name, .asker = flags.asker, .offline = flags.offline, .files_named = named});
}

int probe(const Flags& flags) {
    const auto config = configure(flags);
    if (!config) return 1;
    control::Loader loader{config->zones, {}};
    geo::Problems problems;
    const auto catalog = loader.load(problems);
    print(problems);
    if (geo::any_fault(problems)) return 1;
    const auto trial = control::try_checks(catalog, flags.remote.edges);
    std::fputs(trial.text.c_str(), stdout);
    if (!trial.found) return fail("no edge matches");
    return trial.passed ? 0 : 1;
}

int delegation(const Flags& flags) {
    const auto config = configure(flags);
    if (!config) return 1;
    control::Loader loader{config->zones, {}};
    geo::Problems problems;
    const auto catalog = loader.load(problems);
    print(problems);
    bool first = true;
    for (const auto& served : catalog.zones()) {
        std::printf("%s%s", first ? "" : "\n", control::delegation_of(*served.zone).c_str());
        first = false;
    }
    return geo::any_fault(problems) ? 1 : 0;
}

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

int key(const Flags& flags) {
    const auto name = zones::Name::from_text(flags.name, zones::Name{});
    if (!name || name->label_count() == 0) return fail("\"" + flags.name + "\" is no name");
    std::fputs(transfer::make_key_file(*name).c_str(), stdout);
    return 0;
}

int cities(const Flags& flags) {
    const auto found = geo::cities_like(flags.name);
    for (const auto* city : found) {
        std::printf("\"%s\"  %.2f, %.2f\n", geo::full_name(*city).c_str(), city->at.latitude,
                    city->at.longitude);
    }
    return found.empty() ? fail("no city is like \"" + flags.name +
                                "\"; coordinates always do: [latitude, longitude]")
                         : 0;
}

int ask_server(const Flags& flags, int (*command)(const RemoteFlags&)) {
    const auto config = configure(flags);
    if (!config) return 1;
    auto remote = flags.remote;
    remote.folder = config->state;
    return command(remote);
}

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

int run(int argc, char** argv) {
    Flags flags;
    CLI::App app{about, "isochrone"};
    app.set_version_flag("--version", "isochrone " + std::string{control::version});
    app.require_subcommand(1);
    app.fallthrough();
    app.add_option("--config", flags.config,
                   "Settings as JSON [default: " + std::string{control::default_config_file} +
                       ", if it exists]");

    auto* serve_command = app.add_subcommand(
        "serve",
        "Answer queries until a signal ends it (SIGTERM, Ctrl-C); SIGHUP reloads.\n"
        "Zone files and databases that change are read again by themselves. Example:\n"
        "  isochrone serve --listen 192.0.2.10:53 --listen '[2001:db8::10]:53' "
        "/etc/isochrone/zones");
    add_zones(*serve_command, flags);
    serve_command
        ->add_option("--listen", flags.listen,
                     "ADDRESS:PORT for UDP and TCP, repeatable [default: port 53 of all addresses]")
        ->allow_extra_args(false);
    serve_command
        ->add_option("--workers", flags.workers, "Threads that answer [default: one for each core]")
        ->check(CLI::Range(1, 256));
    serve_command->add_option(
        "--user", flags.user,
        "Who to become once the ports are open [default: stay who starts it]");
    serve_command->add_flag("--pin-workers", flags.pin_workers, "Keep each worker on one core");
    serve_command->add_flag(
        "--keep-going", flags.keep_going,
        "Start without what is faulty, also the first time, when nothing is kept "
        "from before");
    add_sources(*serve_command, flags);
    add_state(*serve_command, flags);

    auto* check_command = app.add_subcommand(
        "check",
        "Read zone files, databases and secrets as `serve` would, print every "
        "fault with its place, and end:\n"
        "status 0 when all is good, 1 when anything is faulty. Where no ZONES are "
        "named, addresses and\n"
        "state folder are tried too. Example:\n"
        "  sudo isochrone check --user isochrone");
    add_zones(*check_command, flags);
    check_command->add_option("--user", flags.user,
                              "Whose rights to read files count; root can ask for any user's "
                              "[default: as the settings say]");
    add_sources(*check_command, flags);
    add_state(*check_command, flags);

    auto* explain_command =
        app.add_subcommand("explain",
                           "Print what a client is answered by the server that runs, and why. "
                           "Without one, or where zones or\n"
                           "databases are named, what the files alone would come to. Examples:\n"
                           "  isochrone explain plex.example.com 81.2.69.142      a client or "
                           "resolver that asks itself\n"
                           "  isochrone explain plex.example.com 81.2.69.0/24   a client whose "
                           "resolver sends its subnet");
    explain_command->add_option("name", flags.name, "The name that is asked for")->required();
    explain_command->add_option("asker", flags.asker, "Address or prefix of the client")
        ->required();
    explain_command->add_flag("--offline", flags.offline,
                              "Ask no server: what is measured and checked does not count");
    add_zones(*explain_command, flags);
    add_sources(*explain_command, flags);
    add_state(*explain_command, flags);

    auto* delegation_command = app.add_subcommand(
        "delegation",
        "Print the NS and glue records that the parent zone or the registrar needs, one block a\n"
        "zone, and what is missing.");
    add_zones(*delegation_command, flags);

    auto* import_command = app.add_subcommand(
        "import",
        "Print the JSON of a zone that is in a zone file of another server (master format, RFC "
        "1035).\nRecords of DNSSEC are left out. Example:\n"
        "  isochrone import --zone example.com db.example > /etc/isochrone/zones/example.com.json");
    import_command->add_option("file", flags.file, "The zone file")->required();
    import_command->add_option(
        "--zone", flags.zone,
        "What its relative names are relative to before an $ORIGIN [default: as its own name says, "
        "if that is NAME.zone or db.NAME]");

    auto* key_command = app.add_subcommand(
        "key",
        "Print a new key file: the secret that the nodes of a zone share, for \"node\" in\n"
        "isochrone.json, and for dig -k. Example:\n"
        "  (umask 027; isochrone key > /etc/isochrone/isochrone.key)");
    key_command->add_option("name", flags.name, "The name of the key [default: isochrone]");

    auto* cities_command = app.add_subcommand(
        "cities",
        "Print the cities that a \"location\" may name, with their coordinates. Examples:\n"
        "  isochrone cities fra\n"
        "  isochrone cities Germany");
    cities_command->add_option("text", flags.name,
                               "What a word of them, a code or their country begins with "
                               "[default: all]");

    auto* probe_command = app.add_subcommand(
        "probe",
        "Run the checks of edges once, from this machine, and print what came of each: status 0 "
        "when\nall pass. Examples:\n"
        "  isochrone probe\n"
        "  isochrone probe --edge newyork zones/plex.example.com.json");
    probe_command
        ->add_option("--edge", flags.remote.edges,
                     "EDGE or ZONE/EDGE, with * and ? as in file names, repeatable [default: all]")
        ->allow_extra_args(false);
    add_zones(*probe_command, flags);

    auto* status_command = app.add_subcommand(
        "status",
        "Print what the server that runs knows of its zones, edges and other nodes: the lines of "
        "`_probes`,\nand what is not well. Status 0: all is well; 1: no server answers; 3: "
        "something is not well.");
    auto* json =
        status_command->add_flag("--json", flags.remote.json, "The same, and more, for programs");
    status_command
        ->add_flag("--monitor", flags.remote.monitor,
                   "One line and the status of a Nagios plugin: 0, 1 (warning), 2 (critical), 3")
        ->excludes(json);
    add_state(*status_command, flags);

    auto* clients_command = app.add_subcommand(
        "clients",
        "Print what the relay's connections on this machine tell of its clients, by network: round "
        "trip,\nshare of segments sent again, rate. Needs \"relay\" in isochrone.json.");
    clients_command->add_option("--count", flags.remote.count, "How many, the latest first")
        ->capture_default_str();
    clients_command->add_flag("--json", flags.remote.json, "The same for programs");
    add_state(*clients_command, flags);

    auto* drain_command = app.add_subcommand(
        "drain",
        "Take edges out of the answers, for an upgrade say, until `undrain` or for a time: at all "
        "nodes\nof the zone. Kept over restarts. Examples:\n"
        "  isochrone drain newyork --for 2h\n"
        "  isochrone drain 'plex.example.com/eu-*' --until 18:00");
    add_edges(*drain_command, flags);
    auto* time = drain_command->add_option("--for", flags.remote.time, "30m, 2h, 1d");
    drain_command
        ->add_option("--until", flags.remote.until,
                     "18:00, or \"2026-11-24 18:00\", in the time of this machine")
        ->excludes(time);
    drain_command->add_flag("--here", flags.remote.here, "At this node alone");
    add_state(*drain_command, flags);

    auto* undrain_command =
        app.add_subcommand("undrain", "Put drained edges back into the answers.");
    add_edges(*undrain_command, flags);
    add_state(*undrain_command, flags);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& end) {
        if (const auto text = unknown_command(app, argc, argv); !text.empty()) {
            fail(text);
            return usage_error;
        }
        return app.exit(end) == 0 ? 0 : usage_error;  // --help ends here too
    }
    if (serve_command->parsed()) return serve(flags);
    if (check_command->parsed()) return check(flags);
    if (explain_command->parsed()) return explain(flags);
    if (import_command->parsed()) return import_file(flags);
    if (key_command->parsed()) {
        if (flags.name.empty()) flags.name = "isochrone";
        return key(flags);
    }
    if (cities_command->parsed()) return cities(flags);
    if (probe_command->parsed()) return probe(flags);
    if (status_command->parsed()) return ask_server(flags, show_status);
    if (clients_command->parsed()) return ask_server(flags, show_clients);
    if (drain_command->parsed()) return ask_server(flags, drain);
    if (undrain_command->parsed()) return ask_server(flags, undrain);
    return delegation(flags);
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
