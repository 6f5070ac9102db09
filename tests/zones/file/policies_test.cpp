// SPDX-License-Identifier: Apache-2.0
// Edges and trees of policies, as a zone has them.
#include "tests/support/random_space.hpp"
#include "tests/zones/reading.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

namespace file_policies_test {

using geo::Match;
using geo::Policy;
using reading::name;
using namespace std::string_view_literals;
using Kind = geo::Policy::Kind;

namespace {

/// Edges a to e at 0 to 40 degrees east; all are used by the name "all".
std::shared_ptr<const zones::Zone> zone_with(const std::string& steer,
                                             const std::string& more = "") {
    std::string edges;
    std::string all;
    for (int i = 0; i < 5; ++i) {
        const std::string edge(1, static_cast<char>('a' + i));
        edges += (i == 0 ? "\"" : ", \"") + edge + R"(": {"addresses": "192.0.2.)" +
                 std::to_string(i + 1) + R"(", "location": [0, )" + std::to_string(i * 10) + "]}";
        all += (i == 0 ? "\"" : ", \"") + edge + "\"";
    }
    const auto [zone, problems] = reading::read_with(
        more + "\"edges\": {" + edges + "}, \"records\": {\"all\": {\"steer\": " + "{\"all\": [" +
        all + "]}}, \"@\": {\"steer\": " + steer + "}}");
    CAPTURE(reading::joined(problems));
    REQUIRE(zone != nullptr);
    return zone;
}

Policy policy_of(const std::string& steer, const std::string& more = "") {
    return zone_with(steer, more)->steers()[1].policy;
}

std::vector<geo::EdgeIndex> edges_of(const Policy& policy) {
    std::vector<geo::EdgeIndex> found;
    for (const auto& child : policy.children) found.push_back(child.edge);
    return found;
}
using Edges = std::vector<geo::EdgeIndex>;

}  // namespace

TEST_CASE("an edge's name is a policy") {
    const auto policy = policy_of("\"c\"");
    CHECK(policy.kind == Kind::Edge);
    CHECK(policy.edge == 2);
}

TEST_CASE("nearest and latency have edges, biases, how many are ranked and answered") {
    for (const auto& [key, kind] :
         {std::pair{"nearest", Kind::Nearest}, std::pair{"latency", Kind::Latency}}) {
        const auto policy = policy_of(
            std::string{"{\""} + key +
            R"(": ["d", "a", "b"], "bias": {"a": "-500 km", "b": "+20%", "d": "1e3 km"}, "ranked": 2, "answers": 1})");
        CHECK(policy.kind == kind);
        CHECK(edges_of(policy) == Edges{3, 0, 1});
        REQUIRE(policy.biases.size() == 3);
        CHECK(policy.biases[0] == geo::Bias{.kilometres = 1000});
        CHECK(policy.biases[1] == geo::Bias{.kilometres = -500});
        CHECK(policy.biases[2] == geo::Bias{.share = 0.2});
        CHECK(policy.ranked == 2);
        CHECK(policy.answers == 1);
    }
    const auto plain = policy_of(R"({"nearest": "a"})");
    CHECK(edges_of(plain) == Edges{0});
    CHECK(plain.ranked == 3);
    CHECK(plain.biases == std::vector<geo::Bias>(1));
    CHECK(policy_of(R"({"nearest": ["a", "b"], "ranked": 1, "answers": 2})").ranked == 2);
}

