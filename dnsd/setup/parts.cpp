// SPDX-License-Identifier: Apache-2.0
#include "dnsd/setup/parts.hpp"

#include <algorithm>
#include <array>

namespace setup {
namespace {

constexpr std::uint8_t first_tunnel_host = 11;

// As docs/relay.md explains it.
constexpr const char* sysctl_text = R"(net.ipv4.tcp_congestion_control = bbr
net.core.default_qdisc = fq
net.ipv4.tcp_slow_start_after_idle = 0
net.core.rmem_max = 16777216
net.core.wmem_max = 16777216
net.ipv4.tcp_rmem = 4096 131072 16777216
net.ipv4.tcp_wmem = 4096 65536 16777216
)";

constexpr const char* script = R"sh(#!/bin/sh
# Puts the files of this folder into their places on @WHERE@. Run it as root. What it replaces stays
# beside it, with "~" behind its name. To run it again does no harm.
set -eu
cd "$(dirname "$0")"
say() { echo "install.sh: $*" >&2; exit 1; }
[ "$(id -u)" -eq 0 ] || say "run this as root"
# put FILE MODE GROUP PLACE
put() {
    cmp -s "$1" "$4" || install -b -p -m 0600 "$1" "$4"
    chgrp "$3" "$4"
    chmod "$2" "$4"
}
)sh";

}  // namespace

Service service_of(const Plan& plan) {
    constexpr std::uint16_t plex = 32400;
    constexpr std::uint16_t jellyfin = 8096;
    if (plan.home.port == plex) return Service::Plex;
    return plan.home.port == jellyfin ? Service::Jellyfin : Service::Other;
}

std::string filled(std::string_view text, Words words) {
    std::string result{text};
    for (const auto& [word, value] : words) {
        const auto mark = "@" + std::string{word} + "@";
        for (auto at = result.find(mark); at != std::string::npos;
             at = result.find(mark, at + value.size()))
            result.replace(at, mark.size(), value);
    }
    return result;
}

std::string zone_of(const Plan& plan) {
    return zones::zone_text(plan.zone);
}

std::size_t name_server_count(const Plan& plan) {
    return std::min(plan.edges.size(), most_name_servers);
}

std::string name_server(const Plan& plan, std::size_t index) {
    return "ns" + std::to_string(index + 1) + "." +
           zones::zone_text(plan.servers_in.value_or(plan.zone));
}

bool has(const Edge& edge, geo::Family family) {
    return std::ranges::find(edge.addresses, family, &geo::Address::family) != edge.addresses.end();
}

std::string tunnel_address(const Plan& plan, std::size_t index) {
    std::array<std::uint8_t, 4> octets{};
    geo::write_octets(plan.home.address, octets);
    // Home may have one of these itself.
    const auto host = first_tunnel_host + index;
    const bool behind = octets[3] >= first_tunnel_host && host >= octets[3];
    octets[3] = static_cast<std::uint8_t>(host + (behind ? 1 : 0));
    return geo::to_text(geo::address_from(geo::Family::V4, octets));
}

std::string install_script(const std::string& where, const std::string& body) {
    return filled(script, {{"WHERE", where}}) + body;
}

Files tuning_files(const std::string& folder) {
    return {{folder + "/90-relay.conf", sysctl_text}, {folder + "/bbr.conf", "tcp_bbr\n"}};
}

std::string tuning_lines() {
    return "mkdir -p /etc/sysctl.d /etc/modules-load.d\n"
           "put 90-relay.conf 0644 root /etc/sysctl.d/90-relay.conf\n"
           "put bbr.conf 0644 root /etc/modules-load.d/bbr.conf\n";
}

}  // namespace setup
