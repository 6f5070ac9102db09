// SPDX-License-Identifier: Apache-2.0
// What bounds TCP connections: their number, their silence, the descriptors of the process.

#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/example_zones.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <fstream>
#include <list>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <sys/socket.h>

namespace tcp_limits_test {

using namespace e2e;
using namespace std::chrono_literals;

namespace {

const Query question{.name = "one.test"};

/// A folder with a zone in "zones", and a config of one worker with these limits.
class Limited {
 public:
    explicit Limited(const std::string& tcp)
        : zone_{folder_.write("a.json", plain_zone("one.test"))},
          config_{folder_.write("config", R"({ "listen": "127.0.0.1:0", "zones": "a.json",
                                               "workers": 1, "tcp": )" +
                                              tcp + "}")} {}
    [[nodiscard]] const Endpoint& endpoint() const { return server_.endpoint(); }

 private:
    support::TemporaryFolder folder_;
    std::string zone_;
    std::string config_;
    ServerProcess server_{{"--config", config_}};
};

/// Connections that have sent a query, from some networks.
std::list<TcpClient> holding(const Endpoint& server, unsigned count) {
    std::list<TcpClient> clients;
    for (unsigned i = 0; i < count; ++i) {
        clients.emplace_back(server, "127.1." + std::to_string(i % 4) + ".1");
        CHECK(clients.back().ask(question).rcode == "NOERROR");
    }
    return clients;
}

/// The server's side of its connections as the kernel sees them: octets that wait for the client.
/// proc(5): "sl local_address rem_address st tx_queue:rx_queue …".
std::vector<unsigned long> waiting_octets(std::uint16_t port) {
    constexpr const char* listening = "0A";
    constexpr const char* time_wait = "06";
    std::vector<unsigned long> waiting;
    std::ifstream file{"/proc/net/tcp"};
    for (std::string line; std::getline(file, line);) {
        std::istringstream fields{line};
        std::string slot, local, remote, state, queues;
        fields >> slot >> local >> remote >> state >> queues;
        if (state == listening || state == time_wait || local.find(':') == std::string::npos)
            continue;
        if (std::stoul(local.substr(local.find(':') + 1), nullptr, 16) != port) continue;
        waiting.push_back(std::stoul(queues, nullptr, 16));
    }
    return waiting;
}

/// Clients that ask for more than they take.
std::list<TcpClient> deaf_clients(const Endpoint& server, unsigned count) {
    const auto query = framed(to_octets({.name = "large.one.test", .type = "TXT"}));
    Octets octets;
    while (octets.size() < 100'000) octets.insert(octets.end(), query.begin(), query.end());
    std::list<TcpClient> clients;
    for (unsigned i = 0; i < count; ++i) {
        clients.emplace_back(server, TcpClient::Room::Little);
        static_cast<void>(clients.back().send_some(octets));
    }
    return clients;
}

}  // namespace

TEST_CASE("with all places held, a stranger keeps its own while others come for theirs") {
    const Limited server{R"({ "connections": 40 })"};
    const auto held = holding(server.endpoint(), 40);
    const TcpClient honest{server.endpoint(), "127.2.0.1"};
    const TcpClient beside{server.endpoint(), "127.1.0.2"};  // in a network that has many
    std::list<TcpClient> silent;
    for (int i = 0; i < 6; ++i) silent.emplace_back(server.endpoint(), "127.1.1.2");
    CHECK(TcpClient{server.endpoint(), "127.1.2.2"}.ask(question).rcode == "NOERROR");
    CHECK(beside.ask(question).rcode == "NOERROR");
    for (int i = 0; i < 30; ++i) silent.emplace_back(server.endpoint(), "127.1.1.2");
    CHECK(TcpClient{server.endpoint(), "127.1.2.2"}.ask(question).rcode == "NOERROR");
    CHECK(honest.ask(question).rcode == "NOERROR");
}

TEST_CASE(
    "with all places held, clients at some milliseconds are served beside a flood of others") {
    const Limited server{R"({ "connections": 200 })"};
    const auto held = holding(server.endpoint(), 200);
    std::atomic<bool> over{false};
    std::thread flood{[&] {
        std::list<TcpClient> silent;
        for (unsigned i = 0; !over; ++i) {
            silent.emplace_back(server.endpoint(), "127.1." + std::to_string(i % 4) + ".2");
            if (silent.size() > 300) silent.pop_front();
        }
    }};
    for (const auto round_trip : {1ms, 5ms}) {
        unsigned served = 0;
        for (int i = 0; i < 40; ++i) {
            const TcpClient honest{server.endpoint(), "127.2.0.1"};
            std::this_thread::sleep_for(round_trip);  // on the way from the handshake to the query
            honest.send(framed(to_octets(question)));
            served += honest.receive().has_value();
        }
        CAPTURE(round_trip.count());
        CHECK(served == 40);
    }
    over = true;
    flood.join();
}

TEST_CASE("what clients do not take is little, and when they have had their time it is gone") {
    const Limited server{R"({ "idle": "1s" })"};
    const auto port = server.endpoint().port;
    constexpr unsigned long most = 131'072;  // octets of one
    const auto most_waiting = [&] {
        unsigned long most_of_one = 0;
        for (const auto octets : waiting_octets(port)) most_of_one = std::max(most_of_one, octets);
        return most_of_one;
    };
    SUBCASE("they neither read nor end") {
        const auto deaf = deaf_clients(server.endpoint(), 20);
        CHECK(eventually([&] { return most_waiting() > 1000; }));
        CHECK(most_waiting() <= most);
        CHECK(eventually([&] { return waiting_octets(port).empty(); }));
    }
    SUBCASE("they end their side and do not read") {
        const auto deaf = deaf_clients(server.endpoint(), 20);
        for (const auto& client : deaf) ::shutdown(client.descriptor(), SHUT_WR);
        CHECK(eventually([&] { return most_waiting() > 1000; }));
        CHECK(most_waiting() <= most);
        CHECK(eventually([&] { return waiting_octets(port).empty(); }));
    }
    SUBCASE("they are thrown out for others") {
        const Limited small{R"({ "connections": 4 })"};
        const auto deaf = deaf_clients(small.endpoint(), 4);
        CHECK(eventually([&] { return waiting_octets(small.endpoint().port).size() == 4; }));
        const auto others = holding(small.endpoint(), 4);
        CHECK(eventually([&] {
            const auto left = waiting_octets(small.endpoint().port);
            return std::ranges::all_of(left, [](auto octets) { return octets == 0; });
        }));
    }
}

TEST_CASE(
    "at the limit of connections the one that has been silent longest makes room (RFC 7766 section "
    "6.2.2)") {
    const Limited server{R"({ "connections": 4 })"};
    std::list<TcpClient> clients;
    for (int i = 0; i < 4; ++i) {
        clients.emplace_back(server.endpoint());
        CHECK(clients.back().ask(question).rcode == "NOERROR");
    }
    const auto& first = clients.front();
    const auto& second = *std::next(clients.begin());
    CHECK(first.ask(question).rcode == "NOERROR");

    const TcpClient fifth{server.endpoint()};
    CHECK(fifth.ask(question).rcode == "NOERROR");
    CHECK(second.closed());
    CHECK(first.ask(question).rcode == "NOERROR");
    CHECK(clients.back().ask(question).rcode == "NOERROR");
}

TEST_CASE("a flood of connections beyond the limit leaves each new one its turn") {
    const Limited server{R"({ "connections": 3 })"};
    std::list<TcpClient> clients;
    for (int i = 0; i < 60; ++i) {
        clients.emplace_back(server.endpoint());
        CHECK(clients.back().ask(question).rcode == "NOERROR");
    }
    for (int i = 0; i < 57; ++i) {
        CHECK(clients.front().closed());
        clients.pop_front();
    }
    for (const auto& client : clients) CHECK(client.ask(question).rcode == "NOERROR");
}

TEST_CASE("connections that never asked anything make room before those of clients") {
    const Limited server{R"({ "connections": 4 })"};
    std::list<TcpClient> clients;
    for (int i = 0; i < 3; ++i) {
        clients.emplace_back(server.endpoint());
        CHECK(clients.back().ask(question).rcode == "NOERROR");
    }
    std::list<TcpClient> silent;
    for (int i = 0; i < 40; ++i) {
        silent.emplace_back(server.endpoint());
        if (i % 2 == 0) silent.back().send(Octets{0, 30, 1});  // a part of a query
    }
    for (int i = 0; i < 39; ++i) {
        CHECK(silent.front().closed());
        silent.pop_front();
    }
    for (const auto& client : clients) CHECK(client.ask(question).rcode == "NOERROR");
}

TEST_CASE("20,000 silent connections of one network take nothing from others") {
    // As many as the default allows the network stay open, so the test needs no more descriptors.
    const Limited server{R"({ "connections": 1000, "of_network": 200 })"};
    const TcpClient before{server.endpoint(), "127.1.1.1"};
    const TcpClient stranger{server.endpoint(), "127.1.2.1"};
    const UdpClient by_udp{server.endpoint()};
    CHECK(before.ask(question).rcode == "NOERROR");
    std::list<TcpClient> silent;
    for (int i = 0; i < 20'000; ++i) {
        silent.emplace_back(server.endpoint(), "127.1.0." + std::to_string(1 + i % 250));
        if (silent.size() > 400) silent.pop_front();
        if (i % 1000 != 0) continue;
        CHECK(by_udp.ask(question).rcode == "NOERROR");
        CHECK(TcpClient{server.endpoint(), "127.1.3.1"}.ask(question).rcode == "NOERROR");
    }
    CHECK(before.ask(question).rcode == "NOERROR");
    CHECK(stranger.ask(question).rcode == "NOERROR");
    CHECK(silent.front().closed());
    CHECK(TcpClient{server.endpoint(), "127.1.0.1"}.ask(question).rcode == "NOERROR");
}

TEST_CASE("a connection without a whole query is closed after the idle time and no earlier") {
    const Limited server{R"({ "idle": "1s" })"};
    const auto begin = std::chrono::steady_clock::now();
    const TcpClient silent{server.endpoint()};
    const TcpClient half{server.endpoint()};
    half.send(Octets{0});
    const TcpClient slow{server.endpoint()};
    // So long a query that it is not over before the server has looked, however busy it is.
    const std::string label(60, 'x');
    const auto query = framed(to_octets({.name = label + "." + label + "." + label + ".one.test"}));
    bool closed = false;
    for (const auto octet : query) {
        closed = slow.send_some({&octet, 1}) == 0 || slow.closed(300ms);
        if (closed) break;
    }
    CHECK(closed);
    CHECK(std::chrono::steady_clock::now() - begin > 900ms);
    CHECK(silent.closed());
    CHECK(half.closed());
}

TEST_CASE("a connection lives as long as queries come on it (RFC 7766 section 6.2.3)") {
    const Limited server{R"({ "idle": "5s" })"};
    const TcpClient busy{server.endpoint()};
    for (int i = 0; i < 8; ++i) {
        CHECK(busy.ask(question).rcode == "NOERROR");
        CHECK(!busy.closed(800ms));
    }
    CHECK(busy.closed());
}

TEST_CASE("a client that does not take its answers is closed after the idle time") {
    const Limited server{R"({ "idle": "1s" })"};
    const TcpClient deaf{server.endpoint(), TcpClient::Room::Little};
    Octets octets;
    while (octets.size() < 100'000) {
        const auto query = framed(to_octets({.name = "large.one.test", .type = "TXT"}));
        octets.insert(octets.end(), query.begin(), query.end());
    }
    CHECK(eventually([&] {
        // A closed connection takes nothing more; a clogged one may, a little, for a while.
        const auto sent = deaf.send_some(octets);
        Octets none(1);
        return sent == 0 &&
               ::send(deaf.descriptor(), none.data(), 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 &&
               (errno == EPIPE || errno == ECONNRESET);
    }));
}

TEST_CASE("a server without descriptors goes on over UDP with its zones and recovers") {
    const support::TemporaryFolder folder;
    folder.write("a.json", plain_zone("one.test"));
    ServerProcess server{{"--workers", "2", folder.path("")}, {"prlimit", "--nofile=48:48"}};
    const UdpClient by_udp{server.endpoint()};
    std::vector<TcpClient> silent;
    for (int i = 0; i < 150; ++i) {
        silent.emplace_back(server.endpoint());
        silent.back().send(Octets{0});
    }
    // As long as it takes the server to look at its files some times.
    const auto end = std::chrono::steady_clock::now() + 2500ms;
    while (std::chrono::steady_clock::now() < end) {
        REQUIRE(by_udp.ask(question).rcode == "NOERROR");
        std::this_thread::sleep_for(5ms);
    }
    // Even now a new client gets its turn: the longest silent ones make room.
    CHECK(TcpClient{server.endpoint()}.ask(question).rcode == "NOERROR");

    silent.clear();
    CHECK(TcpClient{server.endpoint()}.ask(question).rcode == "NOERROR");
    folder.write("b.json", plain_zone("two.test"));
    CHECK(eventually([&] { return by_udp.ask({.name = "two.test"}).rcode == "NOERROR"; }));
    CHECK(server.stop() == 0);
}

}  // namespace tcp_limits_test
