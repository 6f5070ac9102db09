// SPDX-License-Identifier: Apache-2.0
#include "tests/wan/internet.hpp"

#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/health_zone.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/wan/geography.hpp"
#include "tests/wan/link.hpp"
#include "tests/wan/name_servers.hpp"

#include <csignal>
#include <stdexcept>

namespace wan {
namespace {

std::string url() {
    return std::string{"http://"} + zone_name + ":" + std::to_string(media_port) + "/film";
}

/// What stands behind "status: " in dig's comments.
std::string rcode_of(const std::string& shown) {
    const auto at = shown.find("status: ");
    return at == std::string::npos ? "nothing" : shown.substr(at + 8, shown.find(',', at) - at - 8);
}

/// Addresses of the answer, in the order of dig's lines.
std::vector<std::string> addresses_of(const std::string& shown) {
    std::vector<std::string> addresses;
    for (const auto& line : e2e::lines_of(shown)) {
        const auto at = line.find("\tA\t");
        if (!line.starts_with(';') && at != std::string::npos)
            addresses.push_back(line.substr(at + 3));
    }
    return addresses;
}

support::Command asked(const std::string& server, const support::Command& words) {
    auto command = e2e::dig({server, 53}, words);
    command.insert(command.end(), {"+noall", "+comments", "+answer"});
    return command;
}

}  // namespace

std::string Edge::fact(const std::string& edge, const std::string& key) const {
    const auto finished = site_->run(
        e2e::dig({site_->address(), 53}, {"+short", "TXT", std::string{"_probes."} + zone_name}));
    for (const auto& line : e2e::lines_of(finished.output)) {
        const auto text = line.substr(1, line.size() - 2);
        if (e2e::fact(text, "edge") == edge) return e2e::fact(text, key);
    }
    return {};
}

std::string Edge::answer(const std::string& subnet) const {
    const auto shown = site_->run(asked(site_->address(), {zone_name, "+subnet=" + subnet})).output;
    auto text = rcode_of(shown);
    for (const auto& address : addresses_of(shown)) text += " " + address;
    return text;
}

std::string Edge::why(const std::string& subnet, const std::string& begin) const {
    const auto finished =
        site_->run(e2e::dig({site_->address(), 53}, {"+short", "TXT", "+subnet=" + subnet,
                                                     std::string{"_why."} + zone_name}));
    for (const auto& line : e2e::lines_of(finished.output)) {
        if (line.substr(1).starts_with(begin)) return line;
    }
    return {};
}

std::size_t Edge::count(const std::string& command, const std::string& text) const {
    const auto shown = site_->run({ISOCHRONE, command}).output;
    std::size_t count = 0;
    for (auto at = shown.find(text); at != shown.npos; at = shown.find(text, at + 1)) ++count;
    return count;
}

void Edge::die() {
    server->signal(SIGKILL);
    relay.reset();
    server.reset();
}

Internet::Internet(Nodes nodes, const Misplaced& misplaced) : nodes_{nodes} {
    folder_.write("zone.json", zone_text());
    folder_.write("places.csv", places_text(misplaced));
    write_key(folder_);
    add_sites();
    join_sites();
    home_ = std::make_unique<Home>(site("home"), folder_);
    if (nodes_ == Nodes::SetUp) {
        set_up_edges();
    } else {
        start_edges();
    }
    start_servers();
    start_name_servers();
    await_servers();
    await_name_servers();
}

void Internet::add_sites() {
    for (const auto& row : geography) {
        SitePlan plan{row.name, row.network + std::string{".0/24"}, {address_in(row)}};
        std::string resolver;
        if (row.role == Role::Client) {
            plan.addresses.push_back(resolver_in(row));
            resolver = folder_.write(std::string{row.name} + ".resolv",
                                     "nameserver " + resolver_in(row) + "\n");
            clients_.emplace_back(row.name);
        }
        if (row.role == Role::Edge) edge_names_.emplace_back(row.name);
        sites_.emplace(row.name, std::make_unique<Site>(plan, resolver));
    }
}

void Internet::join_sites() {
    std::string plan;
    for (const auto& row : geography) plan += site(row.name).introduction();
    network_ = std::make_unique<RemoteNetwork>(folder_.path("wan"),
                                               folder_.write("plan", plan + ways_text()));
    for (const auto& [name, place] : sites_) place->bring_up();
}

void Internet::start_edges() {
    const struct {
        const char* name;
        RelayKind kind;
    } rows[] = {
        {"frankfurt", RelayKind::Nginx},
        {"newyork", RelayKind::HaproxyWithProxyProtocol},
        {"singapore", RelayKind::NginxWithProxyProtocol},
    };
    for (const auto& row : rows) edges_.emplace(row.name, Edge{site(row.name), row.kind});
    for (auto& [name, edge] : edges_) {
        edge.relay = start_relay(edge.kind(), edge.site(), site("home"), folder_);
        write_settings(edge);
    }
}

void Internet::set_up_edges() {
    std::vector<const Site*> sites;
    for (const auto& name : edge_names_) sites.push_back(&site(name));
    set_up_ = std::make_unique<SetUpFolder>(sites, site("home"), folder_);
    for (const auto& name : edge_names_) {
        auto& edge = edges_.emplace(name, Edge{site(name), RelayKind::Nginx}).first->second;
        set_up_->install(edge.site());
        edge.relay = SetUpFolder::start_relay(edge.site());
    }
}

void Internet::start_servers() {
    for (auto& [name, edge] : edges_) start_server(edge);
}

void Internet::await_servers() {
    for (auto& [name, edge] : edges_) edge.server->wait_for(" serves ");
}

void Internet::write_settings(const Edge& edge) const {
    const auto together = nodes_ == Nodes::Together ? node_setting(edge.site().name()) : "";
    folder_.write(edge.site().name() + ".json",
                  R"({ "listen": ")" + edge.site().address() +
                      R"(:53", "places": "places.csv", "identity": ")" + edge.site().name() +
                      R"(", "allow": { "dashboard": ["0.0.0.0/0"] }, )" + together +
                      R"("latency": { "interval": "1s", "window": "5s", "half_life": "5m" }, )" +
                      R"("measure": { "refresh": "10s", "per_network_per_hour": 60 }, )" +
                      R"("relay": { "ports": [)" + std::to_string(media_port) +
                      R"(], "interval": "1s", "home": ")" + address_of("home") + ":" +
                      std::to_string(media_port) + R"(" } })");
}

