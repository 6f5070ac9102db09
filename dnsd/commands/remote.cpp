// SPDX-License-Identifier: Apache-2.0
#include "dnsd/commands/remote.hpp"

#include "dnsd/commands/commands.hpp"
#include "dnsd/server/control_socket.hpp"
#include "dnsd/state/state_folder.hpp"
#include "geo/text/duration_text.hpp"
#include "geo/text/fact_line.hpp"
#include "zones/json/duration.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <optional>

namespace commands {
namespace {

using nlohmann::ordered_json;

ordered_json request_for(const char* command, const RemoteFlags& flags) {
    ordered_json request;
    request["command"] = command;
    if (!flags.edges.empty()) request["edges"] = flags.edges;
    return request;
}

/// What the server says; nothing, and a line on standard error, when it does not do what was asked.
std::optional<ordered_json> ask(const RemoteFlags& flags, const ordered_json& request) {
    const auto reply = control::ask_server(control::socket_in(flags.folder), request.dump());
    if (!reply) {
        fail(reply.error().text);
        return std::nullopt;
    }
    auto json = ordered_json::parse(*reply);
    if (!json.contains("fault")) return json;
    fail(json["fault"].get<std::string>());
    return std::nullopt;
}

void print_names(const ordered_json& names, const char* behind) {
    for (const auto& name : names) {
        std::printf("%s %s\n", name.get<std::string>().c_str(), behind);
    }
}

/// "that holds at 2 of 3 nodes", and which ones have not heard of it.
void print_nodes(const ordered_json& reply) {
    if (!reply.contains("nodes") || reply["nodes"] == 1) return;
    const auto on = reply["on"].get<std::uint64_t>();
    const auto nodes = reply["nodes"].get<std::uint64_t>();
    std::printf("that holds at %s\n", fmt::format("{} of {} nodes", on, nodes).c_str());
    std::string missing;
    for (const auto& name : reply["not_on"])
        missing += (missing.empty() ? "" : ", ") + name.get<std::string>();
    if (missing.empty()) return;
    std::fprintf(stderr, "isochrone: not at %s yet, which will follow as soon as it is heard\n",
                 missing.c_str());
}

/// Seconds from now to a time of today or of a day that is named; the time of tomorrow when that of
/// today has passed.
std::optional<double> seconds_until(const std::string& text) {
    const auto now = std::time(nullptr);
    std::tm time{};
    ::localtime_r(&now, &time);
    time.tm_sec = 0;
    const auto* rest = ::strptime(text.c_str(), "%Y-%m-%d %H:%M", &time);
    const bool dated = rest != nullptr && *rest == '\0';
    if (!dated) {
        ::localtime_r(&now, &time);
        time.tm_sec = 0;
        rest = ::strptime(text.c_str(), "%H:%M", &time);
        if (rest == nullptr || *rest != '\0') return std::nullopt;
    }
    time.tm_isdst = -1;
    auto end = std::mktime(&time);
    if (!dated && end <= now) {
        ++time.tm_mday;
        time.tm_isdst = -1;
        end = std::mktime(&time);
    }
    return std::difftime(end, now);
}

/// The wanted time of a drain goes into the request; false when it cannot be read.
bool add_time(const RemoteFlags& flags, ordered_json& request) {
    if (!flags.time.empty()) {
        const auto seconds = zones::seconds_in(flags.time);
        if (!seconds || *seconds <= 0) {
            fail("--for: expected a time like \"30m\", \"2h\" or \"1d\", found \"" + flags.time +
                 "\"");
            return false;
        }
        request["seconds"] = *seconds;
    }
    if (!flags.until.empty()) {
        const auto seconds = seconds_until(flags.until);
        if (!seconds || *seconds <= 0) {
            fail(
                "--until: expected a time to come, as in \"18:00\" or \"2026-11-24 18:00\", found "
                "\"" +
                flags.until + "\"");
            return false;
        }
        request["seconds"] = *seconds;
    }
    return true;
}

std::string milliseconds_text(const ordered_json& object, const char* key) {
    const auto microseconds = std::llround(object[key].get<double>() * 1000);
    return probes::round_trip_text(std::chrono::microseconds{microseconds});
}

std::string ago_text(const ordered_json& object) {
    return probes::duration_text(std::chrono::seconds{std::llround(object["ago"].get<double>())});
}

/// "client=81.2.69.0/24 rtt=23.4ms variation=1.5ms repeated=0.12% …", as the dashboard's lines are.
std::string network_line(const char* subject, const ordered_json& network) {
    const auto number = [&](const char* key) { return network[key].get<double>(); };
    probes::FactLine line;
    line.add(subject, network[subject].get<std::string>());
    line.add("rtt", milliseconds_text(network, "rtt_ms"));
    line.add("variation", milliseconds_text(network, "variation_ms"));
    line.add("repeated", fmt::format("{:.2f}%", 100 * number("repeated")));
    if (number("rate") > 0) line.add("rate", fmt::format("{:.1f}Mbit/s", number("rate") * 8 / 1e6));
    line.add("connections", fmt::format("{:.0f}", number("connections")));
    line.add("samples", fmt::format("{:.0f}", number("samples")));
    line.add("ago", ago_text(network));
    return line.text();
}

/// "edge=singapore rtt=231ms variation=0.4ms lost=0% samples=30 ago=4s to=198.51.100.20:53"
std::string path_line(const ordered_json& path) {
    const auto kind = path["kind"].get<std::string>();
    const auto name = path["name"].get<std::string>();
    const auto to = path["to"].get<std::string>();
    probes::FactLine line;
    line.add(kind, name.empty() ? to : name);
    if (path["measured"].get<bool>()) {
        line.add("rtt", milliseconds_text(path, "rtt_ms"));
        line.add("variation", milliseconds_text(path, "variation_ms"));
        line.add("lost", fmt::format("{:.0f}%", 100 * path["lost"].get<double>()));
        line.add("samples", fmt::format("{}", path["samples"].get<std::uint64_t>()));
        line.add("ago", ago_text(path));
    } else {
        line.add("rtt", "");
    }
    if (!name.empty()) line.add("to", to);
    return line.text();
}

int show_clients(const RemoteFlags& flags) {
    auto request = request_for("clients", flags);
    request["count"] = flags.count;
    const auto reply = ask(flags, request);
    if (!reply) return 1;
    if (flags.json) {
        std::printf("%s\n", reply->dump(2).c_str());
        return 0;
    }
    for (const auto& client : (*reply)["clients"]) {
        std::printf("%s\n", network_line("client", client).c_str());
    }
    for (const auto& resolver : (*reply)["resolvers"]) {
        std::printf("%s\n", network_line("resolver", resolver).c_str());
    }
    for (const auto& path : (*reply)["paths"]) std::printf("%s\n", path_line(path).c_str());
    if ((*reply)["networks"] == 0 && (*reply)["resolvers"].empty() && (*reply)["paths"].empty()) {
        std::printf(
            "no client of the relay has been seen; \"relay\" in isochrone.json names its "
            "ports\n");
    }
    return 0;
}

int drain(const RemoteFlags& flags) {
    auto request = request_for("drain", flags);
    if (flags.here) request["here"] = true;
    if (!add_time(flags, request)) return 2;
    const auto reply = ask(flags, request);
    if (!reply) return 1;
    print_names((*reply)["drained"], "is drained");
    print_nodes(*reply);
    for (const auto& zone : (*reply)["emptied"]) {
        std::fprintf(stderr,
                     "isochrone: no edge of %s is left in the answers: it is answered as its "
                     "\"all_down\" says\n",
                     zone.get<std::string>().c_str());
    }
    return 0;
}

int undrain(const RemoteFlags& flags) {
    const auto reply = ask(flags, request_for("undrain", flags));
    if (!reply) return 1;
    print_names((*reply)["undrained"], "is no longer drained");
    print_nodes(*reply);
    return 0;
}

}  // namespace

int at_server(const Flags& flags, int (*command)(const RemoteFlags&)) {
    const auto config = configure(flags);
    if (!config) return 1;
    auto remote = flags.remote;
    remote.folder = config->state;
    return command(remote);
}

void add_clients(CLI::App& app, Flags& flags, int& status) {
    auto& command = *app.add_subcommand(
        "clients",
        "Print what the relay's connections on this machine tell of its clients, by network: round "
        "trip,\nshare of segments sent again, rate. Needs \"relay\" in isochrone.json.");
    command.add_option("--count", flags.remote.count, "How many, the latest first")
        ->capture_default_str();
    command.add_flag("--json", flags.remote.json, "The same for programs");
    add_state(command, flags);
    command.callback([&] { status = at_server(flags, show_clients); });
}

void add_drain(CLI::App& app, Flags& flags, int& status) {
    auto& command = *app.add_subcommand(
        "drain",
        "Take edges out of the answers, for an upgrade say, until `undrain` or for a time: at all "
        "nodes\nof the zone. Kept over restarts. Examples:\n"
        "  isochrone drain newyork --for 2h\n"
        "  isochrone drain 'plex.example.com/eu-*' --until 18:00");
    add_edges(command, flags);
    auto* time = command.add_option("--for", flags.remote.time, "30m, 2h, 1d");
    command
        .add_option("--until", flags.remote.until,
                    "18:00, or \"2026-11-24 18:00\", in the time of this machine")
        ->excludes(time);
    command.add_flag("--here", flags.remote.here, "At this node alone");
    add_state(command, flags);
    command.callback([&] { status = at_server(flags, drain); });
}

void add_undrain(CLI::App& app, Flags& flags, int& status) {
    auto& command = *app.add_subcommand("undrain", "Put drained edges back into the answers.");
    add_edges(command, flags);
    add_state(command, flags);
    command.callback([&] { status = at_server(flags, undrain); });
}

}  // namespace commands
