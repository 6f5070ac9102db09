// SPDX-License-Identifier: Apache-2.0
#include "dnsd/doctor/doctor.hpp"

#include "dnsd/commands/commands.hpp"
#include "dnsd/commands/file_check.hpp"
#include "dnsd/loading/loader.hpp"
#include "geo/base/clock.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include <unistd.h>

namespace commands {
namespace {

using nlohmann::ordered_json;

constexpr std::chrono::seconds for_files{12};
constexpr unsigned for_all = 14;  // seconds

/// What keeps this process this long is a disk: all else has deadlines.
void end_by_alarm(int /*signal*/) {
    constexpr std::string_view text =
        "FAULT  files      reading a zone file or database takes longer than 14 s: does its disk "
        "hang?\n";
    static_cast<void>(!::write(STDOUT_FILENO, text.data(), text.size()));
    ::_exit(1);
}

/// Reads the addresses of a flag; false, and a line on standard error, where one is faulty.
bool read_servers(const char* flag, const std::vector<std::string>& texts,
                  std::vector<net::Endpoint>& to) {
    for (const auto& text : texts) {
        const auto endpoint = net::read_endpoint(text);
        if (!endpoint) {
            fail(std::string{flag} + ": " + endpoint.error().text);
            return false;
        }
        to.push_back(*endpoint);
    }
    return true;
}

/// Puts the row of the files before all others: they are what the others stand on.
void add_files(FileCheck& check, probes::Time deadline, doctor::Findings& findings) {
    const auto problems = check.problems(deadline);
    doctor::Findings files;
    if (problems) {
        files = doctor::judge_files(*problems);
    } else {
        files.push_back({doctor::Level::Fault, "files", "reading the files does not end",
                         "\"isochrone check\" shows at which one"});
    }
    findings.insert(findings.begin(), std::make_move_iterator(files.begin()),
                    std::make_move_iterator(files.end()));
}

void print_json(const doctor::Examined& examined) {
    auto json = ordered_json::object();
    json["good"] = !doctor::any_fault(examined.findings);
    json["queries"] = examined.queries;
    json["findings"] = ordered_json::array();
    for (const auto& finding : examined.findings) {
        auto row = ordered_json::object();
        row["level"] = finding.level == doctor::Level::Fault ? "fault" : word(finding.level);
        row["row"] = finding.row;
        row["text"] = finding.text;
        row["remedy"] = finding.remedy;
        json["findings"].push_back(std::move(row));
    }
    std::printf("%s\n", json.dump(2, ' ', false, ordered_json::error_handler_t::replace).c_str());
}

int examine(const Flags& flags) {
    const auto deadline = probes::Clock::now() + for_files;
    const auto config = configure(flags);
    if (!config) return 1;
    doctor::Wishes wishes;
    if (!read_servers("--resolver", flags.resolvers, wishes.resolvers) ||
        !read_servers("--parent", flags.parents, wishes.parents))
        return 1;
    wishes.machine = flags.zones.empty() || !flags.user.empty() || !flags.remote.folder.empty();
    std::signal(SIGALRM, end_by_alarm);
    ::alarm(for_all);
    std::optional<FileCheck> files;
    if (wishes.machine) files.emplace(*config);
    geo::Problems problems;
    const auto catalog = control::Loader{config->zones, {}}.load(problems);
    auto examined = doctor::examine(*config, catalog, wishes);
    if (files) {
        add_files(*files, deadline, examined.findings);
    } else {
        auto rows = doctor::judge_files(problems);
        examined.findings.insert(examined.findings.begin(), rows.begin(), rows.end());
    }
    ::alarm(0);
    if (flags.remote.json) {
        print_json(examined);
    } else {
        for (const auto& finding : examined.findings) std::printf("%s\n", to_line(finding).c_str());
    }
    return doctor::any_fault(examined.findings) ? 1 : 0;
}

}  // namespace

void add_doctor(CLI::App& app, Flags& flags, int& status) {
    auto& command = *app.add_subcommand(
        "doctor",
        "Look at the delegation, all name servers, the nodes, this machine and the way home, and "
        "say what to do\nabout each fault: status 1 when there is one. Changes nothing; takes 15 s "
        "at most. Where ZONES are\nnamed, this machine and its server are not looked at. "
        "Example:\n  sudo isochrone doctor");
    add_zones(command, flags);
    command.add_flag("--json", flags.remote.json, "The same for programs");
    command
        .add_option("--resolver", flags.resolvers,
                    "ADDRESS or ADDRESS:PORT of a resolver, repeatable [default: as "
                    "/etc/resolv.conf says]")
        ->allow_extra_args(false);
    command
        .add_option("--parent", flags.parents,
                    "ADDRESS or ADDRESS:PORT of a name server of the parent zone, repeatable "
                    "[default: all\nthat the resolver finds]")
        ->allow_extra_args(false);
    command.add_option("--user", flags.user,
                       "Whose rights to read files count [default: as the settings say]");
    add_state(command, flags);
    command.callback([&] { status = examine(flags); });
}

}  // namespace commands
