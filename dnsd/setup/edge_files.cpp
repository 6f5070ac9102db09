// SPDX-License-Identifier: Apache-2.0
#include "dnsd/setup/edge_files.hpp"

#include "dnsd/setup/parts.hpp"

#include <algorithm>

namespace setup {
namespace {

using geo::Family;

std::string json_list(const std::vector<std::string>& texts) {
    std::string list;
    for (const auto& text : texts) list += (list.empty() ? "\"" : ", \"") + text + "\"";
    return "[" + list + "]";
}

std::string addresses_of(const Edge& edge) {
    std::vector<std::string> texts;
    for (const auto& address : edge.addresses) texts.push_back(geo::to_text(address));
    return json_list(texts);
}

constexpr const char* settings =
    R"(// @NAME@, a node of @ZONE@. Its place: /etc/isochrone/isochrone.json
// docs/operations.md explains every key. After a change: systemctl restart isochrone
{
    "identity": "@NAME@",
    // Where the provider translates addresses, the VM has another one: `ip -brief address` shows it.
    "listen": @LISTEN@,
    "zones": "zones",
    "relay": { "ports": [@PORT@], "home": "@HOME@" },
    "node": { "edge": "@NAME@", "zone": "@ZONE@", "key_file": "isochrone.key" }
}
)";

std::string settings_of(const Plan& plan, const Edge& edge) {
    std::vector<std::string> listen;
    for (const auto& address : edge.addresses) listen.push_back(net::to_text({address, 53}));
    return filled(settings, {{"LISTEN", json_list(listen)},
                             {"PORT", std::to_string(plan.home.port)},
                             {"HOME", net::to_text(plan.home)},
                             {"NAME", edge.name},
                             {"ZONE", zone_of(plan)}});
}

constexpr const char* relay = R"(stream {
    server {
@LISTEN@        proxy_pass @HOME@;
        proxy_connect_timeout 3s;
        proxy_timeout 1h;
        proxy_socket_keepalive on;
    }
}
)";

std::string relay_of(const Plan& plan, const Edge& edge) {
    const auto port = std::to_string(plan.home.port);
    const auto line = [&](const std::string& where) {
        return "        listen " + where + port + " so_keepalive=60s:10s:6;\n";
    };
    // nginx does not start where it is to listen on IPv6 and the machine has none.
    const auto listen =
        (has(edge, Family::V4) ? line("") : "") + (has(edge, Family::V6) ? line("[::]:") : "");
    return filled(relay, {{"LISTEN", listen}, {"HOME", net::to_text(plan.home)}});
}

constexpr const char* tunnel =
    R"(# The end at @NAME@ of the tunnel to home. Its place: /etc/wireguard/isochrone.conf
[Interface]
PrivateKey = @SECRET@
Address = @OWN@/32
ListenPort = @PORT@

# Home. It dials, so that it needs no address of its own.
[Peer]
PublicKey = @OPEN@
AllowedIPs = @HOME@/32
)";

std::string tunnel_of(const Plan& plan, const Secrets& secrets, std::size_t index) {
    return filled(tunnel, {{"NAME", plan.edges[index].name},
                           {"SECRET", secrets.edges[index].secret},
                           {"OWN", tunnel_address(plan, index)},
                           {"PORT", std::to_string(tunnel_port)},
                           {"OPEN", secrets.home.open},
                           {"HOME", geo::to_text(plan.home.address)}});
}

std::string ufw_lines(const Plan& plan) {
    std::string text =
        "#!/bin/sh\n# Where ufw is in use. Run it as root.\nset -eux\n"
        "ufw allow 53\n"  // both protocols
        "ufw allow " +
        std::to_string(plan.home.port) + "/tcp\n";
    if (plan.way == WayHome::WireGuard)
        text += "ufw allow " + std::to_string(tunnel_port) + "/udp\n";
    return text;
}

constexpr const char* nft_head =
    R"(# Where nftables has a chain "input" in a table "inet filter", as in Debian's example: nft -f firewall.nft
# To keep them, write what stands behind "input" into that chain in /etc/nftables.conf.
)";

/// In front of what is there: a rule behind one that drops would come too late. Echoes are how the
/// nodes measure the way to each other.
std::string nft_lines(const Plan& plan) {
    std::vector<std::string> rules{"meta l4proto { tcp, udp } th dport 53",
                                   "tcp dport " + std::to_string(plan.home.port),
                                   "icmp type echo-request", "icmpv6 type echo-request"};
    if (plan.way == WayHome::WireGuard) rules.push_back("udp dport " + std::to_string(tunnel_port));
    std::string text = nft_head;
    for (const auto& rule : rules) text += "insert rule inet filter input " + rule + " accept\n";
    return text;
}

