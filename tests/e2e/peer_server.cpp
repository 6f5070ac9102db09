// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/peer_server.hpp"

#include "tests/e2e/client.hpp"

#include <stdexcept>

#include <sys/socket.h>

namespace e2e {
namespace {

/// A port on which nobody answers datagrams at the moment.
std::uint16_t free_port() {
    Endpoint at{"127.0.0.1", 0};
    const auto socket = bound_socket(SOCK_DGRAM, at);
    return at.port;
}

bool answers(const Endpoint& server, const std::string& zone) {
    try {
        const UdpClient client{server};
        client.send(to_octets({.name = zone, .type = "SOA"}));
        const auto reply = client.receive(std::chrono::milliseconds{100});
        return reply && read_reply(*reply).rcode == "NOERROR";
    } catch (const std::system_error&) {  // refused: its port is not open yet
        return false;
    }
}

}  // namespace

PeerServer::PeerServer(Kind kind, const std::string& zone, const std::string& text) {
    folder_.write("zone", text);
    endpoint_.port = free_port();
    kind == Kind::Nsd ? start_nsd(zone) : start_knot(zone);
    if (!eventually([&] { return answers(endpoint_, zone); }))
        throw std::runtime_error{"no peer: " + process_->output() + process_->errors()};
}

void PeerServer::start_nsd(const std::string& zone) {
    const auto config = folder_.write(
        "nsd.conf", "server:\n  ip-address: 127.0.0.1@" + std::to_string(endpoint_.port) +
                        "\n  username: \"\"\n  chroot: \"\"\n  zonesdir: \"" + folder_.path("") +
                        "\"\n  database: \"\"\n  server-count: 1\n"
                        "  minimal-responses: yes\n  rrl-ratelimit: 0\n"
                        "  pidfile: \"" +
                        folder_.path("pid") + "\"\n  xfrdfile: \"" + folder_.path("xfrd") +
                        "\"\n  xfrdir: \"" + folder_.path("") + "\"\n  zonelistfile: \"" +
                        folder_.path("list") +
                        "\"\nremote-control:\n  control-enable: no\n"
                        "zone:\n  name: " +
                        zone + "\n  zonefile: zone\n");
    process_ = std::make_unique<Process>(Command{"nsd", "-d", "-c", config});
}

void PeerServer::start_knot(const std::string& zone) {
    const auto config = folder_.write(
        "knot.conf", "server:\n    rundir: " + folder_.path("") + "\n    listen: 127.0.0.1@" +
                         std::to_string(endpoint_.port) +
                         "\n    udp-workers: 1\n    tcp-workers: 1\n    background-workers: 1\n"
                         "database:\n    storage: " +
                         folder_.path("") + "\nzone:\n  - domain: " + zone +
                         "\n    file: " + folder_.path("zone") +
                         "\n    journal-content: none\n    zonefile-load: whole\n"
                         "    zonefile-sync: -1\n    semantic-checks: off\n");
    process_ = std::make_unique<Process>(Command{"knotd", "-c", config});
}

}  // namespace e2e
