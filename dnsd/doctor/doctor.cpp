// SPDX-License-Identifier: Apache-2.0
#include "dnsd/doctor/doctor.hpp"

#include "dnsd/doctor/edges.hpp"
#include "dnsd/doctor/machine.hpp"
#include "dnsd/doctor/name_servers.hpp"
#include "dnsd/doctor/nodes.hpp"
#include "dnsd/doctor/parent.hpp"
#include "dnsd/doctor/resolver.hpp"
#include "dnsd/server/control_socket.hpp"
#include "dnsd/sockets/own_addresses.hpp"
#include "dnsd/state/state_folder.hpp"
#include "dnsd/tsig/keys.hpp"
#include "geo/base/file.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <deque>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace doctor {
namespace {

namespace asio = boost::asio;
using probes::Clock;

/// Each zone takes up to 70 queries: more are not asked about in one run.
constexpr std::size_t most_zones = 3;
constexpr std::chrono::seconds for_server{2};   // until it answers over its control socket
constexpr std::chrono::seconds for_network{7};  // until all that is asked of others has come
constexpr std::chrono::seconds for_edge{5};

void move_to(Findings& all, Findings more) {
    std::ranges::move(more, std::back_inserter(all));
}

struct Patient {
    const zones::Zone* zone = nullptr;
    ParentSide parent{};
    ServerSide servers{};
};

Findings unanswered(const control::Unanswered& why) {
    switch (why.kind) {
        case control::Unanswered::Kind::Denied:
            return {{Level::Warn, "status", why.text}};
        case control::Unanswered::Kind::NoServer:
            return {{Level::Fault, "status", why.text,
                     "\"systemctl start isochrone\", then \"journalctl -u isochrone\""}};
        case control::Unanswered::Kind::Silent:
            break;
    }
    return {{Level::Fault, "status", why.text, "\"systemctl restart isochrone\""}};
}

/// What the server here says of itself; what keeps it from that goes to `findings`.
std::optional<Status> ask_here(const control::Config& config, Findings& findings) {
    const auto reply = control::ask_server(control::socket_in(config.state),
                                           R"({"command": "status"})", for_server);
    if (!reply) {
        move_to(findings, unanswered(reply.error()));
        return std::nullopt;
    }
    auto status = read_status(*reply);
    if (!status)
        findings.push_back({Level::Warn, "status",
                            "the server here answers nothing that can be "
                            "read",
                            "is it of another version?"});
    return status;
}

std::vector<net::Endpoint> resolvers_of(const Wishes& wishes) {
    if (!wishes.resolvers.empty()) return wishes.resolvers;
    constexpr std::size_t most_octets = 64 << 10;
    const auto text = probes::read_file("/etc/resolv.conf", most_octets);
    return resolvers_in(text && *text ? std::string_view{**text} : std::string_view{});
}

std::deque<Patient> patients_in(const zones::Catalog& catalog, Findings& findings) {
    std::deque<Patient> patients;
    for (const auto& served : catalog.zones()) {
        if (patients.size() == most_zones) break;
        patients.push_back({.zone = served.zone.get()});
    }
    if (catalog.zones().size() > patients.size()) {
        findings.push_back(
            {Level::Hint, "zones",
             fmt::format("{} of {} zones were examined", patients.size(), catalog.zones().size()),
             "name the files of others: \"isochrone doctor FILE\""});
    }
    if (patients.empty())
        findings.push_back({Level::Fault, "zones", "there is no zone to examine",
                            "put zone files into /etc/isochrone/zones"});
    return patients;
}

}  // namespace

Examined examine(const control::Config& config, const zones::Catalog& catalog,
                 const Wishes& wishes) {
    Examined result;
    auto& findings = result.findings;
    auto status = wishes.machine ? ask_here(config, findings) : std::nullopt;
    const auto machine = wishes.machine ? read_machine(config) : Machine{};
    auto patients = patients_in(catalog, findings);
    auto edges = attempts_at(catalog, for_edge);
    const auto own = net::own_addresses();
    transfer::Asker asker{most_queries, Clock::now() + for_network};
    Resolver resolver{asker, resolvers_of(wishes)};
    asio::io_context context;
    for (auto& patient : patients) {
        asio::co_spawn(
            context,
            ask_parent(asker, resolver, wishes.parents, patient.zone->apex(), patient.parent),
            asio::detached);
        asio::co_spawn(context, ask_servers(asker, resolver, *patient.zone, own, patient.servers),
                       asio::detached);
    }
    try_edges(context, edges);
    if (status && config.node && !status->node.empty()) {
        geo::Problems told_by_check;
        auto keys = transfer::load_keys(config.node->key_file, told_by_check);
        ask_nodes(context.get_executor(), asker,
                  keys ? std::make_shared<const transfer::Keys>(std::move(*keys)) : nullptr,
                  *status);
    }
    context.run();
    for (const auto& patient : patients) {
        move_to(findings, judge_parent(*patient.zone, patient.parent));
        move_to(findings, judge_servers(*patient.zone, patient.servers));
    }
    if (status) move_to(findings, judge_nodes(*status));
    move_to(findings, judge_machine(machine));
    move_to(findings, judge_edges(edges));
    result.queries = asker.sent();
    return result;
}

Findings judge_files(const geo::Problems& problems) {
    Findings findings;
    for (const auto& problem : problems) {
        auto bare = problem;
        bare.severity = geo::Severity::Fault;  // the level says it
        const bool fault = problem.severity == geo::Severity::Fault;
        findings.push_back({fault ? Level::Fault : Level::Warn, "files", geo::to_text(bare)});
        auto& finding = findings.back();
        if (finding.text.find(" may not ") != std::string::npos)
            finding.remedy = "chgrp it to the server's group and chmod g+r, folders g+rx";
    }
    if (findings.empty())
        findings.push_back({Level::Ok, "files", "the server can read and use all of them"});
    return findings;
}

}  // namespace doctor