std::string install_lines(const Plan& plan) {
    auto text = filled(
        R"(getent group isochrone >/dev/null || say "install isochrone first: there is no group isochrone"
[ -d /etc/nginx ] || say "install nginx and libnginx-mod-stream first"
mkdir -p /etc/isochrone/zones
put isochrone.json 0644 root /etc/isochrone/isochrone.json
put isochrone.key 0640 isochrone /etc/isochrone/isochrone.key
put zones/@ZONE@.json 0644 root /etc/isochrone/zones/@ZONE@.json
put relay.conf 0644 root /etc/nginx/relay.conf
line='include /etc/nginx/relay.conf;'
grep -qxF "$line" /etc/nginx/nginx.conf || echo "$line" >>/etc/nginx/nginx.conf
)",
        {{"ZONE", zone_of(plan)}});
    if (plan.way == WayHome::WireGuard)
        text +=
            "mkdir -p -m 0700 /etc/wireguard\nput wireguard.conf 0600 root "
            "/etc/wireguard/isochrone.conf\n";
    return text + tuning_lines();
}

/// What every name server asks each edge: whether its relay takes connections, and home behind it.
std::string checks_of(const Plan& plan) {
    const auto port = std::to_string(plan.home.port);
    const auto check = "\"check\": { \"tcp\": " + port + " }";
    switch (service_of(plan)) {
        case Service::Plex:
            return check + ",\n            \"origin\": { \"http\": " + port +
                   ", \"path\": \"/identity\" }";
        case Service::Jellyfin:
            return check + ",\n            \"origin\": { \"http\": " + port +
                   ", \"path\": \"/health\", \"body\": \"Healthy\" }";
        case Service::Other:
            break;
    }
    return check;
}

std::string servers_of(const Plan& plan) {
    std::string text;
    for (std::size_t i = 0; i < name_server_count(plan); ++i) {
        const auto outside = plan.servers_in.has_value();
        const auto name = outside ? name_server(plan, i) + "." : "ns" + std::to_string(i + 1);
        text += (text.empty() ? "        \"" : ",\n        \"") + name +
                "\": " + (outside ? "[]" : addresses_of(plan.edges[i]));
    }
    return text;
}

/// Said where edges differ in their families: else `check` warns of it.
std::string missing_family(const Plan& plan) {
    for (const auto family : {Family::V4, Family::V6}) {
        const auto count =
            std::ranges::count_if(plan.edges, [&](const Edge& edge) { return has(edge, family); });
        if (count != 0 && static_cast<std::size_t>(count) != plan.edges.size())
            return "    \"missing_family\": \"nodata\",\n";
    }
    return {};
}

}  // namespace

std::string zone_file(const Plan& plan) {
    std::string edges;
    std::vector<std::string> names;
    for (const auto& edge : plan.edges) {
        edges += filled(R"(@COMMA@        "@NAME@": {
            "addresses": @ADDRESSES@,
            "location": @LOCATION@,
            @CHECKS@
        })",
                        {{"COMMA", edges.empty() ? "" : ",\n"},
                         {"NAME", edge.name},
                         {"ADDRESSES", addresses_of(edge)},
                         {"LOCATION", edge.location},
                         {"CHECKS", checks_of(plan)}});
        names.push_back(edge.name);
    }
    return filled(R"(// The same file at all edges: /etc/isochrone/zones/@ZONE@.json
// docs/zone-format.md explains every key. A change is read as soon as the file is saved.
{
    "zone": "@ZONE@",
@FAMILY@    "nameservers": {
@SERVERS@
    },
    "edges": {
@EDGES@
    },
    "records": {
        "@": { "steer": { "latency": @NAMES@ } }
    }
}
)",
                  {{"FAMILY", missing_family(plan)},
                   {"SERVERS", servers_of(plan)},
                   {"EDGES", edges},
                   {"NAMES", json_list(names)},
                   {"ZONE", zone_of(plan)}});
}

Files edge_files(const Plan& plan, const Secrets& secrets, std::size_t index) {
    const auto& edge = plan.edges[index];
    const auto& folder = edge.name;
    Files files{
        {folder + "/isochrone.json", settings_of(plan, edge)},
        {folder + "/isochrone.key", secrets.node_key, Readers::Owner},
        {folder + "/zones/" + zone_of(plan) + ".json", zone_file(plan)},
        {folder + "/relay.conf", relay_of(plan, edge)},
        {folder + "/firewall-ufw.sh", ufw_lines(plan)},
        {folder + "/firewall.nft", nft_lines(plan)},
        {folder + "/install.sh", install_script(edge.name, install_lines(plan))},
    };
    if (plan.way == WayHome::WireGuard)
        files.push_back(
            {folder + "/wireguard.conf", tunnel_of(plan, secrets, index), Readers::Owner});
    for (auto& file : tuning_files(folder)) files.push_back(std::move(file));
    return files;
}

}  // namespace setup
