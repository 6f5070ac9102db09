// SPDX-License-Identifier: Apache-2.0
// One report, written as lines and as JSON.
#include "dnsd/report/json.hpp"
#include "dnsd/report/lines.hpp"
#include "dnsd/report/troubles.hpp"
#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace report_renderers_test {

using namespace std::chrono_literals;
using control::Report;
using control::ZoneDifference;
using control::ZoneReport;
using nlohmann::json;
using transfer::PeerStatus;
using Lines = std::vector<std::string>;

namespace {

constexpr probes::Time now{std::chrono::hours{1000}};

zones::Name apex() {
    return *zones::Name::from_text("one.example.", {});
}

probes::ZoneStatus two_edges() {
    probes::ZoneStatus zone;
    zone.zone = "one.example";
    zone.edges.resize(2);
    zone.edges[0].name = "a";
    zone.edges[1].name = "b";
    return zone;
}

net::Endpoint endpoint() {
    return {support::address("192.0.2.7"), 53};
}

/// Of the nodes' zone: one other node is heard, one was, and one never has been.
ZoneReport nodes_zone() {
    using Data = PeerStatus::Data;
    ZoneReport zone{.apex = apex(), .serial = 7, .digest = 0x1234, .health = two_edges()};
    zone.node = control::NodeReport{.edge = "a", .peers = {}};
    zone.node->peers = {{.name = "b",
                         .endpoint = endpoint(),
                         .data = Data::Fresh,
                         .serial = 5,
                         .records = 12,
                         .last_success = now - 3s,
                         .last_fault = {}},
                        {.name = "c",
                         .endpoint = endpoint(),
                         .data = Data::Expired,
                         .last_success = now - 12min,
                         .last_fault = "timed_out"},
                        {.name = "d",
                         .endpoint = endpoint(),
                         .data = Data::Never,
                         .last_success = {},
                         .last_fault = "connection_refused"}};
    return zone;
}

ZoneDifference difference(std::string zone) {
    return {.zone = std::move(zone),
            .node = "b",
            .here = control::ZoneVersion{7, 0x1234},
            .there = {},
            .since = now - 3min};
}

}  // namespace

TEST_CASE("the lines of a zone are its edges, the other nodes, alarms and differences") {
    const control::DashboardReport dashboard{.zone = nodes_zone(),
                                             .alarms = {"alarm=zone_file_faulty file=a.json"},
                                             .differences = {difference("two.example")}};
    const Lines first{"edge=a state=unchecked", "edge=b state=unchecked",
                      "peer=b data=fresh age=3s records=12",
                      "peer=c data=expired age=12m last_fault=timed_out",
                      "peer=d data=never last_fault=connection_refused"};
    CHECK(control::status_lines(dashboard.zone, now) == first);
    auto all = first;
    all.push_back("alarm=zone_file_faulty file=a.json");
    all.push_back("differs=two.example at=b since=3m here=7/0000000000001234 there=none");
    CHECK(control::probes_lines(dashboard, now) == all);
}

TEST_CASE("the lines of one edge have the node there, with its serial and address") {
    const auto zone = nodes_zone();
    CHECK(control::probes_lines(zone, 0, now) == Lines{"edge=a state=unchecked"});
    CHECK(control::probes_lines(zone, 1, now) ==
          Lines{"edge=b state=unchecked",
                "peer=b data=fresh age=3s records=12 serial=5 address=192.0.2.7:53"});
}

TEST_CASE("a zone without edges has the lines of its alarms alone") {
    const control::DashboardReport dashboard{.zone = {.apex = apex()}, .alarms = {"alarm=x"}};
    CHECK(control::status_lines(dashboard.zone, now).empty());
    CHECK(control::probes_lines(dashboard, now) == Lines{"alarm=x"});
}

TEST_CASE("of many differences sixteen are shown, and the rest is counted") {
    control::DashboardReport dashboard{.zone = {.apex = apex()}};
    for (int i = 0; i < 16; ++i) dashboard.differences.push_back(difference(std::to_string(i)));
    auto lines = control::probes_lines(dashboard, now);
    REQUIRE(lines.size() == 16);
    CHECK(lines.back().starts_with("differs=15 "));
    for (int i = 0; i < 3; ++i) dashboard.differences.push_back(difference("more"));
    lines = control::probes_lines(dashboard, now);
    REQUIRE(lines.size() == 17);
    CHECK(lines.back() == "differs=3_more");
}

