// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/interop/peer_server.hpp"

#include "tests/e2e/support/client.hpp"

#include <algorithm>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <sys/socket.h>

namespace e2e {
namespace {

/// True if nobody has the address over UDP.
bool is_free(Endpoint at) {
    try {
        const auto socket = bound_socket(SOCK_DGRAM, at);
        return true;
    } catch (const std::system_error&) {
        return false;
    }
}

}  // namespace

PeerServer::PeerServer(Kind kind, const std::vector<PeerZone>& zones, Endpoint at)
    : endpoint_{std::move(at)} {
    if (endpoint_.port == 0) {
        endpoint_ = free_endpoint(endpoint_.address);
    } else if (!eventually([&] { return is_free(endpoint_); })) {
        // The children of a server that was killed end later than the server.
        throw std::runtime_error{to_text(endpoint_) + " is in use"};
    }
    kind == Kind::Nsd ? start_nsd(zones) : start_knot(zones);
    const auto served = [&](const PeerZone& zone) {
        return answers(endpoint_, {.name = zone.name, .type = "SOA"});
    };
    if (!eventually([&] { return std::ranges::all_of(zones, served); }))
        throw std::runtime_error{"no peer: " + process_->output() + process_->errors()};
}

void PeerServer::start_nsd(const std::vector<PeerZone>& zones) {
    auto text = "server:\n  ip-address: " + endpoint_.address + "@" +
                std::to_string(endpoint_.port) +
                "\n  username: \"\"\n  chroot: \"\"\n  zonesdir: \"" + folder_.path("") +
                "\"\n  database: \"\"\n  server-count: 1\n"
                "  minimal-responses: yes\n  rrl-ratelimit: 0\n"
                "  pidfile: \"" +
                folder_.path("pid") + "\"\n  xfrdfile: \"" + folder_.path("xfrd") +
                "\"\n  xfrdir: \"" + folder_.path("") + "\"\n  zonelistfile: \"" +
                folder_.path("list") + "\"\nremote-control:\n  control-enable: no\n";
    for (const auto& zone : zones) {
        text += "zone:\n  name: \"" + zone.name + "\"\n  zonefile: \"" +
                folder_.write("zone-" + zone.name, zone.text) + "\"\n";
    }
    process_ =
        std::make_unique<Process>(Command{"nsd", "-d", "-c", folder_.write("nsd.conf", text)});
}

void PeerServer::start_knot(const std::vector<PeerZone>& zones) {
    auto text = "server:\n    rundir: " + folder_.path("") + "\n    listen: " + endpoint_.address +
                "@" + std::to_string(endpoint_.port) +
                "\n    udp-workers: 1\n    tcp-workers: 1\n    background-workers: 1\n"
                "database:\n    storage: " +
                folder_.path("") + "\nzone:\n";
    for (const auto& zone : zones) {
        text += "  - domain: " + zone.name +
                "\n    file: " + folder_.write("zone-" + zone.name, zone.text) +
                "\n    journal-content: none\n    zonefile-load: whole\n"
                "    zonefile-sync: -1\n    semantic-checks: off\n";
    }
    process_ = std::make_unique<Process>(Command{"knotd", "-c", folder_.write("knot.conf", text)});
}

}  // namespace e2e