TEST_CASE("latency goes by the way home where an edge checks its origin, or as \"via\" says") {
    const auto via_of = [](const std::string& options, const std::string& check) {
        const auto edge = [&](const std::string& name, const std::string& more) {
            return "\"" + name + R"(": {"addresses": "192.0.2.1", "location": [0, 0])" + more + "}";
        };
        const auto [zone, problems] = reading::read_with(
            R"("edges": {)" + edge("a", "") + ", " + edge("b", check) +
            R"(}, "records": {"@": {"steer": {"latency": ["a", "b"])" + options + "}}}");
        CAPTURE(reading::joined(problems));
        REQUIRE(zone != nullptr);
        return zone->steers()[0].policy.via;
    };
    const std::string origin = R"(, "check": {"tcp": 443}, "origin": {"tcp": 443})";
    struct Row {
        const char* options;
        std::string check;
        geo::Via expected;
    };
    const Row rows[] = {
        {"", "", geo::Via::Edge},
        {"", origin, geo::Via::Home},
        {R"(, "via": "edge")", "", geo::Via::Edge},
        {R"(, "via": "edge")", origin, geo::Via::Edge},
        {R"(, "via": "home")", "", geo::Via::Home},
        {R"(, "via": "home")", origin, geo::Via::Home},
    };
    for (const auto& row : rows) {
        CAPTURE(row.options);
        CAPTURE(row.check);
        CHECK(via_of(row.options, row.check) == row.expected);
    }
}

TEST_CASE("weighted has weights by edge, or trees with weights") {
    const auto by_edge = policy_of(R"({"weighted": {"b": 3, "a": 0}, "answers": 2})");
    CHECK(by_edge.kind == Kind::Weighted);
    CHECK(edges_of(by_edge) == Edges{1, 0});
    CHECK(by_edge.weights == std::vector<std::uint32_t>{3, 0});
    CHECK(by_edge.answers == 2);
    const auto listed = policy_of(
        R"({"weighted": [{"weight": 65535, "steer": {"failover": ["a", "b"]}}, {"steer": "c", "weight": 1}]})");
    CHECK(listed.weights == std::vector<std::uint32_t>{65535, 1});
    CHECK(listed.children[0].kind == Kind::Failover);
    CHECK(listed.children[1].edge == 2);
}

TEST_CASE("failover and all have trees; all answers with every one") {
    const auto failover = policy_of(R"({"failover": ["a", {"all": ["b", "c"]}]})");
    CHECK(failover.kind == Kind::Failover);
    CHECK(failover.answers == 1);
    REQUIRE(failover.children.size() == 2);
    CHECK(failover.children[1].kind == Kind::All);
    CHECK(failover.children[1].answers == geo::max_chosen_edges);
}

TEST_CASE("geo has a row for each place, and one for each place of a group") {
    const auto policy = policy_of(
        R"({"geo": {"group:g": "a", "continent:EU": "b", "country:IN": "c", "subdivision:US-CA": "d",
            "asn:4294967295": "e", "2001:db8::/32": "a", "192.0.2.1": "b", "*": {"nearest": ["a", "b"]}}})",
        R"("groups": {"g": ["country:SE", "asn:1"]}, )");
    CHECK(policy.kind == Kind::Geo);
    CHECK(policy.children.size() == 8);
    const std::vector<Match> expected{
        {.kind = Match::Kind::Country, .area = "SE"sv},
        {.kind = Match::Kind::Asn, .asn = 1},
        {.kind = Match::Kind::Continent, .area = "EU"sv},
        {.kind = Match::Kind::Country, .area = "IN"sv},
        {.kind = Match::Kind::Subdivision, .area = "US"sv, .subdivision = "CA"sv},
        {.kind = Match::Kind::Asn, .asn = 4294967295},
        {.kind = Match::Kind::Prefix, .prefix = support::prefix("2001:db8::/32")},
        {.kind = Match::Kind::Prefix, .prefix = support::prefix("192.0.2.1/32")},
        {},
    };
    REQUIRE(policy.rows.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CAPTURE(i);
        CHECK(policy.rows[i].match == expected[i]);
        CHECK(policy.rows[i].child == (i < 2 ? 0 : i - 1));
    }
}

