// SPDX-License-Identifier: Apache-2.0
#include "dnsd/explain/explain.hpp"

#include "dnsd/commands/commands.hpp"
#include "dnsd/loading/loader.hpp"
#include "dnsd/server/control_socket.hpp"
#include "dnsd/state/state_folder.hpp"
#include "geo/source/sources.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include <cstdio>
#include <optional>
#include <random>

namespace commands {
namespace {

using control::Rows;
using nlohmann::ordered_json;

/// The databases are opened for it, and other commands may be before it.
constexpr std::chrono::seconds explain_patience{20};
constexpr const char* unknown = "what is measured, and which edges work, is not known";

/// A prefix as it is typed, with bits behind its length or without: 203.0.113.7/24 asks for the
/// network that the address is in.
std::optional<geo::Prefix> read_asker(const std::string& text) {
    const auto slash = text.find('/');
    const auto address = geo::read_address(text.substr(0, slash));
    if (!address || slash == std::string::npos) return geo::read_prefix(text);
    for (unsigned length = 0; length <= geo::width(address->family); ++length) {
        if (std::to_string(length) == text.substr(slash + 1))
            return geo::prefix_around(*address, length);
    }
    return std::nullopt;
}

void print_rows(const Rows& rows) {
    std::fputs(control::to_text(rows).c_str(), stdout);
}

/// The first line: who or what has said the others.
void print_asked(const std::string& text) {
    print_rows({{"asked", text}});
}

int explain_files(const control::Config& config, const zones::Name& name, const geo::Prefix& prefix,
                  const std::string& asked) {
    control::Loader loader{config.zones, config.sources};
    geo::Problems problems;
    engine::Snapshot snapshot;
    snapshot.catalog = loader.load(problems);
    geo::Problems own;
    const auto sources = geo::Sources::open(config.sources, own);
    print(problems);
    if (!sources || geo::any_fault(problems)) return fail("asked " + asked);
    print_asked(asked + "; " + unknown);
    print_rows(control::explain(snapshot, *sources, name, {.prefix = prefix}, nullptr,
                                geo::Random{std::random_device{}()}));
    return snapshot.catalog.find(name) == nullptr ? 1 : 0;
}

int print_reply(const std::string& path, const std::string& text) {
    const auto reply = ordered_json::parse(text);
    if (reply.contains("fault")) {
        return fail(reply["fault"].get<std::string>() + " (said the server at " + path +
                    "); --offline reads the files instead");
    }
    const auto zones = reply["zones"].get<std::size_t>();
    print_asked(fmt::format("the server that runs (isochrone {}, {} zone{}, {})",
                            reply["version"].get<std::string>(), zones, zones == 1 ? "" : "s",
                            path));
    Rows rows;
    for (const auto& row : reply["rows"])
        rows.push_back({row.at(0).get<std::string>(), row.at(1).get<std::string>()});
    print_rows(rows);
    return reply["found"].get<bool>() ? 0 : 1;
}

int explain(const Flags& flags) {
    const auto config = configure(flags);
    if (!config) return 1;
    const auto name = zones::Name::from_text(flags.name, zones::Name{});
    if (!name) return fail("\"" + flags.name + "\" is no name");
    const auto prefix = read_asker(flags.asker);
    if (!prefix) return fail("\"" + flags.asker + "\" is neither an address nor a prefix");
    const auto files = [&](const std::string& asked) {
        return explain_files(*config, *name, *prefix, asked);
    };
    if (flags.offline) return files("the files, and no server, for --offline");
    const bool named = !flags.zones.empty() || !flags.databases.empty() || !flags.places.empty();
    if (named) return files("the files that are named, and no server");
    const auto path = control::socket_in(config->state);
    ordered_json request;
    request["command"] = "explain";
    request["name"] = name->text();
    request["asker"] = geo::to_text(*prefix);
    const auto reply = control::ask_server(path, request.dump(), explain_patience);
    if (reply) return print_reply(path, *reply);
    using Kind = control::Unanswered::Kind;
    if (reply.error().kind == Kind::NoServer) return files("the files: " + reply.error().text);
    // What the files alone come to may be another answer than that of the server which is there.
    return fail(reply.error().text + "; --offline reads the files instead");
}

}  // namespace

void add_explain(CLI::App& app, Flags& flags, int& status) {
    auto& command =
        *app.add_subcommand("explain",
                            "Print what a client is answered by the server that runs, and why. "
                            "Without one, or where zones or\n"
                            "databases are named, what the files alone would come to. Examples:\n"
                            "  isochrone explain plex.example.com 81.2.69.142      a client or "
                            "resolver that asks itself\n"
                            "  isochrone explain plex.example.com 81.2.69.0/24   a client whose "
                            "resolver sends its subnet");
    command.add_option("name", flags.name, "The name that is asked for")->required();
    command.add_option("asker", flags.asker, "Address or prefix of the client")->required();
    command.add_flag("--offline", flags.offline,
                     "Ask no server: what is measured and checked does not count");
    add_zones(command, flags);
    add_sources(command, flags);
    add_state(command, flags);
    command.callback([&] { status = explain(flags); });
}

}  // namespace commands
