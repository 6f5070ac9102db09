// SPDX-License-Identifier: Apache-2.0
// Relays that are up while home, behind them, is not.

#include "tests/e2e/support/health_zone.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace origin_test {

using namespace e2e;

namespace {

constexpr const char* name = "where.health.test";

Relay::Script home() {
    return probes_test::answer(http_answer("200 OK", "home"));
}
Relay::Script no_home() {
    return probes_test::answer(http_answer("502 Bad Gateway", ""));
}

std::string relay_edge(std::string_view edge, const Relay& relay) {
    return edge_of(edge, relay,
                   "\"check\": " + check_of("tcp", relay) +
                       ", \"origin\": " + check_of("http", relay, quick_origin));
}

struct Relays {
    Relay first{"127.0.0.1", home()};
    Relay second{"127.0.0.2", home()};
    support::TemporaryFolder folder;
    ServerProcess server{{folder.write(
        "a.json", to_text({.edges = {relay_edge("first", first), relay_edge("second", second)},
                           .steers = {{"where", failover({"first", "second"})},
                                      {"all", R"({ "all": ["first", "second"] })"}}}))}};
};

}  // namespace

TEST_CASE("an edge that has lost its way home goes out, and the others stay") {
    Relays relays;
    auto& server = relays.server;
    CHECK(dig_short(server.endpoint(), {name}) == "127.0.0.1\n");
    SUBCASE("the relay says so") {
        relays.first.behave(no_home());
    }
    SUBCASE("the relay just closes") {
        relays.first.behave([](int) {});
    }
    SUBCASE("the relay waits for it in vain") {
        relays.first.behave(hang());
    }
    CHECK(comes_to(server, name, "127.0.0.2"));
    CHECK(dig_short(server.endpoint(), {name}) == "127.0.0.2\n");
    const auto line = line_with(observed(server), "edge=first");
    CHECK(fact(line, "state") == "up");
    CHECK(fact(line, "out") == "origin");
    CHECK(fact(line, "origin") == "down");
    CHECK(fact(line, "last") == "fail");
    CHECK(edge_fact(server, "second", "origin") == "up");
    CHECK(!server.has_said("home does not answer behind any edge"));
    relays.first.behave(home());
    CHECK(comes_to(server, name, "127.0.0.1"));
}

TEST_CASE("home that is down behind all edges takes none out, and raises the alarm") {
    Relays relays;
    auto& server = relays.server;
    const std::string all = "all.health.test";
    CHECK(answer_for(server, all) == "127.0.0.1 127.0.0.2");
    relays.first.behave(no_home());
    relays.second.behave(no_home());
    CHECK_NOTHROW(server.wait_for("home does not answer behind any edge"));
    CHECK(server.has_said("error"));
    CHECK(dig_short(server.endpoint(), {all}) == "127.0.0.1\n127.0.0.2\n");
    CHECK(dig_short(server.endpoint(), {name}) == "127.0.0.1\n");
    const auto lines = observed(server);
    CHECK(lines.front() ==
          "alarm=home_down zone=health.test answers=as_if_up edges=2 said=HTTP_502");
    CHECK(fact(line_with(lines, "edge=first"), "out") == "");
    relays.second.behave(home());  // so it was not home: the first edge is to blame
    CHECK(comes_to(server, all, "127.0.0.2"));
    relays.first.behave(home());
    CHECK(comes_to(server, all, "127.0.0.1 127.0.0.2"));
    CHECK(line_with(observed(server), "alarm=home_down") == "");
}

TEST_CASE("an edge that is down says nothing of home") {
    Relays relays;
    auto& server = relays.server;
    relays.second.die();
    CHECK(eventually([&] { return edge_fact(server, "second", "out") == "down"; }));
    CHECK(edge_fact(server, "second", "origin") == "");
    // Behind every edge that is left, so the last one stays in.
    relays.first.behave(no_home());
    CHECK_NOTHROW(server.wait_for("home does not answer behind any edge"));
    CHECK(dig_short(server.endpoint(), {name}) == "127.0.0.1\n");
}

TEST_CASE("an edge with nothing but an origin check is out with it, and is told alike everywhere") {
    Relay first{"127.0.0.1", no_home()};
    const Relay second{"127.0.0.2", home()};
    const auto origin = [](const Relay& relay) {
        return "\"origin\": " + check_of("http", relay, quick_origin);
    };
    const support::TemporaryFolder folder;
    const ServerProcess server{
        {"--state", folder.path("state"),
         folder.write("a.json", to_text({.edges = {edge_of("first", first, origin(first)),
                                                   edge_of("second", second, origin(second))},
                                         .steers = {{"where", failover({"first", "second"})}}}))}};
    CHECK(dig_short(server.endpoint(), {name}) == "127.0.0.2\n");
    CHECK(edge_fact(server, "first", "state") == "unchecked");
    CHECK(edge_fact(server, "first", "out") == "origin");
    const auto json = run(isochrone({"status", "--json", "--state", folder.path("state")})).output;
    CHECK(json.find("\"state\": \"unchecked\"") != std::string::npos);
    CHECK(json.find("\"out\": \"origin\"") != std::string::npos);
    const auto why = observed(server, "_why.where.health.test");
    CHECK(line_with(why, "unchecked,") != "");
    first.behave(home());
    CHECK(comes_to(server, name, "127.0.0.1"));
}

TEST_CASE("a relay that cannot be connected to says nothing of home") {
    // Its own check is slower: until it has said so too, the origin check is all there is.
    constexpr const char* slow = R"("interval": "1h", "timeout": "1s", "rise": 1, "fall": 1)";
    Relay first{"127.0.0.1", home()};
    Relay second{"127.0.0.2", home()};
    const auto edge = [&](const char* edge_name, const Relay& relay) {
        return edge_of(edge_name, relay,
                       "\"check\": " + check_of("tcp", relay, slow) +
                           ", \"origin\": " + check_of("http", relay, quick_origin));
    };
    const support::TemporaryFolder folder;
    ServerProcess server{
        {folder.write("a.json", to_text({.edges = {edge("first", first), edge("second", second)},
                                         .steers = {{"where", failover({"first", "second"})}}}))}};
    CHECK(dig_short(server.endpoint(), {name}) == "127.0.0.1\n");
    first.die();
    CHECK(comes_to(server, name, "127.0.0.2"));
    const auto line = line_with(observed(server), "edge=first");
    CHECK(fact(line, "state") == "down");
    CHECK(fact(line, "out") == "down");
    CHECK(fact(line, "said") == "connection_refused");
    CHECK(fact(line, "origin") == "");
    second.die();
    CHECK_NOTHROW(server.wait_for("no edge is left"));
    CHECK(line_with(observed(server), "alarm=") == "");
    CHECK(!server.has_said("home does not answer"));
    first.listen();
    second.listen();
    CHECK(comes_to(server, name, "127.0.0.1"));
}

}  // namespace origin_test
