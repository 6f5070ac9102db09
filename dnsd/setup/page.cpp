// SPDX-License-Identifier: Apache-2.0
#include "dnsd/setup/page.hpp"

#include "dnsd/setup/edge_files.hpp"
#include "dnsd/setup/home_files.hpp"
#include "dnsd/setup/page_parent.hpp"
#include "dnsd/setup/parts.hpp"

namespace setup {
namespace {

std::string shown_addresses(const Edge& edge) {
    std::string text;
    for (const auto& address : edge.addresses)
        text += (text.empty() ? "" : ", ") + geo::to_text(address);
    return text;
}

/// What scp and others take in front of a path.
std::string host_of(const geo::Address& address) {
    const auto text = geo::to_text(address);
    return address.family == geo::Family::V4 ? text : "[" + text + "]";
}

constexpr const char* head = R"(# @ZONE@: @COUNT@

Made by `isochrone setup`. Do these steps in order; every command can be pasted. The folders hold secrets
(`isochrone.key`@TUNNEL_FILE@): show them to nobody, and keep this folder for the day on which you add a VM.

| VM | Addresses | Place | Name server |
|---|---|---|---|
)";

std::string head_of(const Plan& plan) {
    const auto count = plan.edges.size();
    auto text =
        filled(head, {{"ZONE", zone_of(plan)},
                      {"COUNT", std::to_string(count) + (count == 1 ? " VM" : " VMs")},
                      {"TUNNEL_FILE", plan.way == WayHome::WireGuard ? ", `wireguard.conf`" : ""}});
    for (std::size_t i = 0; i < count; ++i) {
        const auto& edge = plan.edges[i];
        text += "| " + edge.name + " | " + shown_addresses(edge) + " | " + edge.location + " | " +
                (i < name_server_count(plan) ? name_server(plan, i) : "none") + " |\n";
    }
    return text;
}

constexpr const char* before_vms = R"(
## 1. Each VM

Each is a Debian 12 or newer that you enter as root by ssh. Put Isochrone's package, `isochrone_*.deb`, into this
folder first. In the provider's panel open @PORTS@, and leave your ssh port open.
)";

constexpr const char* one_vm = R"(
### @NAME@

From this folder, on your own machine:

```sh
scp -rp @NAME@ isochrone_*.deb root@@HOST@:
ssh root@@ADDRESS@
```

On @NAME@, as root:

```sh
apt-get update
apt-get install -y ./isochrone_*.deb nginx libnginx-mod-stream@PACKAGES@
sh @NAME@/install.sh
modprobe tcp_bbr
sysctl --system
@TUNNEL@nginx -t
systemctl enable nginx
systemctl restart nginx
isochrone check --user isochrone
systemctl enable isochrone
systemctl restart isochrone
```
)";

constexpr const char* after_vms = R"(
If a VM has a firewall of its own: `sh NAME/firewall-ufw.sh` where that is ufw, `nft -f NAME/firewall.nft` where it is
nftables. Debian has none unless somebody has made one.

If `isochrone check` warns that no interface has the address: the provider translates it. Write the address that
`ip -brief address` shows into "listen" of `/etc/isochrone/isochrone.json`.
)";

std::string vms_of(const Plan& plan) {
    const bool tunnel = plan.way == WayHome::WireGuard;
    const auto port = std::to_string(plan.home.port);
    auto text =
        filled(before_vms,
               {{"PORTS", "UDP 53, TCP 53" + std::string{tunnel ? ", " : " and "} + "TCP " + port +
                              (tunnel ? " and UDP " + std::to_string(tunnel_port) : "")}});
    for (const auto& edge : plan.edges) {
        text += filled(
            one_vm,
            {{"NAME", edge.name},
             {"HOST", host_of(edge.addresses.front())},
             {"ADDRESS", geo::to_text(edge.addresses.front())},
             {"PACKAGES", tunnel ? " wireguard-tools" : ""},
             {"TUNNEL",
              tunnel ? "systemctl enable wg-quick@isochrone\nsystemctl restart wg-quick@isochrone\n"
                     : ""}});
    }
    return text + after_vms;
}

constexpr const char* tunnel_home = R"(
## 2. Home

Copy the folder `home` to the machine on which the media server runs. No port has to be opened there, nor in the
router: home dials. @NETWORK@ must be no network that home has already: `ip -brief address` shows them.

On the media server, as root:

```sh
apt-get update
apt-get install -y wireguard-tools
sh home/install.sh
modprobe tcp_bbr
sysctl --system
systemctl enable wg-quick@isochrone
systemctl restart wg-quick@isochrone
```

