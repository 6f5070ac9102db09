// SPDX-License-Identifier: Apache-2.0
#include "dnsd/explain/explain.hpp"

#include "geo/latency/prior.hpp"
#include "tests/dnsd/measured_world.hpp"
#include "tests/dnsd/world.hpp"
#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <sstream>
#include <string>

namespace explain_explain_test {

using support::Lines;
using support::World;

namespace {

const geo::Sources& sources() {
    static const geo::Sources instance = support::open_three_countries();
    return instance;
}

const World& world() {
    static const World instance{{support::zone_text("example.", R"(
        "@": {"steer": {"nearest": ["newyork", "frankfurt", "singapore"], "bias": {"singapore": "100 km"}}},
        "geo": {"steer": {"geo": {"country:DE": {"weighted": {"frankfurt": 3, "newyork": 1}},
                                  "24.1.0.0/16": "newyork", "*": {"failover": ["singapore", "newyork"]}}}},
        "fast": {"steer": {"latency": ["singapore", "newyork", "frankfurt"], "bias": {"newyork": "10 %"}}},
        "www": {"CNAME": "geo"},
        "plain": {"A": "192.0.2.99"})",
                                                    support::three_edges)},
                                &sources()};
    return instance;
}

std::string explain(const std::string& name, const std::string& asker) {
    return control::to_text(
        control::explain(world().snapshot, sources(), *zones::Name::from_text(name, {}),
                         {.prefix = support::prefix(asker)}, nullptr, geo::Random{1}));
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("what is explained is what is answered") {
    for (const auto* name : {"example.", "www.example.", "plain.example.", "nope.example."}) {
        for (const auto* subnet :
             {"20.1.2.0/24", "24.1.2.0/24", "16.1.0.0/16", "2a00:1::/56", "10.0.0.0/8"}) {
            CAPTURE(name);
            CAPTURE(subnet);
            const auto text = explain(name, subnet);
            const auto asked = world().from("0.0.0.0");
            for (const auto* type : {"A", "AAAA"}) {
                for (const auto& line : asked.ask(name, type, subnet).data(type))
                    CHECK(has(text, line));
            }
        }
        for (const auto* address : {"20.1.2.3", "2400:5::1"}) {
            CAPTURE(name);
            const auto text = explain(name, address);
            for (const auto& line : world().from(address).ask(name, "A").data("A"))
                CHECK(has(text, line));
        }
    }
}

TEST_CASE("nearest is explained with edges, distances, bias and scope") {
    const auto text = explain("example.", "20.1.2.0/24");
    for (const auto* part :
         {"example.", "20.1.2.0/24 (client subnet)", "DE (Germany), EU", "nearest", "frankfurt",
          "newyork", "singapore", " km", "with its bias", "/14: every address of 20.0.0.0/14"}) {
        CAPTURE(part);
        CHECK(has(text, part));
    }
    CHECK(text.find("frankfurt") < text.find("newyork"));
    CHECK(has(text, "chosen    frankfurt"));
    const auto scope = world().ask("example.", "A", "20.1.2.0/24").scope();
    CHECK(has(text, "/" + std::to_string(scope) + ": every address"));
}

TEST_CASE("latency is explained with estimated milliseconds, and why they are estimated") {
    const auto text = explain("fast.example.", "20.1.2.0/24");
    CHECK(has(text, "latency (nothing is measured: estimated from distance and region)"));
    const auto client = *geo::position_of(sources().find(*geo::read_address("20.1.2.0")).place);
    const auto& sites = world().snapshot.catalog.zones()[0].zone->sites();
    for (std::size_t edge = 0; edge < sites.size(); ++edge) {
        const auto& name = world().snapshot.catalog.zones()[0].zone->edges()[edge].name;
        const auto kilometres =
            geo::kilometres_between(sites[edge].position.direction, client.direction);
        const auto milliseconds = geo::prior_ms(sites[edge].position, client);
        CHECK(has(text, name + "  ~" + std::to_string(std::lround(milliseconds)) + " ms (" +
                            std::to_string(std::lround(kilometres)) + " km)"));
    }
    CHECK(has(text, "km), with its bias "));
    CHECK(text.find("frankfurt  ~") < text.find("newyork  ~"));
    CHECK(text.find("newyork  ~") < text.find("singapore  ~"));
    CHECK(has(text, "chosen    frankfurt"));
}

TEST_CASE("where an edge is not what this server sees, it is said who says otherwise") {
    using probes::Agreed;
    using probes::Basis;
    using probes::State;
    const auto& zone = *world().snapshot.catalog.zones()[0].zone;
    probes::ZoneStatus health;
    for (const auto& edge : zone.edges()) {
        probes::EdgeStatus status;
        status.name = edge.name;
        status.state = State::Down;
        status.targets.emplace_back();
        status.agreed = Agreed{.state = State::Up, .basis = Basis::LastAgreed};
        if (edge.name == "newyork") {
            status.state = State::Up;
            status.removed = probes::Removed::Down;
            status.agreed = Agreed{.state = State::Down, .basis = Basis::Votes, .up = 1, .down = 2};
        }
        if (edge.name == "singapore") {
            status.removed = probes::Removed::Down;
            status.agreed = Agreed{.state = State::Down, .basis = Basis::Votes, .down = 3};
        }
        health.edges.push_back(std::move(status));
    }
    const auto text = control::to_text(
        control::explain(world().snapshot, sources(), *zones::Name::from_text("example.", {}),
                         {.prefix = support::prefix("20.1.2.0/24")}, &health, geo::Random{1}));
    CHECK(has(text, ", down from here, up as last agreed\n"));
    CHECK(has(text, ", up from here, down as 2_of_3 nodes see it, out of the answers\n"));
    CHECK(has(text, ", down, out of the answers: its check fails\n"));
}

TEST_CASE("what holds for all edges of a zone is said before them") {
    probes::ZoneStatus health;
    health.edges.resize(3);
    const auto explained = [&] {
        return control::to_text(
            control::explain(world().snapshot, sources(), *zones::Name::from_text("example.", {}),
                             {.prefix = support::prefix("20.1.2.0/24")}, &health, geo::Random{1}));
    };
    CHECK_FALSE(has(explained(), "alarm"));
    health.home_down = true;
    CHECK(has(explained(), "alarm     home does not answer behind any edge"));
    health.cut_off = true;
    CHECK(has(explained(), "cut_off   this node takes itself for cut off"));
}

TEST_CASE("geo is explained by the row that matched, weights and order") {
    CHECK(has(explain("geo.example.", "20.1.2.0/24"), "geo: country:DE"));
    CHECK(has(explain("geo.example.", "20.1.2.0/24"), "weight 3"));
    CHECK(has(explain("geo.example.", "24.1.2.0/24"), "geo: 24.1.0.0/16"));
    CHECK(has(explain("geo.example.", "16.1.2.0/24"), "geo: *"));
    CHECK(has(explain("geo.example.", "16.1.2.0/24"), "failover"));
}

TEST_CASE("clients without a place, and subnets that count for nothing, are said to be so") {
    const auto unknown = explain("example.", "77.1.2.0/24");
    CHECK(has(unknown, "unknown"));
    CHECK(has(unknown, "no place"));
    CHECK(has(explain("nowhere.example.org.", "77.1.2.0/24"),
              "none of those that are served: example."));
    const auto absent = explain("example.", "192.168.0.0/16");
    CHECK(has(absent, "counts as absent"));
    CHECK(has(absent, "scope     /16: all of 192.168.0.0/16 counts as absent"));
    CHECK(has(explain("example.", "10.1.2.0/24"), "scope     /8: all of 10.0.0.0/8 counts"));
    const auto carried = explain("example.", "::ffff:20.1.2.3");
    CHECK(has(carried, "20.1.2.3"));
    CHECK(has(carried, "IPv4 client"));
}

TEST_CASE("names that are not steered, not there or not ours are explained too") {
    CHECK(has(explain("plain.example.", "20.1.2.0/24"), "every client gets the same"));
    CHECK(has(explain("nope.example.", "20.1.2.0/24"), "NXDOMAIN"));
    CHECK(has(explain("www.example.org.", "20.1.2.0/24"), "none of those that are served"));
    CHECK(has(explain("www.example.org.", "20.1.2.0/24"), "REFUSED"));
}

namespace {

control::Rows explain_measured(const std::string& name, const std::string& asker) {
    static const World measured = support::measured_world();
    return control::explain(measured.snapshot, sources(), *zones::Name::from_text(name, {}),
                            {.prefix = support::prefix(asker)}, nullptr, geo::Random{1});
}

/// The row of an edge; empty when there is none.
std::string edge_row(const control::Rows& rows, const std::string& name) {
    for (const auto& [key, value] : rows) {
        if (key == "edge" && value.find(name) != std::string::npos) return value;
    }
    return {};
}

}  // namespace

TEST_CASE("a measured client is explained by all terms of each edge") {
    const auto rows = explain_measured("example.", "20.1.2.0/24");
    const auto text = control::to_text(rows);
    CHECK(has(text, "measured  20.1.2.0/24, among clients"));
    CHECK(has(text, "policy    latency\n"));
    CHECK(has(text, "chosen    singapore"));
    CHECK(text.find("singapore  ") < text.find("frankfurt  "));
    for (const auto* term :
         {" ms: prior ", ", group +", ", own offset ", ", measured 150.0 (14 samples, 3m ago)",
          ", estimate ", ", optimism -"}) {
        CAPTURE(term);
        CHECK(has(edge_row(rows, "frankfurt"), term));
    }
    // Singapore's measurements do not come in: nothing would be learned by sending clients there.
    CHECK(has(edge_row(rows, "singapore"), ", optimism -0.0"));
    CHECK_FALSE(has(text, "home"));
    CHECK_FALSE(has(text, "held at"));
}

TEST_CASE("the way home is explained, and whether it was measured") {
    const auto rows = explain_measured("home.example.", "20.1.2.0/24");
    CHECK(has(control::to_text(rows), "latency by the way to the edge and on to home\n"));
    CHECK(edge_row(rows, "newyork").ends_with(", home +40.0"));
    CHECK(edge_row(rows, "frankfurt").ends_with(", home +60.0"));
    CHECK(edge_row(rows, "singapore").ends_with(", home +50.0 (not measured: the others' median)"));
}

TEST_CASE("what damping holds back is said") {
    const auto text = control::to_text(explain_measured("example.", "20.1.3.0/24"));
    CHECK(has(text, "damping   held at frankfurt: singapore would be better by "));
    CHECK(has(text, "chosen    frankfurt"));
}

TEST_CASE("a resolver is explained by what was measured of resolvers") {
    const auto text = control::to_text(explain_measured("example.", "20.1.2.3"));
    CHECK(has(text, "measured  20.1.2.0/24, among resolvers"));
    CHECK(has(text, "chosen    newyork"));
    const auto stranger = control::to_text(explain_measured("example.", "2a00:1:2::1"));
    CHECK(has(stranger, "measured  not this one; 4 networks of clients and resolvers are known"));
}

TEST_CASE("no line about a measured client is longer than a string of TXT") {
    for (const auto* name : {"example.", "home.example."}) {
        for (const auto* asker : {"20.1.2.0/24", "20.1.3.0/24", "20.1.2.3", "2a00:1:2::/48",
                                  "2002:1401:203::/48", "24.1.0.0/16"}) {
            std::istringstream lines{control::to_text(explain_measured(name, asker))};
            for (std::string line; std::getline(lines, line);) {
                CAPTURE(line);
                CHECK(line.size() <= 255);
            }
        }
    }
}

}  // namespace explain_explain_test
