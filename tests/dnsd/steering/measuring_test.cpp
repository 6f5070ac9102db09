// SPDX-License-Identifier: Apache-2.0
#include "dnsd/steering/measuring.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <doctest/doctest.h>

namespace steering_measuring_test {

namespace asio = boost::asio;
using control::Measuring;

namespace {

/// Other edges on loopback, one of which listens.
struct Edges {
    asio::io_context context;
    asio::thread_pool background{1};
    asio::ip::tcp::acceptor listener{context, {asio::ip::address_v4::loopback(), 0}};
    net::Endpoint at{*geo::read_address("127.0.0.1"), listener.local_endpoint().port()};
    control::RelayWatch relay{context, background, {}};

    /// Runs until it is true.
    template <class Condition>
    void run_until(Condition condition) {
        while (!condition()) context.run_one();
    }
};

}  // namespace

TEST_CASE("the other edges are asked, told by name, and forgotten when they go") {
    Edges edges;
    Measuring measuring{
        edges.context, edges.relay, {.active = true, .limits = {}, .landmarks = {}}, {}};
    measuring.set_edges(
        {{.name = "newyork", .at = edges.at}, {.name = "singapore", .at = edges.at}});
    CHECK(measuring.told().empty());
    measuring.start();
    edges.run_until([&] { return measuring.told().size() == 2; });
    const auto told = measuring.told();
    const auto& singapore = told.at("singapore.edges");
    CHECK(singapore.round_trip_ms > 0);
    CHECK(singapore.lost == 0);
    CHECK(singapore.samples >= 1);
    CHECK_FALSE(singapore.at.has_value());
    measuring.set_edges({{.name = "singapore", .at = edges.at}});
    CHECK(measuring.told().size() == 1);  // what is known of it stays
    measuring.set_edges({});
    CHECK(measuring.told().empty());
}

TEST_CASE("switched off, edges and home are not asked") {
    Edges edges;
    Measuring measuring{edges.context, edges.relay, {}, {}};
    measuring.set_edges({{.name = "newyork", .at = edges.at}});
    measuring.start();
    CHECK(edges.context.poll() == 0);
    CHECK(measuring.paths().size() == 1);
    CHECK_FALSE(measuring.paths()[0].path.has_value());
}

TEST_CASE("an address to ask is told only of networks that are in use here") {
    using namespace std::chrono_literals;
    Edges edges;
    const Measuring measuring{edges.context, edges.relay, {}, {}};
    const auto now = probes::Clock::now();
    auto& clients = edges.relay.measurements();
    clients.note(*geo::read_address("203.0.113.57"), now - 25h);
    clients.add(*geo::read_address("203.0.113.57"), 20ms, 1ms, now);
    clients.note(*geo::read_address("198.51.100.7"), now - 23h);
    clients.add(*geo::read_address("198.51.100.7"), 30ms, 1ms, now - 2h);
    clients.add(*geo::read_address("2001:db8:1::5"), 40ms, 1ms, now);  // another node's client
    clients.note(*geo::read_address("192.0.2.1"), now);                // not measured yet
    const auto told = measuring.told();
    CHECK(told.size() == 3);
    CHECK_FALSE(told.at("203-0-113-0/24.clients").at.has_value());
    CHECK(told.at("198-51-100-0/24.clients").at == geo::read_address("198.51.100.7"));
    CHECK_FALSE(told.at("2001:db8:1::/48.clients").at.has_value());
    CHECK(told.at("198-51-100-0/24.clients").round_trip_ms == doctest::Approx(30));
    const auto wall = std::chrono::system_clock::now();
    CHECK(wall - told.at("198-51-100-0/24.clients").seen > 2h - 1min);
    CHECK(wall - told.at("198-51-100-0/24.clients").seen < 2h + 1min);
}

}  // namespace steering_measuring_test
