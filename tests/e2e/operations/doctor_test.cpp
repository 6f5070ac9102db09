// SPDX-License-Identifier: Apache-2.0
// `doctor` against planted faults: NSD serves the parent, two servers of this project the zone.

#include "tests/e2e/interop/parent_server.hpp"
#include "tests/e2e/interop/resolver.hpp"
#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/private_network.hpp"
#include "tests/e2e/support/relay.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/mmdb_writer.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace doctor_test {

using namespace e2e;

namespace {

namespace fs = std::filesystem;

/// Of both name servers, the server of root and parent, the resolver, and a relay.
const std::vector<std::string> addresses{"45.10.1.10/32",   "45.10.2.10/32",      "203.0.113.53/32",
                                         "203.0.113.99/32", "2001:db8:9::99/128", "45.10.3.30/32"};

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

std::string replaced(std::string text, std::string_view what, const std::string& by) {
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), by);
}

/// A zone with a large RRset at its apex. `edge` are the further members of its edge.
std::string zone_text(const std::string& edge, unsigned serial = 7) {
    std::string large;
    for (int i = 0; i < 10; ++i)
        large += (i == 0 ? "\"" : ", \"") + std::string(80, 'x') + std::to_string(i) + "\"";
    return R"({ "zone": "plex.example.com", "soa": { "serial": )" + std::to_string(serial) +
           R"( }, "nameservers": { "ns1": "45.10.1.10", "ns2": "45.10.2.10" },
        "edges": { "newyork": { "addresses": "45.10.3.30")" +
           edge + R"( } },
        "records": { "@": { "TXT": [)" +
           large + R"(] }, "film": { "steer": "newyork" } } })";
}

/// A machine with settings, a zone folder and a state folder.
struct Installation {
    explicit Installation(const std::string& address, const std::string& zone,
                          const std::string& further = "") {
        fs::permissions(folder.path(""), fs::perms{0755});
        for (const auto* name : {"zones", "state"}) fs::create_directory(folder.path(name));
        folder.write("zones/plex.json", zone);
        config = folder.write("isochrone.json", R"({"listen": [")" + address +
                                                    R"(:53"], "zones": "zones", "state": "state")" +
                                                    further + "}");
    }
    [[nodiscard]] Finished doctor(Command words = {}) const {
        Command command{ISOCHRONE, "--config", config, "doctor"};
        command.insert(command.end(), words.begin(), words.end());
        return run(command);
    }

    support::TemporaryFolder folder;
    std::string config;
};

struct Served : Installation {
    using Installation::Installation;
    ServerProcess server{{"--config", config, "--state", folder.path("state")}};
};

std::string delegation_of(const Installation& installed) {
    return run({ISOCHRONE, "delegation", installed.folder.path("zones")}).output;
}

const Command ask_parent{"--parent", parent_address};

/// The relay in front of a home that answers as Plex does.
void answer_as_plex(Relay& relay) {
    const auto answer = http_answer("200 OK", R"(<MediaContainer size="0"/>)");
    relay.behave([answer](int socket) {
        std::array<char, 4096> request{};
        const auto size = ::read(socket, request.data(), request.size());
        const std::string_view text{request.data(), size < 0 ? 0 : static_cast<std::size_t>(size)};
        if (text.starts_with("GET "))
            static_cast<void>(::write(socket, answer.data(), answer.size()));
    });
}

std::string checked_at(const Relay& relay) {
    const auto port = std::to_string(relay.port());
    return R"(, "check": { "tcp": )" + port + R"( }, "origin": { "http": )" + port +
           R"(, "path": "/identity" })";
}

void check_line(const Finished& finished, const std::string& row, const std::string& text,
                const std::string& remedy) {
    CAPTURE(finished.output);
    CAPTURE(finished.errors);
    CHECK(finished.status == 1);
    const auto begin = finished.output.find("FAULT  " + row);
    REQUIRE(begin != std::string::npos);
    bool found = false;
    for (auto at = begin; at != std::string::npos;
         at = finished.output.find("FAULT  " + row, at + 1)) {
        const auto line = finished.output.substr(at, finished.output.find('\n', at) - at);
        found |= contains(line, text) && contains(line, remedy);
    }
    CHECK(found);
}

