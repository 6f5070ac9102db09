// SPDX-License-Identifier: Apache-2.0
// How a server ends, and what it lives through.

#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/example_zones.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <csignal>

namespace signals_test {

using namespace e2e;

namespace {

/// A second is promised; as much again is for a machine that is busy with other tests.
constexpr std::chrono::seconds soon{2};

/// Whether the server ends soon, and well.
void check_end(ServerProcess& server, int signal) {
    const auto begin = std::chrono::steady_clock::now();
    server.signal(signal);
    CHECK(server.wait_for_end() == 0);
    CHECK(std::chrono::steady_clock::now() - begin < soon);
    CHECK(server.has_said("stopped"));
}

/// Fills the way to a client that does not read with answers, until the server waits for it.
void clog(const TcpClient& client) {
    Octets queries;
    while (queries.size() < 100'000) {
        const auto query = framed(to_octets({.name = "large.one.test", .type = "TXT"}));
        queries.insert(queries.end(), query.begin(), query.end());
    }
    // The server reads no more once its answers are not taken.
    std::size_t left = queries.size();
    for (int stuck = 0; stuck < 10 && left > 0;) {
        const auto sent = client.send_some(std::span{queries}.last(left));
        left -= sent;
        stuck = sent == 0 ? stuck + 1 : 0;
        if (sent == 0) std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
}

/// The runtime of ThreadSanitizer (GCC 12) loses one in 200 signals that come while the control
/// thread is still at its start: it takes them, puts them off, and never calls the handler.
void wait_until_idle([[maybe_unused]] const std::string& state) {
#if defined(__SANITIZE_THREAD__)
    CHECK(run(isochrone({"status", "--state", state})).status == 0);
#endif
}

}  // namespace

TEST_CASE("SIGTERM and SIGINT end an idle server at once and with status 0") {
    const support::TemporaryFolder folder;
    const auto zone = folder.write("a.json", plain_zone("one.test"));
    for (const int signal : {SIGTERM, SIGINT}) {
        CAPTURE(signal);
        ServerProcess server{{zone}};
        check_end(server, signal);
    }
}

TEST_CASE("SIGTERM ends a server at once in spite of idle connections") {
    const support::TemporaryFolder folder;
    ServerProcess server{{folder.write("a.json", plain_zone("one.test"))}};
    std::vector<TcpClient> clients;
    for (int i = 0; i < 100; ++i) {
        clients.emplace_back(server.endpoint());
        if (i % 2 == 0) CHECK(clients.back().ask({.name = "one.test"}).rcode == "NOERROR");
    }
    check_end(server, SIGTERM);
    for (const auto& client : clients) CHECK(client.closed());
}

TEST_CASE("SIGTERM ends a server within a second in spite of clients that do not read") {
    const support::TemporaryFolder folder;
    ServerProcess server{{"--workers", "8", folder.write("a.json", plain_zone("one.test"))}};
    std::vector<TcpClient> clients;
    for (int i = 0; i < 40; ++i) {
        clients.emplace_back(server.endpoint(), TcpClient::Room::Little);
        clog(clients.back());
    }
    CHECK(UdpClient{server.endpoint()}.ask({.name = "one.test"}).rcode == "NOERROR");
    check_end(server, SIGTERM);
}

TEST_CASE("queries that arrived before SIGTERM are answered") {
    const support::TemporaryFolder folder;
    const auto zone = folder.write("a.json", plain_zone("one.test"));
    for (int round = 0; round < 20; ++round) {
        CAPTURE(round);
        ServerProcess server{{"--state", folder.path("state"), zone}};
        wait_until_idle(folder.path("state"));
        std::vector<UdpClient> by_udp;
        std::vector<TcpClient> by_tcp;
        for (int i = 0; i < 8; ++i) {
            by_udp.emplace_back(server.endpoint());
            by_tcp.emplace_back(server.endpoint());
        }
        const auto query = to_octets({.name = "one.test"});
        for (const auto& client : by_tcp) client.send(framed(query));
        for (const auto& client : by_udp) client.send(query);
        server.signal(SIGTERM);
        for (const auto& client : by_udp) CHECK(client.receive());
        for (const auto& client : by_tcp) CHECK(client.receive());
        CHECK(server.wait_for_end() == 0);
    }
}

TEST_CASE("a server whose log is not read any more goes on") {
    const support::TemporaryFolder folder;
    folder.write("a.json", plain_zone("one.test", "192.0.2.1"));
    ServerProcess server{{folder.path("")}};
    server.stop_reading();
    folder.write("a.json", plain_zone("one.test", "192.0.2.2"));
    server.signal(SIGHUP);
    const UdpClient client{server.endpoint()};
    CHECK(eventually([&] {
        return client.ask({.name = "one.test"}).data() == std::vector<std::string>{"192.0.2.2"};
    }));
    // Its log comes after the new zone is published: it must outlive that line too.
    server.signal(SIGHUP);
    CHECK(client.ask({.name = "one.test"}).rcode == "NOERROR");
    CHECK(server.stop() == 0);
}

TEST_CASE("a server can be started again at once on the port that it has left") {
    const support::TemporaryFolder folder;
    const auto zone = folder.write("a.json", plain_zone("one.test"));
    ServerProcess first{{zone}};
    const TcpClient client{first.endpoint()};
    CHECK(client.ask({.name = "one.test"}).rcode == "NOERROR");
    CHECK(first.stop() == 0);  // its side of the connection now waits for the last of it
    const ServerProcess second{{"--listen", to_text(first.endpoint()), zone}};
    CHECK(TcpClient{second.endpoint()}.ask({.name = "one.test"}).rcode == "NOERROR");
}

}  // namespace signals_test