Then each edge answers there:

```sh
@PINGS@```
)";

constexpr const char* plain_home = R"(
## 2. Home

The edges connect to @HOME@. If that is the address of a router, forward TCP @PORT@ to the media server there,
and let none but the edges in: @EDGES@.

Copy the folder `home` to the machine on which the media server runs. There, as root, for the speed of long ways:

```sh
sh home/install.sh
modprobe tcp_bbr
sysctl --system
```
)";

constexpr const char* home_firewall = R"(
If the media server has a firewall of its own: `sh home/firewall-ufw.sh` for ufw, `nft -f home/firewall.nft` for nftables.
)";

constexpr const char* plex = R"(
In Plex, under Settings, Network:

- **Custom server access URLs**: `http://@ZONE@:@PORT@`. Without it the apps go past the edges.
- **Secure connections**: Preferred.
- **Enable Relay**: off.
- **LAN Networks**: your home's own network@NOT_TUNNEL@.
)";

constexpr const char* jellyfin = R"(
In Jellyfin, under Dashboard, Networking:

- **Published server URIs**: `all=http://@ZONE@:@PORT@`.
- **Base URL** and **Known proxies** stay empty.
- **LAN networks**: your home's own network@NOT_TUNNEL@.
)";

std::string media_server(const Plan& plan) {
    const auto service = service_of(plan);
    if (service == Service::Other)
        return "\nClients come to `" + zone_of(plan) + ":" + std::to_string(plan.home.port) +
               "`.\n";
    const auto* const text = service == Service::Plex ? plex : jellyfin;
    return filled(text,
                  {{"ZONE", zone_of(plan)},
                   {"PORT", std::to_string(plan.home.port)},
                   {"NOT_TUNNEL", plan.way == WayHome::WireGuard ? ", and not the tunnel's" : ""}});
}

std::string home_of(const Plan& plan) {
    std::string pings;
    std::string edges;
    for (std::size_t i = 0; i < plan.edges.size(); ++i) {
        if (plan.way == WayHome::WireGuard) pings += "ping -c 3 " + tunnel_address(plan, i) + "\n";
        edges += (edges.empty() ? "" : ", ") + shown_addresses(plan.edges[i]);
    }
    const auto* const text = plan.way == WayHome::WireGuard ? tunnel_home : plain_home;
    return filled(text, {{"PINGS", pings},
                         {"EDGES", edges},
                         {"NETWORK", geo::to_text(geo::prefix_around(plan.home.address, 24))},
                         {"HOME", net::to_text(plan.home)},
                         {"PORT", std::to_string(plan.home.port)}}) +
           home_firewall + media_server(plan);
}

std::string page_to_try(const Plan& plan) {
    std::string text =
        "\n## 3. Try it, before anybody else can\n\nFrom any machine with `dig` (Debian: "
        "`bind9-dnsutils`) and `curl`. Every "
        "name server answers with the same\nserial over UDP and over TCP, and every edge with "
        "home's page:\n\n```sh\n";
    constexpr const char* const pages[] = {"/identity", "/health", "/"};
    for (const auto& edge : plan.edges) {
        const auto ask = "dig @" + geo::to_text(edge.addresses.front()) + " " + zone_of(plan) +
                         " SOA +norecurse +short";
        text += ask + "\n" + ask + " +tcp\n";
        text += "curl -sS -m 10 http://" + host_of(edge.addresses.front()) + ":" +
                std::to_string(plan.home.port) + pages[static_cast<std::size_t>(service_of(plan))] +
                "\n";
    }
    text += "```\n\nOn each VM: every edge is `state=up`";
    if (service_of(plan) != Service::Other) text += " and `origin=up`";
    if (plan.edges.size() > 1) text += ", and every other node `data=fresh`";
    return text + ":\n\n```sh\nisochrone status\n```\n";
}

}  // namespace

std::string page_of(const Plan& plan) {
    return head_of(plan) + vms_of(plan) + home_of(plan) + page_to_try(plan) + page_parent(plan);
}

Files files_of(const Plan& plan, const Secrets& secrets) {
    Files files{{"DO-THIS.md", page_of(plan)}};
    const auto add = [&](Files more) {
        for (auto& file : more) files.push_back(std::move(file));
    };
    for (std::size_t i = 0; i < plan.edges.size(); ++i) add(edge_files(plan, secrets, i));
    add(home_files(plan, secrets));
    return files;
}

}  // namespace setup
