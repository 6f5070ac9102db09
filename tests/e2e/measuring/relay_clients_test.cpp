// SPDX-License-Identifier: Apache-2.0
// What a server learns of the clients of the relay beside it, from the kernel alone.

#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/example_zones.hpp"
#include "tests/e2e/support/private_network.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>

#include <array>
#include <optional>

namespace relay_clients_test {

using namespace e2e;
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// Two clients of a relay are connected and get some octets; then the server is asked about them.
void ask_about_clients() {
    asio::io_context context;
    tcp::acceptor relay{context, {asio::ip::make_address("198.51.100.1"), 0}};
    std::vector<tcp::socket> sockets;
    for (const auto* address : {"203.0.113.9", "192.0.2.77"}) {
        auto& client = sockets.emplace_back(context);
        client.open(tcp::v4());
        client.bind({asio::ip::make_address(address), 0});
        client.connect(relay.local_endpoint());
        auto& accepted = sockets.emplace_back(relay.accept());
        std::array<char, 4000> octets{};
        asio::write(accepted, asio::buffer(octets));
        asio::read(sockets[sockets.size() - 2], asio::buffer(octets));
    }
    const support::TemporaryFolder folder;
    const auto config = folder.write(
        "isochrone.json", R"({"listen": "127.0.0.1:0", "relay": {"interval": "1s", "ports": [)" +
                              std::to_string(relay.local_endpoint().port()) + "]}}");
    const auto zone = folder.write("a.zone", plain_zone("one.test"));
    const auto state = folder.path("state");
    std::optional<ServerProcess> server;
    server.emplace(Command{"--config", config, "--state", state, zone});
    const auto clients = [&](const Command& more = {}) {
        Command command{ISOCHRONE, "clients", "--state", state, "--config", config};
        command.insert(command.end(), more.begin(), more.end());
        return run(command).output;
    };
    CHECK(eventually([&] { return contains(clients(), "client=203.0.113.0/24 rtt="); }));
    const auto text = clients();
    CHECK(contains(text, "client=192.0.2.0/24 rtt="));
    CHECK(contains(text, "connections=1 samples=1"));
    CHECK(contains(clients({"--json"}), "\"networks\": 2"));
    CHECK(contains(clients({"--count", "1", "--json"}), "\"client\": "));

    sockets.clear();
    CHECK(server->stop() == 0);
    server.reset();
    server.emplace(Command{"--config", config, "--state", state, zone});
    CHECK(contains(clients(), "client=203.0.113.0/24 rtt="));  // before the first reading
}

/// A connection to the relay that has brought some octets.
class Download {
 public:
    Download(asio::io_context& context, tcp::acceptor& relay, const char* from)
        : client_{context}, accepted_{context} {
        client_.open(tcp::v4());
        client_.bind({asio::ip::make_address(from), 0});
        client_.connect(relay.local_endpoint());
        accepted_ = relay.accept();
        std::array<char, 4000> octets{};
        asio::write(accepted_, asio::buffer(octets));
        asio::read(client_, asio::buffer(octets));
    }

 private:
    tcp::socket client_;
    tcp::socket accepted_;
};

std::string zone_with_edge(const std::string& address) {
    return R"({"zone": "one.test", "nameservers": {"ns1": ["192.0.2.10"]}, "edges": {
        "here": {"addresses": ["198.51.100.1"], "location": "London, GB"},
        "there": {"addresses": [")" +
           address + R"("], "location": "Paris, FR"}},
        "records": {"where": {"steer": {"nearest": ["here", "there"]}}}})";
}

struct Watched {
    explicit Watched(const char* interval)
        : config{folder.write("isochrone.json",
                              R"({"listen": "127.0.0.1:0", "relay": {"interval": ")" +
                                  std::string{interval} + R"(", "ports": [)" +
                                  std::to_string(relay.local_endpoint().port()) + "]}}")} {}

    [[nodiscard]] std::string clients() const {
        return run({ISOCHRONE, "clients", "--state", state, "--config", config}).output;
    }

    asio::io_context context;
    tcp::acceptor relay{context, {asio::ip::make_address("198.51.100.1"), 0}};
    support::TemporaryFolder folder;
    std::string zone = folder.write("one.json", zone_with_edge("203.0.113.9"));
    std::string config;
    std::string state = folder.path("state");
    ServerProcess server{{"--config", config, "--state", state, zone}};
};

void leave_out_edges() {
    Watched watched{"1s"};
    const Download edge{watched.context, watched.relay, "203.0.113.9"};
    const Download client{watched.context, watched.relay, "203.0.114.8"};
    CHECK(eventually([&] { return contains(watched.clients(), "client=203.0.114.0/24"); }));
    CHECK_FALSE(contains(watched.clients(), "client=203.0.113.0/24"));
    // The other edge gets another address; what was its own is anybody's now.
    static_cast<void>(watched.folder.write("one.json", zone_with_edge("203.0.114.8")));
    watched.server.reload();
    CHECK(eventually([&] { return contains(watched.clients(), "client=203.0.113.0/24"); }));
    CHECK_FALSE(contains(watched.clients(), "client=203.0.114.0/24"));
}

void see_short_downloads() {
    Watched watched{"6s"};
    // Over before the first reading.
    { const Download client{watched.context, watched.relay, "203.0.114.8"}; }
    CHECK(eventually([&] { return contains(watched.clients(), "client=203.0.114.0/24 rtt="); }));
    CHECK(contains(watched.clients(), "connections=0 samples=1"));
}

}  // namespace

TEST_CASE("the clients of the relay's ports are measured by network and can be listed") {
    in_private_network({"198.51.100.1/32", "203.0.113.9/32", "192.0.2.77/32"}, ask_about_clients);
}

TEST_CASE("without a relay in the settings no client is looked at, and `clients` says so") {
    const support::TemporaryFolder folder;
    const auto state = folder.path("state");
    const ServerProcess server{{"--state", state, folder.write("a.zone", plain_zone("one.test"))}};
    const auto finished = run(isochrone({"clients", "--state", state}));
    CHECK(finished.status == 0);
    CHECK(contains(finished.output, "\"relay\" in isochrone.json"));
}

TEST_CASE("edges that check the relay are no clients of it and follow their addresses") {
    in_private_network({"198.51.100.1/32", "203.0.113.9/32", "203.0.114.8/32"}, leave_out_edges);
}

TEST_CASE("a download that is over before the kernel is read is measured") {
    in_private_network({"198.51.100.1/32", "203.0.114.8/32"}, see_short_downloads);
}

}  // namespace relay_clients_test
