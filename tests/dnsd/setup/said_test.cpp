// SPDX-License-Identifier: Apache-2.0
#include "dnsd/setup/said.hpp"

#include <doctest/doctest.h>

#include <string>

namespace setup_said_test {

using namespace setup;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

struct Row {
    const char* said;
    const char* says;  // part of the sentence
};

Plan plan_of(std::vector<const char*> edges, const char* home) {
    Plan plan;
    plan.zone = *read_zone_name("plex.example.com", Extent::Subdomain);
    for (const auto* edge : edges) plan.edges.push_back(*read_edge(edge));
    plan.home = *read_home(home);
    plan.way = way_to(plan.home);
    return plan;
}

std::string only_fault(const Plan& plan) {
    const auto faults = faults_of(plan);
    REQUIRE(faults.size() == 1);
    return faults.front();
}

}  // namespace

TEST_CASE("a zone is a name under a domain, unless all of the domain is meant") {
    CHECK(read_zone_name("Plex.Example.com.", Extent::Subdomain)->text() == "plex.example.com.");
    CHECK(read_zone_name("film.example", Extent::WholeDomain)->text() == "film.example.");
    const Row rows[] = {
        {"example.com", "as in plex.example.com, or add --whole-domain"},
        {"plex", "write a name under your own domain"},
        {"", "no name for a zone"},
        {"plex..example.com", "no name for a zone"},
        {"plex example.com", "letters, digits, hyphens and dots"},
        {"plex.exämple.com", "xn--"},
        {"-plex.example.com", "no name for a zone"},
        {"../plex.example.com", "no name for a zone"},
        {"$(id).example.com", "no name for a zone"},
        {".", "no name for a zone"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.said);
        const auto name = read_zone_name(row.said, Extent::Subdomain);
        REQUIRE(!name.has_value());
        CAPTURE(name.error().text);
        CHECK(contains(name.error().text, row.says));
    }
}

TEST_CASE("an edge has a name, its addresses with IPv4 first, and perhaps a place") {
    const auto edge = read_edge("NewYork=2001:db8::10, 192.0.2.10 @New York, US");
    REQUIRE(edge.has_value());
    CHECK(edge->name == "newyork");
    REQUIRE(edge->addresses.size() == 2);
    CHECK(geo::to_text(edge->addresses[0]) == "192.0.2.10");
    CHECK(geo::to_text(edge->addresses[1]) == "2001:db8::10");
    CHECK(edge->location == R"("New York, NY, US")");
    CHECK(read_edge("newyork=192.0.2.10")->location.empty());
    CHECK(read_edge("attic=192.0.2.10@40.7,-74")->location == "[40.7,-74]");
}

TEST_CASE("an edge that cannot be read is told why and what to write") {
    const Row rows[] = {
        {"newyork", "has no \"=\"; write NAME=ADDRESS, as in newyork=192.0.2.10"},
        {"=192.0.2.10", "is no name of an edge"},
        {"new york=192.0.2.10", "is no name of an edge"},
        {"-n=192.0.2.10", "begins with a letter or digit"},
        {"../x=192.0.2.10", "is no name of an edge"},
        {"home=192.0.2.10", "call it after its city"},
        {"newyork=192.0.2.300", "\"192.0.2.300\" is no address"},
        {"newyork=", "is no address"},
        {"newyork=192.0.2.10,", "is no address"},
        {"newyork=vm.example.net", "is no address"},
        {"newyork=10.0.0.5",
         "private address, which no client on the internet reaches; write the VM's public"},
        {"newyork=fd00::5", "private address"},
        {"newyork=127.0.0.1", "the internet reaches"},
        {"newyork=224.0.0.1", "the internet reaches"},
        {"newyork=192.0.2.10,192.0.2.10", "stands twice"},
        {"newyork=192.0.2.10@Atlantis", "no city is called \"Atlantis\""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.said);
        const auto edge = read_edge(row.said);
        REQUIRE(!edge.has_value());
        CAPTURE(edge.error().text);
        CHECK(contains(edge.error().text, row.says));
    }
}

TEST_CASE("home is an address with a port, where an edge can reach it") {
    for (const auto* said :
         {"10.8.0.2:32400", "203.0.113.7:8096", "[fd00::2]:32400", "100.64.1.2:32400"}) {
        CAPTURE(said);
        const auto home = read_home(said);
        REQUIRE(home.has_value());
        CHECK(net::to_text(*home) == said);
    }
    const Row rows[] = {
        {"home.example.net:32400", "a name is not enough"},
        {"10.8.0.2", "has no port; write ADDRESS:PORT"},
        {"[fd00::2]", "has no port"},
        {"10.8.0.2:0", "port"},
        {"10.8.0.2:99999", "10.8.0.2:32400"},
        {"127.0.0.1:32400", "leads nowhere from an edge"},
        {"0.0.0.0:32400", "leads nowhere"},
        {"[fe80::1]:32400", "leads nowhere"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.said);
        const auto home = read_home(row.said);
        REQUIRE(!home.has_value());
        CAPTURE(home.error().text);
        CHECK(contains(home.error().text, row.says));
    }
}

TEST_CASE("a private home is reached through WireGuard, a public one without") {
    CHECK(way_to(*read_home("10.8.0.2:32400")) == WayHome::WireGuard);
    CHECK(way_to(*read_home("203.0.113.7:32400")) == WayHome::Plain);
    CHECK(way_to(*read_home("100.64.1.2:32400")) == WayHome::Plain);
    CHECK(way_to(*read_home("[fd00::2]:32400")) == WayHome::Plain);
}

TEST_CASE("what does not go together is told, each with its remedy") {
    const auto one = "newyork=192.0.2.10";
    CHECK(faults_of(plan_of({one, "singapore=198.51.100.20"}, "10.8.0.2:32400")).empty());
    CHECK(contains(only_fault(plan_of({one, "newyork=198.51.100.20"}, "10.8.0.2:32400")),
                   "call one newyork2"));
    CHECK(contains(only_fault(plan_of({one, "singapore=192.0.2.10"}, "10.8.0.2:32400")),
                   "192.0.2.10 is the address of newyork and of singapore"));
    CHECK(contains(only_fault(plan_of({one, "singapore=198.51.100.20"}, "198.51.100.20:32400")),
                   "home is where the media server runs"));
    CHECK(contains(only_fault(plan_of({one}, "192.168.1.5:32400")), "--no-wireguard"));
    auto plan = plan_of({one}, "203.0.113.7:8096");
    plan.way = WayHome::WireGuard;
    CHECK(contains(only_fault(plan), "write --home 10.8.0.2:8096"));
    plan.way = WayHome::Plain;
    plan.servers_in = *read_zone_name("ns.plex.example.com", Extent::Subdomain);
    CHECK(contains(only_fault(plan), "leave --nameservers-in out"));
}

TEST_CASE("an edge without IPv4 is a warning") {
    CHECK(warnings_of(plan_of({"newyork=192.0.2.10"}, "10.8.0.2:32400")).empty());
    const auto warnings = warnings_of(plan_of({"newyork=2001:db8::10"}, "10.8.0.2:32400"));
    REQUIRE(warnings.size() == 1);
    CHECK(contains(warnings.front(), "newyork has no IPv4 address"));
}

}  // namespace setup_said_test