TEST_CASE("trees nest 16 deep and no deeper") {
    const auto nested = [](int depth) {
        std::string text = "\"a\"";
        for (int i = 0; i < depth; ++i) text = "{\"all\": [" + text + "]}";
        return reading::read_with(
            R"("edges": {"a": {"addresses": "192.0.2.1"}}, "records": {"@": {"steer": )" + text +
            "}}");
    };
    CHECK(nested(16).zone != nullptr);
    const auto deeper = nested(17);
    CHECK(deeper.zone == nullptr);
    REQUIRE(deeper.problems.size() == 1);
    CHECK(deeper.problems[0].ends_with("policies nested more than 16 deep"));
}

TEST_CASE("steered names have the TTL of their steer, of the zone, or a minute") {
    CHECK(zone_with(R"({"all": ["a"], "ttl": "5m"})")->steers()[1].ttl == 300);
    CHECK(zone_with(R"({"all": ["a"]})", R"("ttl": 77, )")->steers()[1].ttl == 77);
    CHECK(zone_with(R"({"all": ["a"]})")->steers()[1].ttl == 60);
}

TEST_CASE("steered sets stand at the apex, at wildcards and below them") {
    const auto [zone, problems] = reading::read_with(
        R"("edges": {"a": {"addresses": ["192.0.2.1", "192.0.2.2", "2001:db8::1"]}},
           "records": {"@": {"steer": "a", "MX": "10 @"}, "*.w": {"steer": {"all": "a", "ttl": 5}}, "x.y.w": {"steer": "a"}})");
    REQUIRE(zone != nullptr);
    REQUIRE(zone->steers().size() == 3);
    const auto steer_of = [&](std::string_view text, zones::RrType type) -> const zones::Steer* {
        const auto* set = zone->find(zone->look_up(name(text)).node, type);
        return set == nullptr || !set->steered() ? nullptr : &zone->steers()[set->at];
    };
    for (const auto type : {zones::rr::A, zones::rr::AAAA}) {
        CHECK(steer_of("example.com.", type)->owner == name("example.com."));
        CHECK(steer_of("any.w.example.com.", type)->owner == name("*.w.example.com."));
        CHECK(steer_of("x.y.w.example.com.", type)->owner == name("x.y.w.example.com."));
        CHECK(steer_of("z.y.w.example.com.", type) == nullptr);
    }
    const auto wire = zone->edge_wire(zone->steers()[1], 0, geo::Family::V4);
    const std::vector<std::uint8_t> expected{0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, 192, 0, 2, 1,
                                             0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, 192, 0, 2, 2};
    CHECK(std::ranges::equal(wire.octets, expected));
    CHECK(wire.rr_count == 2);
    CHECK(zone->edge_wire(zone->steers()[0], 0, geo::Family::V6).octets.size() == 28);
}

TEST_CASE("edges have their addresses and their place") {
    const auto [zone, problems] = reading::read_with(
        R"("edges": {"a": {"addresses": "192.0.2.1", "location": [1.35, 103.82]},
                     "b": {"addresses": ["2001:db8::1", "192.0.2.2"], "location": "new york , us"},
                     "c": {"addresses": "192.0.2.3"}},
           "missing_family": "next-edge", "records": {"@": {"steer": {"all": ["a", "b", "c"]}}})");
    REQUIRE(zone != nullptr);
    CHECK(problems.empty());
    CHECK(zone->edges()[1].addresses.size() == 2);
    CHECK(zone->sites()[0].at->latitude == 1.35);
    CHECK(zone->sites()[1].at.has_value());
    CHECK_FALSE(zone->sites()[2].at.has_value());
    CHECK(zone->eligible(geo::Family::V4)[0] == 0b111);
    CHECK(zone->eligible(geo::Family::V6)[0] == 0b010);
}