TEST_CASE("JSON has a zone's nodes where they belong, and its lines") {
    const Report report{.at = now,
                        .version = "9.9.9",
                        .generation = 3,
                        .zones = {nodes_zone(), {.apex = *zones::Name::from_text("plain.", {})}}};
    const auto text = control::to_json(report);
    CHECK(text.find('\n') == std::string::npos);  // which would end a reply early
    const auto status = json::parse(text);
    CHECK(status["version"] == "9.9.9");
    CHECK(status["zones_served"] == 2);
    const auto& zone = status["zones"][0];
    CHECK(zone["zone"] == "one.example");
    CHECK(zone["serial"] == 7);
    CHECK(zone["node"] == "a");
    CHECK(zone["peers"] == json::parse(R"([
        {"peer": "b", "data": "fresh", "age": 3.0, "records": 12, "serial": 5,
         "address": "192.0.2.7:53", "last_fault": ""},
        {"peer": "c", "data": "expired", "age": 720.0, "records": 0, "serial": 0,
         "address": "192.0.2.7:53", "last_fault": "timed_out"},
        {"peer": "d", "data": "never", "age": null, "records": 0, "serial": 0,
         "address": "192.0.2.7:53", "last_fault": "connection_refused"}])"));
    CHECK(zone["lines"] == control::status_lines(report.zones[0], now));
    const auto& plain = status["zones"][1];
    CHECK(plain["edges"] == json::array());
    CHECK(plain["lines"] == json::array());
    CHECK_FALSE(plain.contains("node"));
    CHECK_FALSE(plain.contains("peers"));
}

TEST_CASE("JSON has alarms, differences and troubles of the whole server") {
    using Level = control::Trouble::Level;
    const Report report{
        .at = now,
        .version = {},
        .alarms = {"alarm=x"},
        .differences = {difference("two.example")},
        .troubles = {{Level::Critical, "all is lost"}, {Level::Warning, "alarm=x"}}};
    const auto status = json::parse(control::to_json(report));
    CHECK(status["alarms"] == json::parse(R"(["alarm=x"])"));
    CHECK(status["differences"] == json::parse(R"([
        {"zone": "two.example", "node": "b", "since": 180.0,
         "here": {"serial": 7, "digest": "0000000000001234"}, "there": null,
         "line": "differs=two.example at=b since=3m here=7/0000000000001234 there=none"}])"));
    CHECK(status["troubles"] == json::parse(R"([
        {"severity": "critical", "text": "all is lost"},
        {"severity": "warning", "text": "alarm=x"}])"));
}

TEST_CASE("octets that are no text make JSON all the same") {
    const Report report{.at = now, .version = "\xff", .alarms = {"\xc3"}};
    CHECK(json::parse(control::to_json(report))["alarms"].size() == 1);
}

TEST_CASE("other nodes that are not heard are troubles, each with what is known of it") {
    const auto troubles = control::troubles_of(nodes_zone().node->peers, now);
    REQUIRE(troubles.size() == 2);
    CHECK(troubles[0].text == "node c is not heard since 12m: timed_out");
    CHECK(troubles[1].text == "node d is not heard: connection_refused");
}

TEST_CASE("the status line counts zones, and says the first of what is not well") {
    Report report{.at = now};
    CHECK(control::status_line(report) == "serves 0 zones");
    report.zones = {{.apex = apex()}};
    CHECK(control::status_line(report) == "serves 1 zone");
    report.zones = {{.apex = apex()}, nodes_zone()};
    CHECK(control::status_line(report) ==
          "serves 2 zones; node c is not heard since 12m: timed_out; and 1 more");
    report.alarms = {"alarm=x"};
    CHECK(control::status_line(report) == "serves 2 zones; alarm=x; and 2 more");
}

TEST_CASE("JSON of round trips has clients, resolvers and paths, each with what is known of it") {
    using Kind = control::NamedPath::Kind;
    const probes::Path path{.round_trip = 5ms, .lost = 0.25, .last = now - 1s};
    probes::NetworkMeasurement measurement;
    measurement.round_trip = 20ms;
    measurement.last = now - 2s;
    const control::RoundTripReport report{
        .at = now,
        .clients = {.known = 3, .newest = {{support::prefix("203.0.113.0/24"), measurement}}},
        .resolvers = {.known = 1, .newest = {{support::prefix("2001:db8:1::/48"), measurement}}},
        .paths = {{.kind = Kind::Home, .name = "", .to = endpoint(), .place = {}, .path = path},
                  {.kind = Kind::Edge, .name = "b", .to = endpoint(), .place = {}, .path = {}}}};
    const auto reply = json::parse(control::to_json(report));
    CHECK(reply["networks"] == 3);
    CHECK(reply["clients"].size() == 1);
    CHECK(reply["clients"][0]["client"] == "203.0.113.0/24");
    CHECK(reply["clients"][0]["rtt_ms"] == 20);
    CHECK(reply["clients"][0]["ago"] == 2.0);
    CHECK(reply["resolvers"][0]["resolver"] == "2001:db8:1::/48");
    CHECK(reply["resolver_networks"] == 1);
    CHECK(reply["paths"][0]["kind"] == "home");
    CHECK(reply["paths"][0]["to"] == "192.0.2.7:53");
    CHECK(reply["paths"][0]["lost"] == 0.25);
    CHECK(reply["paths"][0]["ago"] == 1.0);
    CHECK(reply["paths"][1]["name"] == "b");
    CHECK(reply["paths"][1]["measured"] == false);
}

}  // namespace report_renderers_test
