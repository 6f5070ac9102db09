// SPDX-License-Identifier: Apache-2.0
// Nodes that tell each other what they know, over sockets of loopback.
#include "dnsd/nodes/exchange.hpp"

#include "tests/dnsd/nodes/node.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace nodes_exchange_test {

using namespace transfer;
using support::Node;
using support::run_until;
namespace asio = boost::asio;

namespace {

Records many_records(int count, const std::string& value) {
    Records records;
    for (int i = 0; i < count; ++i)
        records.emplace("net-" + std::to_string(i) + ".clients", value + std::to_string(i % 7));
    return records;
}

}  // namespace

TEST_CASE("a node gets all that its peer tells, then only what changes, as soon as it changes") {
    asio::io_context context;
    // NOTIFY alone can be that soon.
    Node newyork{context, "newyork", support::shared_keys(), {.refresh = std::chrono::hours{1}}};
    Node singapore{context, "singapore"};
    newyork.exchange().set_peers({singapore.settings()});
    singapore.exchange().set_peers({newyork.settings()});
    auto expected = many_records(3000, "rtt=");  // several messages
    newyork.exchange().replace(expected);
    REQUIRE(run_until(context, [&] { return singapore.heard["newyork"] == expected; }));

    const auto before = singapore.times_heard;
    expected.erase("net-5.clients");
    expected["net-6.clients"] = "rtt=600";
    expected["home"] = "rtt=3";
    newyork.exchange().publish(Changes{.set = {{"net-6.clients", "rtt=600"}, {"home", "rtt=3"}},
                                       .removed = {"net-5.clients"}});
    REQUIRE(run_until(context, [&] { return singapore.heard["newyork"] == expected; }));
    CHECK(singapore.times_heard == before + 1);
    const auto peers = singapore.exchange().peers();
    REQUIRE(peers.size() == 1);
    CHECK(peers[0].data == PeerStatus::Data::Fresh);
    CHECK(peers[0].serial == newyork.exchange().zone().serial());
    CHECK(peers[0].records == expected.size());
}

TEST_CASE("what a dead peer has told expires, and comes back when it lives again") {
    asio::io_context context;
    const SoaTimes quick{std::chrono::seconds{1}, std::chrono::seconds{1}, std::chrono::seconds{2}};
    Node singapore{context, "singapore", support::shared_keys(), quick};
    PeerSettings settings;
    {
        Node newyork{
            context, "newyork", support::shared_keys(), {.expire = std::chrono::hours{99}}};
        settings = newyork.settings();
        singapore.exchange().set_peers({settings});
        newyork.exchange().replace(Records{{"home", "rtt=1"}});
        REQUIRE(run_until(context, [&] { return !singapore.heard["newyork"].empty(); }));
    }
    // Its own limit counts, not what the peer's SOA has promised.
    REQUIRE(run_until(context, [&] { return singapore.heard["newyork"].empty(); }));
    const auto status = singapore.exchange().peers().at(0);
    CHECK(status.data == PeerStatus::Data::Expired);
    CHECK(status.records == 0);
    CHECK(run_until(context, [&] {
        return singapore.exchange().peers()[0].last_fault == "connection_refused";
    }));
}