void Internet::start_server(Edge& edge) {
    const auto& name = edge.site().name();
    if (set_up_) {
        edge.server = SetUpFolder::start_server(edge.site());
        return;
    }
    edge.server = std::make_unique<support::Process>(
        edge.site().inside({ISOCHRONE, "serve", "--config", folder_.path(name + ".json"), "--state",
                            folder_.path(name + ".state"), folder_.path("zone.json")}));
}

void Internet::restart_servers() {
    for (auto& [name, edge] : edges_) edge.server->signal(SIGTERM);
    for (auto& [name, edge] : edges_) {
        if (edge.server->wait_for_end() != 0)
            throw std::runtime_error{name + " did not end well: " + edge.server->errors()};
        edge.server.reset();
    }
    start_servers();
    await_servers();
}

void Internet::start_name_servers() {
    const auto printed = support::run(e2e::isochrone({"delegation", folder_.path("zone.json")}));
    const auto delegation = set_up_ ? set_up_->delegation() : printed.output;
    name_servers_.push_back(start_parent(site("parent"), delegation, folder_));
    std::vector<std::string> servers;
    for (const auto& name : edge_names_) servers.push_back(address_of(name));
    for (const auto& row : geography) {
        if (row.role != Role::Client) continue;
        name_servers_.push_back(
            start_resolver(site(row.name), resolver_in(row), site("parent"), servers, folder_));
    }
}

void Internet::await_name_servers() {
    for (const auto& process : name_servers_) {
        const bool parent = process == name_servers_.front();
        process->wait_for(parent ? parent_ready : resolver_ready);
    }
}

std::string Internet::address_of(const std::string& name) const {
    return site(name).address();
}

std::string Internet::subnet_of(const std::string& client) const {
    const auto address = address_of(client);
    return address.substr(0, address.rfind('.')) + ".0/24";
}

std::string Internet::edge_at(const std::string& address) const {
    for (const auto& name : edge_names_)
        if (address_of(name) == address) return name;
    return address;
}

std::string Internet::resolve(const std::string& client) const {
    const auto& place = site(client);
    const auto resolver = subnet_of(client).substr(0, subnet_of(client).rfind('.')) + ".53";
    // As a stub asks: unbound does not answer a client that has waited for 1.9 s already
    // (discard-timeout), and has the answer ready when it asks again.
    const support::Command question{"-b",       place.address(), zone_name,
                                    "+recurse", "+tries=5",      "+time=2"};
    const auto shown = place.run(asked(resolver, question)).output;
    auto text = rcode_of(shown);
    for (const auto& address : addresses_of(shown)) text += " " + edge_at(address);
    return text;
}

Download Internet::download(const std::string& client, std::size_t from, std::size_t octets) const {
    const auto range = std::to_string(from) + "-" + std::to_string(from + octets - 1);
    const auto finished =
        site(client).run({"curl", "-s", "--connect-timeout", "3", "--max-time", "20", "-r", range,
                          "-w", "%{stderr}%{remote_ip}", url()});
    return {finished.status, edge_at(finished.errors), finished.output};
}

std::unique_ptr<support::Process> Internet::watch(const std::string& client,
                                                  std::size_t speed) const {
    // It writes the address as soon as the head has come: then the film runs.
    return std::make_unique<support::Process>(site(client).inside(
        {"curl", "-sv", "-o", "/dev/null", "--limit-rate", std::to_string(speed), "-w",
         "%{stderr}octets=%{size_download} from=%{remote_ip}\n", url()}));
}

bool Internet::comes_to(const std::string& client, const std::string& edge) const {
    const auto deadline = Clock::now() + support::patience;
    while (Clock::now() < deadline) {
        const auto part = download(client);
        if (part.status == 0 && part.edge == edge) return true;
    }
    return false;
}

}  // namespace wan
