// SPDX-License-Identifier: Apache-2.0
#include "dnsd/commands/commands.hpp"
#include "dnsd/server/control_socket.hpp"
#include "dnsd/state/state_folder.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include <unistd.h>

namespace commands {
namespace {

using control::Unanswered;
using nlohmann::ordered_json;

constexpr int not_well = 3;

/// Statuses of the plugins of Nagios, which Icinga and others take too.
enum class Plugin : int { Ok = 0, Warning = 1, Critical = 2, Unknown = 3 };

int print_plugin(Plugin status, std::string text, const std::string& figures) {
    constexpr std::string_view words[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    std::ranges::replace(text, '|', '/');  // behind which figures begin
    const auto number = static_cast<int>(status);
    std::printf("ISOCHRONE %s - %s%s%s\n", words[number].data(), text.c_str(),
                figures.empty() ? "" : " | ", figures.c_str());
    return number;
}

bool to_terminal() {
    return ::isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
}

/// A word of a line in its colour, where there is a terminal to show it.
std::string coloured(const std::string& line) {
    struct Colour {
        std::string_view word;
        std::string_view code;
    };
    constexpr Colour colours[] = {
        {"state=up", "32"},   {"state=down", "31"},   {"state=unknown", "33"}, {"out=", "1;31"},
        {"drained=", "33"},   {"damped=", "33"},      {"alarm=", "1;31"},      {"differs=", "1;31"},
        {"data=stale", "33"}, {"data=expired", "31"}, {"data=never", "31"},
    };
    std::string text;
    for (std::size_t at = 0; at < line.size();) {
        const auto end = std::min(line.find(' ', at), line.size());
        const auto word = line.substr(at, end - at);
        std::string_view code;
        for (const auto& colour : colours) {
            if (word.starts_with(colour.word)) code = colour.code;
        }
        if (at > 0) text += ' ';
        text += code.empty() ? word : "\033[" + std::string{code} + "m" + word + "\033[0m";
        at = end + 1;
    }
    return text;
}

/// Zones with lines stand apart, those without one below the other.
void print_zones(const ordered_json& zones) {
    bool apart = false;
    for (const auto& zone : zones) {
        const auto& lines = zone["lines"];
        if (&zone != &zones.front() && (apart || !lines.empty())) std::printf("\n");
        apart = !lines.empty();
        std::printf("%s serial=%u\n", zone["zone"].get<std::string>().c_str(),
                    zone.value("serial", 0U));
        for (const auto& line : lines) {
            const auto text = line.get<std::string>();
            std::printf("  %s\n", (to_terminal() ? coloured(text) : text).c_str());
        }
    }
    if (zones.empty()) std::printf("no zone is served\n");
}

/// "cookie_good=12 cookie_bad=0 …": all counts in one line.
void print_queries(const ordered_json& queries) {
    std::string line = "\nqueries since the start\n ";
    for (const auto& [name, count] : queries.items())
        line += " " + name + "=" + std::to_string(count.get<std::uint64_t>());
    std::printf("%s\n", line.c_str());
}

void print_alarms(const ordered_json& alarms) {
    for (const auto& alarm : alarms) {
        const auto text = alarm.get<std::string>();
        std::printf("%s\n", (to_terminal() ? coloured(text) : text).c_str());
    }
}

/// Of zones that other nodes serve otherwise.
void print_differences(const ordered_json& differences) {
    for (const auto& difference : differences) {
        const auto text = difference["line"].get<std::string>();
        std::printf("%s\n", (to_terminal() ? coloured(text) : text).c_str());
    }
}

/// Alarms and differences stand above already.
void print_troubles(const ordered_json& status) {
    const auto& alarms = status["alarms"];
    bool first = true;
    for (const auto& trouble : status["troubles"]) {
        const auto text = trouble["text"].get<std::string>();
        const bool above = std::ranges::find(alarms, trouble["text"]) != alarms.end();
        if (above || text.starts_with("differs=")) continue;
        std::printf("%s  %s\n", first ? "\nnot well\n" : "", text.c_str());
        first = false;
    }
}

/// What monitors count.
struct Figures {
    explicit Figures(const ordered_json& status) : zones{status["zones"].size()} {
        for (const auto& zone : status["zones"]) {
            for (const auto& edge : zone["edges"]) {
                ++edges;
                answered += edge["out"] == "no" ? 1U : 0U;
                drained += edge["out"] == "drained" ? 1U : 0U;
            }
            for (const auto& peer : zone.value("peers", ordered_json::array())) {
                ++nodes;
                heard += peer["data"] == "fresh" ? 1U : 0U;
            }
        }
    }
    [[nodiscard]] std::string sentence() const {
        auto text = fmt::format("{} zones, {} of {} edges answered", zones, answered, edges);
        if (drained > 0) text += fmt::format(", {} drained", drained);
        if (nodes > 0) text += fmt::format(", {} of {} other nodes heard", heard, nodes);
        return text;
    }
    [[nodiscard]] std::string figures() const {
        return fmt::format("zones={} edges={} answered={} drained={} nodes={} heard={}", zones,
                           edges, answered, drained, nodes, heard);
    }

    std::size_t zones = 0;
    std::size_t edges = 0;
    std::size_t answered = 0;
    std::size_t drained = 0;
    std::size_t nodes = 0;  // other than this one
    std::size_t heard = 0;
};

int print_for_monitor(const ordered_json& status) {
    const Figures figures{status};
    const auto& troubles = status["troubles"];
    if (troubles.empty()) return print_plugin(Plugin::Ok, figures.sentence(), figures.figures());
    // The worst one is the first.
    auto text = troubles.front()["text"].get<std::string>();
    if (troubles.size() > 1) text += fmt::format(" (and {} more)", troubles.size() - 1);
    const bool critical = troubles.front()["severity"] == "critical";
    return print_plugin(critical ? Plugin::Critical : Plugin::Warning,
                        text + "; " + figures.sentence(), figures.figures());
}

int unanswered(const RemoteFlags& flags, const Unanswered& why) {
    const bool denied = why.kind == Unanswered::Kind::Denied;
    if (flags.monitor)
        return print_plugin(denied ? Plugin::Unknown : Plugin::Critical, why.text, "");
    std::fprintf(stderr, "isochrone: %s\n", why.text.c_str());
    return 1;
}

/// Prints, and returns the exit status: 0: all is well; 1: no server has answered; 3: something is
/// not well. With `monitor` those of the plugins of Nagios: 0, 1: warning, 2: critical, 3: unknown.
int show_status(const RemoteFlags& flags) {
    const auto reply =
        control::ask_server(control::socket_in(flags.folder), R"({"command": "status"})");
    if (!reply) return unanswered(flags, reply.error());
    auto status = ordered_json::parse(*reply);
    if (status.contains("fault"))
        return unanswered(flags, {Unanswered::Kind::Silent, status["fault"].get<std::string>()});
    // A server of an earlier version does not tell of any.
    for (const auto* key : {"troubles", "alarms", "differences"}) {
        if (!status.contains(key)) status[key] = ordered_json::array();
    }
    if (flags.monitor) return print_for_monitor(status);
    if (flags.json) {
        std::printf("%s\n", status.dump(2).c_str());
    } else {
        print_alarms(status["alarms"]);
        print_zones(status["zones"]);
        print_differences(status["differences"]);
        print_queries(status["queries"]);
        print_troubles(status);
    }
    return status["troubles"].empty() ? 0 : not_well;
}

}  // namespace

void add_status(CLI::App& app, Flags& flags, int& status) {
    auto& command = *app.add_subcommand(
        "status",
        "Print what the server that runs knows of its zones, edges and other nodes: the lines of "
        "`_probes`,\nand what is not well. Status 0: all is well; 1: no server answers; 3: "
        "something is not well.");
    auto* json = command.add_flag("--json", flags.remote.json, "The same, and more, for programs");
    command
        .add_flag("--monitor", flags.remote.monitor,
                  "One line and the status of a Nagios plugin: 0, 1 (warning), 2 (critical), 3")
        ->excludes(json);
    add_state(command, flags);
    command.callback([&] { status = at_server(flags, show_status); });
}

}  // namespace commands
