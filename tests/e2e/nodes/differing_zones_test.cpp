// SPDX-License-Identifier: Apache-2.0
// Nodes that serve other versions of their zones.

#include "tests/e2e/nodes/three_nodes.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <thread>

namespace differing_zones_test {

using namespace e2e;

namespace {

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

std::string zone_with(const std::string& address, const std::string& apex = ThreeNodes::apex) {
    return R"({ "zone": ")" + apex + R"(", "nameservers": { "ns1": "192.0.2.10" }, "edges": {
        "newyork": { "addresses": ")" +
           address + R"(" },
        "singapore": { "addresses": "192.0.2.2" }, "frankfurt": { "addresses": "192.0.2.3" } },
        "records": { "www": { "steer": { "failover": ["newyork", "singapore", "frankfurt"] } } } })";
}

/// A difference is told after a minute, which is longer than the patience for all else.
template <class Condition>
bool in_the_end(Condition condition) {
    return eventually(condition) || eventually(condition) || eventually(condition) ||
           eventually(condition) || eventually(condition);
}

}  // namespace

TEST_CASE("a node with an old zone is told of by all, and when that is over") {
    ThreeNodes nodes;
    nodes.write_zones(zone_with("192.0.2.1"));
    // The same in other words is no difference.
    nodes.write_zone("frankfurt", "// old\n" + zone_with("192.0.2.1"));
    nodes.write_zone("newyork", zone_with("192.0.2.1", "other.test"), "other.json");
    nodes.start_all();
    REQUIRE(nodes.hear_each_other());
    nodes.write_zone("newyork", zone_with("192.0.2.9"));
    nodes.write_zone("frankfurt", zone_with("192.0.2.9"));
    for (const auto* node : {"newyork", "frankfurt"})
        REQUIRE(comes_to(nodes.at(node), "www.health.test", "192.0.2.9"));
    CHECK(line_with(nodes.lines("newyork"), "differs=health.test") == "");

    const auto line_at = [&](const std::string& node) {
        return line_with(nodes.lines(node), "differs=health.test");
    };
    CHECK(in_the_end([&] { return !line_at("newyork").empty(); }));
    const auto line = line_at("newyork");
    CAPTURE(line);
    CHECK(fact(line, "at") == "singapore");
    CHECK(contains(fact(line, "since"), "m"));
    CHECK(fact(line, "here") != fact(line, "there"));
    CHECK(contains(fact(line, "there"), "/"));
    CHECK(eventually([&] {
        return nodes.at("newyork").has_said("singapore serves another version of health.test");
    }));
    CHECK(!nodes.at("newyork").has_said("frankfurt serves another version"));
    CHECK(in_the_end([&] { return fact(line_at("frankfurt"), "at") == "singapore"; }));
    CHECK(in_the_end([&] {
        const auto lines = nodes.lines("singapore");
        return std::ranges::count_if(lines, [](const auto& shown) {
                   return shown.starts_with("differs=health.test ");
               }) == 2;
    }));

    // A zone that one node alone serves.
    const auto other = line_with(nodes.lines("frankfurt"), "differs=other.test");
    CHECK(fact(other, "at") == "newyork");
    CHECK(fact(other, "here") == "none");
    CHECK(line_with(nodes.lines("newyork", "other.test"), "differs=other.test") != "");
    CHECK(line_with(nodes.lines("newyork", "other.test"), "differs=health.test") == "");

    const auto status = nodes.command("newyork", {"status"});
    CHECK(contains(status.output, "differs=health.test at=singapore"));
    const auto json = nlohmann::json::parse(nodes.command("newyork", {"status", "--json"}).output);
    const auto& differences = json["differences"];
    CHECK(std::ranges::any_of(differences, [](const auto& difference) {
        return difference["zone"] == "health.test" && difference["node"] == "singapore" &&
               difference["since"] >= 60 && difference["here"] != difference["there"];
    }));

    nodes.write_zone("singapore", zone_with("192.0.2.9"));
    CHECK(in_the_end([&] { return line_at("newyork").empty(); }));
    CHECK(eventually([&] {
        return nodes.at("newyork").has_said("singapore serves health.test as this node does again");
    }));
}

}  // namespace differing_zones_test