TEST_CASE(
    "an edge without a family that others have is warned of, unless the file says what is meant") {
    const std::string rest =
        R"("edges": {"a": {"addresses": "192.0.2.1"}, "b": {"addresses": ["192.0.2.2", "2001:db8::1"]}},
"records": {"@": {"steer": {"all": ["a", "b"]}}})";
    const auto warned = reading::read_with(rest);
    REQUIRE(warned.zone != nullptr);
    CHECK(reading::joined(warned.problems) ==
          "1:77: edges.a: warning: no IPv6 address, other edges have one: clients that belong here "
          "get "
          "no AAAA; see \"missing_family\"\n");
    const auto meant = reading::read_with(R"("missing_family": "nodata", )" + rest);
    REQUIRE(meant.zone != nullptr);
    CHECK(meant.problems.empty());
    CHECK(meant.zone->eligible(geo::Family::V6).empty());
}

TEST_CASE("one edge with IPv6 among sixteen is one warning, not fifteen") {
    std::string edges, names;
    for (int i = 0; i < 16; ++i) {
        const auto name = "e" + std::to_string(i);
        const std::string more = i == 3 ? ", \"2001:db8::1\"" : "";
        const std::string check = i == 5 ? ", \"check\": {\"tcp\": 443}" : "";
        edges += (i == 0 ? "\"" : ", \"") + name + "\": {\"addresses\": [\"192.0.2." +
                 std::to_string(i) + "\"" + more + "]" + check + "}";
        names += (i == 0 ? "\"" : ", \"") + name + "\"";
    }
    const auto [zone, problems] = reading::read_with(
        R"("edges": {)" + edges + R"(}, "records": {"@": {"steer": {"all": [)" + names + "]}}}");
    CHECK(zone != nullptr);
    CHECK(reading::joined(problems) ==
          "1:78: edges.e0: warning: no \"check\" here and at e1, e2 and 12 more edges, other edges "
          "have one: these count as up for ever\n"
          "1:78: edges.e0: warning: no IPv6 address here and at e1, e2 and 12 more edges, other "
          "edges "
          "have one: clients that belong there get no AAAA; see \"missing_family\"\n");
}

TEST_CASE("what belongs inside of \"steer\" is told so when it stands beside it") {
    const std::string start =
        R"("edges": {"a": {"addresses": "192.0.2.1"}}, "records": {"@": {"steer": "a", )";
    for (const std::string key : {"ttl", "min_ttl", "answers", "bias", "ranked", "via"}) {
        CAPTURE(key);
        const auto [zone, problems] = reading::read_with(start + '"' + key + "\": 60}}");
        CHECK(zone == nullptr);
        REQUIRE(problems.size() == 1);
        CHECK(problems[0].ends_with("found \"" + key +
                                    "\": it stands inside of \"steer\", beside its policy, as in "
                                    "\"steer\": {\"latency\": […], \"" +
                                    key + "\": …}"));
    }
    const auto plain = reading::read_with(R"("records": {"a": {"A": "192.0.2.1", "ttl": 60}})");
    REQUIRE(plain.problems.size() == 1);
    CHECK(plain.problems[0].ends_with(
        "it stands beside the values, as in \"A\": {\"ttl\": 60, \"values\": […]}"));
}

TEST_CASE("an edge has at most 64 addresses") {
    std::string list;
    for (int i = 0; i < 65; ++i)
        list += (i == 0 ? "\"192.0.2." : ", \"192.0.2.") + std::to_string(i) + "\"";
    const auto [zone, problems] = reading::read_with(R"("edges": {"a": {"addresses": [)" + list +
                                                     R"(]}}, "records": {"@": {"steer": "a"}})");
    CHECK(zone == nullptr);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].ends_with("edges.a.addresses: more than 64 addresses"));
}

TEST_CASE("edges that a policy names which cannot be read are not called unused") {
    const auto [zone, problems] = reading::read_with(
        R"("edges": {"a": {"addresses": "192.0.2.1"}, "b": {"addresses": "192.0.2.2"}},
"records": {"@": {"steer": {"nearst": ["a", {"all": ["b"]}]}}})");
    CHECK(reading::joined(problems).find("no \"steer\" names") == std::string::npos);
}

}  // namespace file_policies_test