TEST_CASE("what a peer has told stays known when it moves, and is fetched from its new place") {
    asio::io_context context;
    Node newyork{context, "newyork"};
    auto before = std::make_optional<Node>(context, "frankfurt");
    const auto records = many_records(3000, "a");
    before->exchange().replace(records);
    newyork.exchange().set_peers({before->settings()});
    REQUIRE(run_until(context, [&] {
        return newyork.heard["frankfurt"] == records &&
               newyork.exchange().peers().front().last_success;
    }));
    const auto heard = newyork.times_heard;

    // Of another machine, whose serial is behind that of the first.
    const auto there = std::make_unique<Node>(context, "frankfurt");
    newyork.exchange().set_peers({there->settings()});
    CHECK(newyork.heard["frankfurt"] == records);
    CHECK(newyork.times_heard == heard);
    auto other = many_records(2999, "a");
    other.insert_or_assign("net-5.clients", "changed");
    SUBCASE("which tells something else") {
        before->exchange().publish({.set = {{"late", "word"}}, .removed = {}});
        there->exchange().replace(other);
        CHECK(run_until(context, [&] { return newyork.heard["frankfurt"] == other; }));
    }
    SUBCASE("which does not answer: then it expires in its time") {
        auto dead = there->settings();
        dead.endpoint = newyork.endpoint();  // knows no such zone
        newyork.exchange().set_peers({dead});
        REQUIRE(run_until(context, [&] {
            return newyork.exchange().peers().front().data == PeerStatus::Data::Stale;
        }));
        CHECK(newyork.heard["frankfurt"] == records);
    }
    SUBCASE("and is forgotten when it is no peer any more") {
        newyork.exchange().set_peers({});
        CHECK(newyork.heard["frankfurt"].empty());
    }
}

TEST_CASE("a peer that moves while it is fetched for the first time is fetched at its new place") {
    asio::io_context context;
    Node newyork{context, "newyork"};
    Node before{context, "frankfurt"};
    Node there{context, "frankfurt"};
    before.exchange().replace(many_records(3000, "a"));
    const auto records = many_records(2000, "b");
    there.exchange().replace(records);
    newyork.exchange().set_peers({before.settings()});
    REQUIRE(run_until(context, [&] { return !newyork.heard["frankfurt"].empty(); }));
    newyork.exchange().set_peers({there.settings()});
    CHECK(run_until(context, [&] { return newyork.heard["frankfurt"] == records; }));
}

TEST_CASE("peers with other keys get nothing from each other") {
    asio::io_context context;
    Node newyork{context, "newyork", support::shared_keys(1)};
    Node singapore{context, "singapore", support::shared_keys(2)};
    newyork.exchange().replace(Records{{"home", "rtt=1"}});
    singapore.exchange().set_peers({newyork.settings()});
    CHECK(run_until(context,
                    [&] { return singapore.exchange().peers()[0].last_fault == "bad_signature"; }));
    CHECK(singapore.times_heard == 0);
}

TEST_CASE("NOTIFY is heard from peers alone (RFC 1996 section 3.10)") {
    asio::io_context context;
    Node newyork{context, "newyork"};
    Node singapore{context, "singapore"};
    singapore.exchange().set_peers({newyork.settings()});
    CHECK(singapore.exchange().hear(support::apex_of("newyork")));
    CHECK(!singapore.exchange().hear(support::apex_of("tokyo")));
    CHECK(!singapore.exchange().hear(support::apex_of("singapore")));
    singapore.exchange().set_peers({});
    CHECK(!singapore.exchange().hear(support::apex_of("newyork")));
}

TEST_CASE("while what was told is not taken in, a peer is not read on, nor asked again") {
    asio::io_context context;
    Node newyork{context, "newyork"};
    Node singapore{context, "singapore"};
    singapore.holds = true;
    auto expected = many_records(60'000, "rtt=");
    newyork.exchange().replace(expected);
    singapore.exchange().set_peers({newyork.settings()});
    auto& heard = singapore.heard["newyork"];
    REQUIRE(run_until(context, [&] { return heard.size() > 20'000; }));
    // Whatever it says meanwhile.
    for (int i = 0; i < 200; ++i) {
        singapore.exchange().hear(support::apex_of("newyork"));
        context.run_one_for(std::chrono::milliseconds{5});
    }
    CHECK(heard.size() <= 22'000);
    singapore.held.clear();
    CHECK(run_until(context, [&] { return heard.size() > 40'000; }));
    CHECK(heard.size() <= 44'000);
    singapore.holds = false;
    singapore.held.clear();
    CHECK(run_until(context, [&] { return heard == expected; }));
}

}  // namespace nodes_exchange_test
