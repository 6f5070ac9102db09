// SPDX-License-Identifier: Apache-2.0
#include "dnsd/commands/probe.hpp"

#include "dnsd/commands/commands.hpp"
#include "dnsd/health/health.hpp"
#include "geo/text/duration_text.hpp"
#include "probes/check/probe.hpp"
#include "probes/health/drain_pattern.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <deque>
#include <exception>
#include <string_view>

namespace commands {
namespace {

struct Attempted {
    std::string edge;
    std::string_view of;  // "edge" or "home"
    probes::CheckPtr check;
    probes::ProbeResult result{};
};

std::string_view verdict_text(probes::Verdict verdict) {
    switch (verdict) {
        case probes::Verdict::Pass:
            return "ok";
        case probes::Verdict::Fail:
            return "FAIL";
        case probes::Verdict::NoWord:
            break;
    }
    return "no word";
}

std::string line_of(const Attempted& attempted) {
    const auto& [edge, of, check, result] = attempted;
    const bool timed = result.round_trip.count() > 0;
    return fmt::format("{}  {}  {}{}: {}{}\n", edge, to_text(*check), verdict_text(result.verdict),
                       of == "home" ? " (home)" : "", result.text,
                       timed ? ", " + probes::round_trip_text(result.round_trip) : "");
}

}  // namespace

Trial try_checks(const zones::Catalog& catalog, const std::vector<std::string>& patterns) {
    Trial trial;
    std::deque<Attempted> all;
    for (const auto& served : catalog.zones()) {
        const auto zone = zone_text(served.zone->apex());
        for (const auto& edge : served.zone->edges()) {
            const auto wanted = [&](const std::string& pattern) {
                return probes::matches(pattern, zone, edge.name);
            };
            if (!patterns.empty() && std::ranges::none_of(patterns, wanted)) continue;
            trial.found = true;
            const auto name = zone + "/" + edge.name;
            for (const auto& check : edge.checks) all.push_back({name, "edge", check});
            for (const auto& check : edge.origins) all.push_back({name, "home", check});
            if (edge.checks.empty() && edge.origins.empty()) {
                trial.text += name + "  has no check: it counts as up\n";
            }
        }
    }
    boost::asio::io_context context;
    for (auto& attempted : all) {
        boost::asio::co_spawn(context, probes::run_check(attempted.check),
                              [&attempted](const std::exception_ptr&, probes::ProbeResult result) {
                                  attempted.result = std::move(result);
                              });
    }
    context.run();
    for (const auto& attempted : all) {
        trial.text += line_of(attempted);
        trial.passed &= attempted.result.verdict == probes::Verdict::Pass;
    }
    return trial;
}

namespace {

int probe(const Flags& flags) {
    const auto config = configure(flags);
    if (!config) return 1;
    geo::Problems problems;
    const auto catalog = load_zones(*config, problems);
    if (geo::any_fault(problems)) return 1;
    const auto trial = try_checks(catalog, flags.remote.edges);
    std::fputs(trial.text.c_str(), stdout);
    if (!trial.found) return fail("no edge matches");
    return trial.passed ? 0 : 1;
}

}  // namespace

void add_probe(CLI::App& app, Flags& flags, int& status) {
    auto& command = *app.add_subcommand(
        "probe",
        "Run the checks of edges once, from this machine, and print what came of each: status 0 "
        "when\nall pass. Examples:\n"
        "  isochrone probe\n"
        "  isochrone probe --edge newyork zones/plex.example.com.json");
    command
        .add_option("--edge", flags.remote.edges,
                    "EDGE or ZONE/EDGE, with * and ? as in file names, repeatable [default: all]")
        ->allow_extra_args(false);
    add_zones(command, flags);
    command.callback([&] { status = probe(flags); });
}

}  // namespace commands
