// SPDX-License-Identifier: Apache-2.0
// The whole picture: clients resolve and download, edges die, networks break, databases are wrong.

#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/private_network.hpp"
#include "tests/wan/internet.hpp"
#include "tests/wan/link.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

namespace scenarios_test {

using namespace wan;
using namespace std::chrono_literals;
using e2e::eventually;

namespace {

/// Runs a scenario in a machine of its own, or says why it cannot.
void scenario(void (*body)()) {
    if (access("/dev/net/tun", R_OK | W_OK) != 0) {
        MESSAGE("skipped: /dev/net/tun cannot be opened here");
        return;
    }
    for (const auto* program :
         {"nginx", "haproxy", "nsd", "unbound", "curl", "dig", "ip", "ss", "nft"}) {
        CAPTURE(program);
        REQUIRE(support::have_program(program));
    }
    e2e::in_private_machine(8 * support::patience, body);
}

double seconds_since(Moment begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

struct Nearest {
    const char* client;
    const char* edge;
};
constexpr Nearest nearest[] = {
    {"london", "frankfurt"},
    {"boston", "newyork"},
    {"bangkok", "singapore"},
    {"lisbon", "frankfurt"},
};

/// Every client is answered the edge nearest to it, and downloads through its relay.
void nearest_serves_all(const Internet& internet) {
    for (const auto& row : nearest) {
        CAPTURE(row.client);
        CHECK(internet.resolve(row.client) == std::string{"NOERROR "} + row.edge);
        const std::size_t from = 1'234'567;
        const auto part = internet.download(row.client, from, 100'000);
        CHECK(part.status == 0);
        CHECK(part.edge == row.edge);
        CHECK((part.octets == film_part(from, 100'000)));
    }
}

void download_through_the_nearest() {
    const Internet internet;
    nearest_serves_all(internet);
    // Behind the relays that speak the PROXY protocol home knows who its clients are.
    CHECK(eventually([&] { return internet.home().has_seen(internet.address_of("boston")); }));
    CHECK(eventually([&] { return internet.home().has_seen(internet.address_of("bangkok")); }));
    CHECK(!internet.home().has_seen(internet.address_of("london")));
}

void setup_runs() {
    Internet internet{Internet::Nodes::SetUp};
    nearest_serves_all(internet);
    // All nodes hear each other by the key, see all edges and home, and know the way there.
    for (const auto& name : internet.edges()) {
        CAPTURE(name);
        const auto& edge = internet.edge(name);
        CHECK(eventually([&] { return edge.count("status", " data=fresh") == 2; }));
        CHECK(eventually([&] { return edge.count("status", " origin=up") == 3; }));
        CHECK(
            eventually([&] { return edge.count("clients", "home=80.10.10.10:32400 rtt=") == 1; }));
    }
    CHECK(eventually(
        [&] { return internet.edge("frankfurt").count("clients", "client=81.2.69.0/24 ") == 1; }));
}

/// Begins a film, and waits until its first octets have come.
std::unique_ptr<support::Process> film_for(const Internet& internet, const char* client) {
    auto film = internet.watch(client, film_octets / 15);
    film->wait_for("< HTTP/1.1 200");
    return film;
}

void edge_dies_during_downloads() {
    Internet internet;
    const auto london = film_for(internet, "london");
    const auto boston = film_for(internet, "boston");
    const auto bangkok = film_for(internet, "bangkok");
    const auto begin = Clock::now();
    // Checks notice after 2 s, answers live for 2 s, and a resolver may ask the dead one first.
    internet.edge("frankfurt").die();
    CHECK(internet.comes_to("london", "newyork"));
    MESSAGE("after the edge's death a client comes to the next one within " << seconds_since(begin)
                                                                            << " s");
    for (const auto& film : {boston.get(), bangkok.get()}) CHECK(film->status() == -1);
    // It first takes, at its own pace, what had come before the death.
    CHECK(london->wait_for_end() != 0);
    for (const auto& film : {boston.get(), bangkok.get()}) {
        CHECK(film->wait_for_end() == 0);
        CHECK(film->has_said("octets=" + std::to_string(film_octets) + " "));
    }
    // A resolver that still asks the dead name server finds the next one, if not within the 3 s
    // that a client waits for its address, then for the next attempt.
    for (const auto& row : nearest) {
        CAPTURE(row.client);
        Download part;
        CHECK(e2e::eventually([&] {
            part = internet.download(row.client);
            return part.status == 0;
        }));
        CHECK(part.edge != "frankfurt");
    }
}

std::string rcode_for(const Internet& internet, const std::string& client) {
    const auto answer = internet.resolve(client);
    return answer.substr(0, answer.find(' '));
}

/// Every client is answered, and by a living edge as soon as `gone` is known to be gone.
void nobody_is_misled(const Internet& internet, const std::string& gone) {
    for (const auto& client : internet.clients()) {
        CAPTURE(client);
        CHECK(rcode_for(internet, client) == "NOERROR");
        CHECK(internet.resolve(client).find(gone) == std::string::npos);
    }
}

bool all_see(Internet& internet, const std::string& edge, const std::string& state) {
    for (const auto& name : internet.edges()) {
        if (name != edge && internet.edge(name).fact(edge, "state") != state) return false;
    }
    return true;
}

void node_is_cut_off() {
    Internet internet{Internet::Nodes::Together};
    REQUIRE(internet.comes_to("bangkok", "singapore"));
    internet.tell("cut singapore");
    const auto begin = Clock::now();
    CHECK(eventually([&] {
        CHECK(rcode_for(internet, "bangkok") == "NOERROR");
        return all_see(internet, "singapore", "down");
    }));
    CHECK(internet.comes_to("bangkok", "frankfurt"));
    MESSAGE("a node that is cut off is left out within " << seconds_since(begin) << " s");
    nobody_is_misled(internet, "singapore");
    // The node itself sees nobody, and whoever can ask it is behind the cut too.
    auto& cut_off = internet.edge("singapore");
    CHECK(eventually([&] { return cut_off.fact("frankfurt", "state") == "down"; }));
    // What was agreed holds: one that sees all others down does not take their clients to itself.
    CHECK(cut_off.answer(internet.subnet_of("bangkok")) ==
          "NOERROR " + internet.address_of("singapore"));
    CHECK(cut_off.answer(internet.subnet_of("london")) ==
          "NOERROR " + internet.address_of("frankfurt"));
    nobody_is_misled(internet, "singapore");

    internet.tell("join singapore");
    CHECK(eventually([&] { return all_see(internet, "singapore", "up"); }));
    CHECK(eventually([&] { return cut_off.fact("frankfurt", "state") == "up"; }));
    CHECK(internet.comes_to("bangkok", "singapore"));
    for (const auto& row : nearest) {
        CAPTURE(row.client);
        CHECK(internet.comes_to(row.client, row.edge));
    }
}

/// Lisbon's network is said to be in Boston. From there newyork would be the nearest; in truth
/// frankfurt is, by 108 ms.
const Internet::Misplaced lisbon_in_boston{{"lisbon", "42.36,-71.06,US"}};

void measurements_correct_the_database() {
    Internet internet{Internet::Nodes::Together, lisbon_in_boston};
    CHECK(internet.download("lisbon").edge == "newyork");
    const auto begin = Clock::now();
    REQUIRE(internet.comes_to("lisbon", "frankfurt"));
    MESSAGE("a wrong place is corrected within " << seconds_since(begin) << " s");
    // All nodes know it, not only the one at which the client was measured.
    for (const auto& name : internet.edges()) {
        CAPTURE(name);
        CHECK(eventually([&] {
            return internet.edge(name).answer(internet.subnet_of("lisbon")) ==
                   "NOERROR " + internet.address_of("frankfurt");
        }));
        // The client was there by now: what was hoped for has become a measurement.
        CHECK(eventually([&] {
            const auto why =
                internet.edge(name).why(internet.subnet_of("lisbon"), "edge=frankfurt");
            return why.find(", measured ") != why.npos && why.find(", home +") != why.npos;
        }));
    }
    for (const auto& row : nearest) {
        CAPTURE(row.client);
        CHECK(internet.download(row.client).edge == row.edge);
    }
}

void clients_follow_swapped_delays() {
    Internet internet{Internet::Nodes::Together};
    REQUIRE(internet.comes_to("london", "frankfurt"));
    internet.tell("pair london frankfurt delay=90ms");
    internet.tell("pair london newyork delay=7ms");
    const auto begin = Clock::now();
    REQUIRE(internet.comes_to("london", "newyork"));
    MESSAGE("clients follow swapped delays within " << seconds_since(begin) << " s");
    CHECK(internet.download("lisbon").edge == "frankfurt");
}

void restart_keeps_what_was_known() {
    Internet internet{Internet::Nodes::Together, lisbon_in_boston};
    REQUIRE(internet.comes_to("lisbon", "frankfurt"));
    const auto frankfurt = "NOERROR " + internet.address_of("frankfurt");
    const auto subnet = internet.subnet_of("lisbon");
    for (const auto& name : internet.edges()) {
        CAPTURE(name);
        REQUIRE(eventually([&] { return internet.edge(name).answer(subnet) == frankfurt; }));
    }
    internet.restart_servers();
    for (const auto& name : internet.edges()) {
        CAPTURE(name);
        CHECK(internet.edge(name).answer(subnet) == frankfurt);  // the first that it is asked
    }
    CHECK(internet.comes_to("lisbon", "frankfurt"));
}

}  // namespace

TEST_CASE("each client resolves with its subnet and downloads through the nearest edge") {
    scenario(download_through_the_nearest);
}

TEST_CASE("three VMs run on the files that setup wrote and by the commands of its page") {
    scenario(setup_runs);
}

TEST_CASE("when an edge dies its clients come to the next one and other films run on") {
    scenario(edge_dies_during_downloads);
}

TEST_CASE("a node that is cut off misleads nobody and comes back when it is joined") {
    scenario(node_is_cut_off);
}

TEST_CASE("a database that is wrong about a network is corrected by the relays' measurements") {
    scenario(measurements_correct_the_database);
}

TEST_CASE("clients follow when delays are swapped") {
    scenario(clients_follow_swapped_delays);
}

TEST_CASE("after a restart of all nodes the first answer is what was learnt") {
    scenario(restart_keeps_what_was_known);
}

}  // namespace scenarios_test