/// Returns a socket bound to port 53 of the address.
Descriptor socket_at(const char* address, int type) {
    Descriptor socket{::socket(AF_INET, type | SOCK_CLOEXEC, 0)};
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(53);
    REQUIRE(::inet_pton(AF_INET, address, &at.sin_addr) == 1);
    REQUIRE(::bind(*socket, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
    return socket;
}

/// Hands datagrams at an address's port 53 to a server elsewhere and back; TCP is closed there.
class UdpAlone {
 public:
    UdpAlone(const char* address, const Endpoint& server)
        : socket_{socket_at(address, SOCK_DGRAM)} {
        const timeval tick{0, 50'000};
        ::setsockopt(*socket_, SOL_SOCKET, SO_RCVTIMEO, &tick, sizeof tick);
        thread_ = std::thread{[this, server] { serve(server); }};
    }
    ~UdpAlone() {
        ends_ = true;
        thread_.join();
    }
    UdpAlone(const UdpAlone&) = delete;
    UdpAlone& operator=(const UdpAlone&) = delete;

 private:
    void serve(const Endpoint& server) {
        const UdpClient client{server};
        while (!ends_) {
            Octets query(4096);
            sockaddr_in from{};
            socklen_t length = sizeof from;
            const auto size = ::recvfrom(*socket_, query.data(), query.size(), 0,
                                         reinterpret_cast<sockaddr*>(&from), &length);
            if (size <= 0) continue;
            query.resize(static_cast<std::size_t>(size));
            client.send(query);
            const auto answer = client.receive();
            if (answer)
                ::sendto(*socket_, answer->data(), answer->size(), 0,
                         reinterpret_cast<const sockaddr*>(&from), length);
        }
    }

    Descriptor socket_;
    std::atomic<bool> ends_{false};
    std::thread thread_;
};

}  // namespace

TEST_CASE("doctor finds nothing wrong where nothing is and asks at most 200 questions") {
    in_private_network(addresses, [] {
        Relay relay{"45.10.3.30"};
        answer_as_plex(relay);
        const auto zone = zone_text(checked_at(relay));
        const Served first{"45.10.1.10", zone};
        const Served second{"45.10.2.10", zone};
        const auto parent = parent_server(delegation_of(first));
        const Resolver resolver{Resolver::Kind::Unbound, parent_address,
                                "  module-config: \"iterator\"\n"};
        const auto finished = first.doctor({"--resolver", resolver_endpoint.address});
        CAPTURE(finished.output);
        CAPTURE(finished.errors);
        CHECK(finished.status == 0);
        CHECK_FALSE(contains(finished.output, "FAULT"));
        for (const auto* line :
             {"ok     files      the server can read",
              "ok     parent     example.com (1 server): NS ns1, ns2 and glue as here",
              "ok     server     2 addresses answer by UDP and TCP",
              "ok     serial     plex.example.com: 7 at all 2 addresses, as in the file here",
              "ok     edns       OPT in each answer; the largest over UDP had 9",
              "ok     port       isochrone has 2 sockets",
              "ok     relay      connections are taken at: plex.example.com/newyork",
              "ok     home       answers through: plex.example.com/newyork",
              "ok     media      Plex without TLS answers through plex.example.com/newyork"})
            CHECK_MESSAGE(contains(finished.output, line), line);
        const auto json = first.doctor({"--json", "--resolver", resolver_endpoint.address});
        CHECK(json.status == 0);
        CHECK(contains(json.output, "\"good\": true"));
        const auto at = json.output.find("\"queries\": ");
        REQUIRE(at != std::string::npos);
        const auto queries = std::stoi(json.output.substr(at + 11));
        CHECK(queries > 6);
        CHECK(queries <= 200);
    });
}

TEST_CASE("doctor finds what the parent tells otherwise") {
    in_private_network(addresses, [] {
        const Served first{"45.10.1.10", zone_text("")};
        const Served second{"45.10.2.10", zone_text("")};
        const auto good = delegation_of(first);
        const std::string ns2 = "plex.example.com.\t86400\tIN\tNS\tns2.plex.example.com.\n";
        const struct {
            const char* name;
            std::string delegation;
            std::string row;
            std::string text;
            std::string remedy;
        } rows[] = {
            {"wrong glue", replaced(good, "A\t45.10.2.10", "A\t192.0.2.99"), "glue",
             "has 192.0.2.99 for ns2, this zone 45.10.2.10",
             ": correct the host object at the registrar"},
            {"missing NS", replaced(good, ns2, ""), "parent", "does not name ns2",
             ": add it to the name servers at the DNS host or registrar of example.com"},
            {"a name too many", good + replaced(ns2, "NS\tns2", "NS\tns9"), "parent",
             "names ns9, which this zone does not", ": take it out at the DNS host"},
            {"no delegation", "", "parent", "has no NS records for plex.example.com",
             "\"isochrone delegation\" prints"},
        };
        for (const auto& row : rows) {
            CAPTURE(row.name);
            const auto parent = parent_server(row.delegation);
            check_line(first.doctor(ask_parent), row.row, row.text, row.remedy);
        }
    });
}

TEST_CASE("doctor finds a lame server and an old serial") {
    in_private_network(addresses, [] {
        const Served first{"45.10.1.10", zone_text("")};
        const auto parent = parent_server(delegation_of(first));
        {
            auto other = replaced(zone_text(""), "plex.example.com", "other.example.com");
            const Served lame{"45.10.2.10", other};
            check_line(first.doctor(ask_parent), "lame",
                       "45.10.2.10 (ns2, this machine) answers REFUSED: it does not serve "
                       "plex.example.com",
                       ": copy the zone file there");
        }
        const Served old{"45.10.2.10", zone_text("", 6)};
        check_line(first.doctor(ask_parent), "serial",
                   "45.10.2.10 (ns2, this machine) has 6, 45.10.1.10 (ns1, this machine) has 7",
                   ": copy the newest zone file there");
    });
}

TEST_CASE("doctor finds closed TCP and a server that is not there") {
    in_private_network(addresses, [] {
        const Served first{"45.10.1.10", zone_text("")};
        const auto parent = parent_server(delegation_of(first));
        const auto nobody = first.doctor(ask_parent);
        check_line(nobody, "server",
                   "45.10.2.10 (ns2, this machine): UDP and TCP: connection refused",
                   ": no name server runs there");
        const ServerProcess hidden{{first.folder.path("zones")}};
        const UdpAlone second{"45.10.2.10", hidden.endpoint()};
        check_line(first.doctor(ask_parent), "tcp",
                   "45.10.2.10 (ns2, this machine): UDP answers, TCP: connection refused",
                   ": open TCP 53 in the provider's firewall");
    });
}

TEST_CASE("doctor finds a dead relay and a dead home") {
    in_private_network(addresses, [] {
        Relay relay{"45.10.3.30"};
        answer_as_plex(relay);
        const Served first{"45.10.1.10", zone_text(checked_at(relay))};
        const Served second{"45.10.2.10", zone_text(checked_at(relay))};
        relay.behave([](int) {});  // takes connections, and closes them as home is not there
        check_line(first.doctor(ask_parent), "home", "plex.example.com/newyork http://45.10.3.30:",
                   ": does the media server run, and does the edge reach it?");
        relay.die();
        check_line(first.doctor(ask_parent), "relay",
                   "plex.example.com/newyork tcp:45.10.3.30:", ": does the relay run there");
    });
}

TEST_CASE("doctor finds a port that another program has and that no server runs") {
    in_private_network(addresses, [] {
        const Installation installed{"203.0.113.53", zone_text("")};
        const auto parent = parent_server("");
        const auto finished = installed.doctor(ask_parent);
        check_line(finished, "port", "203.0.113.53:53/udp is held by nsd", ": stop that program");
        check_line(finished, "status", "no server can be asked", "systemctl start isochrone");
    });
}

TEST_CASE("doctor finds old databases and unreadable files and a group without echoes") {
    in_private_network(addresses, [] {
        if (::geteuid() != 0) {
            MESSAGE("skipped: this test is for root");
            return;
        }
        const Installation installed{
            "45.10.1.10", zone_text(""),
            R"(, "databases": ["old.mmdb"], "measure": { "active": true }, "user": "nobody")"};
        installed.folder.write("old.mmdb", support::country_database("DE"));  // of 2023 or so
        REQUIRE(::chmod(installed.folder.path("old.mmdb").c_str(), 0644) == 0);
        REQUIRE(::chmod(installed.folder.path("zones/plex.json").c_str(), 0600) == 0);
        const auto finished = installed.doctor(ask_parent);
        check_line(finished, "files", "user \"nobody\" may not read it", ": chgrp it to");
        check_line(finished, "ping", "may send no echoes", ": put \"net.ipv4.ping_group_range = ");
        CHECK(contains(finished.output, "warn   database   old.mmdb is "));
        CHECK(contains(finished.output, " days old: does geoipupdate run?"));
    });
}

TEST_CASE("doctor without a network says so of each thing") {
    in_private_network({"45.10.1.10/32"}, [] {
        const Served first{"45.10.1.10", zone_text("")};
        const auto finished = first.doctor({"--resolver", "203.0.113.99"});
        CAPTURE(finished.output);
        CHECK(finished.status == 0);
        CHECK(contains(finished.output,
                       "the parent of plex.example.com was not found "
                       "(203.0.113.99:53: network is unreachable): --resolver"));
        CHECK(contains(finished.output,
                       "45.10.2.10 (ns2) was not asked: this machine has no way "
                       "there (network is unreachable): mend"));
        CHECK(contains(finished.output, "ok     status     the server here runs"));
    });
}

}  // namespace doctor_test
