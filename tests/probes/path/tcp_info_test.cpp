// SPDX-License-Identifier: Apache-2.0
#include "probes/path/tcp_info.hpp"

#include "probes/path/ended_connections.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>

namespace path_tcp_info_test {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// Both ends of a connection on the loopback interface, after an exchange of some octets.
struct Pair {
    Pair(asio::io_context& context, tcp::acceptor& relay, const std::string& from,
         const tcp::endpoint& to)
        : client{context}, accepted{context} {
        const auto address = asio::ip::make_address(from);
        client.open(to.protocol());
        client.bind({address, 0});
        client.connect(to);
        accepted = relay.accept();
        std::array<char, 1000> octets{};
        asio::write(accepted, asio::buffer(octets));
        asio::read(client, asio::buffer(octets));
        asio::write(client, asio::buffer(octets));
        asio::read(accepted, asio::buffer(octets));
    }
    tcp::socket client;
    tcp::socket accepted;
};

const probes::Connection* find(const std::vector<probes::Connection>& all, const char* client) {
    const auto found =
        std::ranges::find(all, *geo::read_address(client), &probes::Connection::client);
    return found == all.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("the kernel tells round trips of every client that is connected to a relay's port") {
    asio::io_context context;
    tcp::acceptor relay{context, {asio::ip::make_address("127.0.0.1"), 0}};
    tcp::acceptor other{context, {asio::ip::make_address("127.0.0.1"), 0}};
    const Pair first{context, relay, "127.0.0.11", relay.local_endpoint()};
    const Pair second{context, relay, "127.0.0.12", relay.local_endpoint()};
    const Pair elsewhere{context, other, "127.0.0.13", other.local_endpoint()};
    const Pair own{context, relay, "127.0.0.1", relay.local_endpoint()};

    const std::array ports{relay.local_endpoint().port()};
    const auto all = probes::read_connections(ports);
    REQUIRE(all.has_value());
    CHECK(all->size() == 2);
    CHECK(find(*all, "127.0.0.13") == nullptr);
    CHECK(find(*all, "127.0.0.1") == nullptr);
    const auto* one = find(*all, "127.0.0.11");
    const auto* two = find(*all, "127.0.0.12");
    REQUIRE(one != nullptr);
    REQUIRE(two != nullptr);
    CHECK(one->cookie != two->cookie);
    CHECK(one->port == ports[0]);
    CHECK(one->round_trip.count() > 0);
    CHECK(one->min_round_trip.count() > 0);
    CHECK(one->min_round_trip < std::chrono::seconds{1});
    CHECK(one->octets_acknowledged >= 1000);
    CHECK(one->segments_out >= 1);
    CHECK(one->segments_repeated <= one->segments_out);
}

TEST_CASE("clients are told by their own family, IPv4 clients of an IPv6 socket too") {
    asio::io_context context;
    tcp::acceptor relay{context};
    relay.open(tcp::v6());
    relay.set_option(asio::ip::v6_only{false});
    relay.bind({asio::ip::address_v6::any(), 0});
    relay.listen();
    const auto port = relay.local_endpoint().port();
    const Pair v4{context, relay, "127.0.0.14", {asio::ip::make_address("127.0.0.1"), port}};
    const std::array ports{port};
    const auto all = probes::read_connections(ports);
    REQUIRE(all.has_value());
    REQUIRE(all->size() == 1);
    CHECK(find(*all, "127.0.0.14") != nullptr);
}

TEST_CASE("a port without connections is no fault, and neither are no ports") {
    asio::io_context context;
    const tcp::acceptor relay{context, {asio::ip::make_address("127.0.0.1"), 0}};
    const std::array ports{relay.local_endpoint().port()};
    const auto none = probes::read_connections(ports);
    REQUIRE(none.has_value());
    CHECK(none->empty());
    const auto nothing = probes::read_connections({});
    REQUIRE(nothing.has_value());
    CHECK(nothing->empty());
}

TEST_CASE("the kernel tells of a connection to a relay's port that has ended, and of no other") {
    asio::io_context context;
    tcp::acceptor relay{context, {asio::ip::make_address("127.0.0.1"), 0}};
    tcp::acceptor other{context, {asio::ip::make_address("127.0.0.1"), 0}};
    probes::EndedConnections ended{context};
    const std::array ports{std::uint16_t{1}, relay.local_endpoint().port()};
    REQUIRE(ended.open(ports).empty());
    { const Pair elsewhere{context, other, "127.0.0.15", other.local_endpoint()}; }
    { const Pair within{context, relay, "127.0.0.1", relay.local_endpoint()}; }
    { const Pair gone{context, relay, "127.0.0.16", relay.local_endpoint()}; }
    std::vector<probes::Connection> all;
    while (find(all, "127.0.0.16") == nullptr) {
        context.run_one();
        for (const auto& connection : ended.take()) all.push_back(connection);
    }
    CHECK(all.size() == 1);
    CHECK(all[0].port == ports[1]);
    CHECK(all[0].min_round_trip.count() > 0);
    CHECK(all[0].octets_acknowledged >= 1000);
    CHECK(ended.take().empty());
}

TEST_CASE(
    "in a flood of connections that end others have their turn, and what is kept is bounded") {
    asio::io_context context;
    tcp::acceptor relay{context, {asio::ip::make_address("127.0.0.1"), 0}};
    probes::EndedConnections ended{context};
    const std::array ports{relay.local_endpoint().port()};
    REQUIRE(ended.open(ports).empty());
    context.poll();  // it waits
    for (int i = 0; i < 100; ++i)
        const Pair gone{context, relay, "127.0.0.17", relay.local_endpoint()};
    std::size_t taken = 0;
    while (taken < 100) {
        context.run_one();
        const auto now = ended.take().size();
        CHECK(now <= 64);
        taken += now;
    }
}

}  // namespace path_tcp_info_test
