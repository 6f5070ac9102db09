// SPDX-License-Identifier: Apache-2.0
#include "dnsd/doctor/machine.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <iterator>

namespace doctor {
namespace {

constexpr std::chrono::hours oldest_database{25 * 24};  // GeoLite2 comes out twice a week
constexpr std::uint64_t least_buffer = 4 << 20;         // 200 Mbit/s at 150 ms
constexpr const char* own_program = "isochrone ";

Findings judge_ports(const std::vector<PortOwner>& ports) {
    Findings findings;
    for (const auto& port : ports) {
        if (port.program.empty() || port.program.starts_with(own_program)) continue;
        findings.push_back({Level::Fault, "port",
                            fmt::format("{} is held by {}", port.socket, port.program),
                            "stop that program, or take it off this address; docs/port-53.md tells "
                            "how for the usual ones"});
    }
    const auto own = std::ranges::count_if(
        ports, [](const PortOwner& port) { return port.program.starts_with(own_program); });
    if (findings.empty() && own > 0)
        findings.push_back(
            {Level::Ok, "port",
             fmt::format("isochrone has {}", count_text(static_cast<std::size_t>(own), "socket") +
                                                 " of those it is to have")});
    return findings;
}

Finding judge_clock(bool synchronised) {
    if (synchronised) return {Level::Ok, "clock", "the kernel calls it synchronised"};
    return {Level::Warn, "clock", "the kernel calls this clock not synchronised",
            "\"timedatectl set-ntp true\" starts NTP; signatures between nodes fail when clocks "
            "differ by 5 minutes"};
}

Finding judge_database(const Database& database) {
    const auto days = database.age.count() / 24;
    if (database.age > oldest_database) {
        return {Level::Warn, "database", fmt::format("{} is {} days old", database.file, days),
                "does geoipupdate run?"};
    }
    return {Level::Ok, "database", fmt::format("{} is {} days old", database.file, days)};
}

Finding judge_ping(const PingRights& rights) {
    const bool allowed =
        rights.raw || (rights.first <= rights.group && rights.group <= rights.last);
    if (allowed) return {Level::Ok, "ping", "the server may send echoes"};
    return {Level::Fault, "ping",
            fmt::format("group {} may send no echoes, and \"measure\" wants them "
                        "(net.ipv4.ping_group_range is \"{} {}\")",
                        rights.group, rights.first, rights.last),
            fmt::format("put \"net.ipv4.ping_group_range = {0} {0}\" into "
                        "/etc/sysctl.d/60-isochrone.conf, then \"sysctl --system\"",
                        rights.group)};
}

Findings judge_relay(const RelayTuning& tuning) {
    Findings findings;
    const std::string remedy = "/etc/sysctl.d/90-relay.conf as in docs/relay.md";
    if (tuning.congestion_control != "bbr") {
        findings.push_back({Level::Hint, "tuning",
                            fmt::format("net.ipv4.tcp_congestion_control is {}: on long ways bbr "
                                        "sends faster",
                                        tuning.congestion_control),
                            remedy});
    }
    const auto small = [&](const char* name, std::uint64_t octets) {
        if (octets >= least_buffer) return;
        findings.push_back({Level::Hint, "tuning",
                            fmt::format("{} is {}: on long ways {} or more lets one stream be fast",
                                        name, octets, least_buffer),
                            remedy});
    };
    small("net.core.rmem_max", tuning.rmem_max);
    small("net.core.wmem_max", tuning.wmem_max);
    if (findings.empty())
        findings.push_back({Level::Ok, "tuning", "bbr and large buffers for the relay"});
    return findings;
}

}  // namespace

Findings judge_machine(const Machine& machine) {
    auto findings = judge_ports(machine.ports);
    if (machine.clock_synchronised) findings.push_back(judge_clock(*machine.clock_synchronised));
    for (const auto& database : machine.databases) findings.push_back(judge_database(database));
    if (machine.ping) findings.push_back(judge_ping(*machine.ping));
    if (machine.relay) std::ranges::move(judge_relay(*machine.relay), std::back_inserter(findings));
    return findings;
}

}  // namespace doctor
