// SPDX-License-Identifier: Apache-2.0
#include "dnsd/setup/home_files.hpp"

#include "dnsd/setup/parts.hpp"

namespace setup {
namespace {

constexpr const char* own_end =
    R"(# Home's end of the tunnel. Its place: /etc/wireguard/isochrone.conf
[Interface]
PrivateKey = @SECRET@
Address = @HOME@/32
)";

constexpr const char* peer = R"(
# @NAME@
[Peer]
PublicKey = @OPEN@
AllowedIPs = @ADDRESS@/32
Endpoint = @ENDPOINT@
PersistentKeepalive = 25
)";

std::string home_tunnel(const Plan& plan, const Secrets& secrets) {
    auto text = filled(
        own_end, {{"SECRET", secrets.home.secret}, {"HOME", geo::to_text(plan.home.address)}});
    for (std::size_t i = 0; i < plan.edges.size(); ++i) {
        text += filled(
            peer, {{"NAME", plan.edges[i].name},
                   {"OPEN", secrets.edges[i].open},
                   {"ADDRESS", tunnel_address(plan, i)},
                   {"ENDPOINT", net::to_text({plan.edges[i].addresses.front(), tunnel_port})}});
    }
    return text;
}

/// The edges alone may come to the media server from outside.
std::string home_ufw(const Plan& plan) {
    const auto port = std::to_string(plan.home.port);
    std::string text =
        "#!/bin/sh\n# Where ufw is in use on the media server. Run it as root.\nset -eux\n";
    if (plan.way == WayHome::WireGuard)
        return text + "ufw allow in on isochrone to any port " + port + " proto tcp\n";
    for (const auto& edge : plan.edges)
        for (const auto& address : edge.addresses)
            text +=
                "ufw allow proto tcp from " + geo::to_text(address) + " to any port " + port + "\n";
    return text;
}

std::string home_nft(const Plan& plan) {
    const auto rule = " tcp dport " + std::to_string(plan.home.port) + " accept\n";
    std::string text =
        "# Where nftables has a chain \"input\" in a table \"inet filter\" on the media server: "
        "nft -f firewall.nft\n";
    const std::string insert = "insert rule inet filter input ";
    if (plan.way == WayHome::WireGuard) return text + insert + "iifname \"isochrone\"" + rule;
    for (const auto& edge : plan.edges)
        for (const auto& address : edge.addresses)
            text += insert + (address.family == geo::Family::V4 ? "ip" : "ip6") + " saddr " +
                    geo::to_text(address) + rule;
    return text;
}

}  // namespace

Files home_files(const Plan& plan, const Secrets& secrets) {
    const std::string folder = home_folder;
    std::string lines;
    auto files = tuning_files(folder);
    if (plan.way == WayHome::WireGuard) {
        files.push_back({folder + "/wireguard.conf", home_tunnel(plan, secrets), Readers::Owner});
        lines =
            "mkdir -p -m 0700 /etc/wireguard\nput wireguard.conf 0600 root "
            "/etc/wireguard/isochrone.conf\n";
    }
    files.push_back({folder + "/firewall-ufw.sh", home_ufw(plan)});
    files.push_back({folder + "/firewall.nft", home_nft(plan)});
    files.push_back(
        {folder + "/install.sh", install_script("the media server", lines + tuning_lines())});
    return files;
}

}  // namespace setup
