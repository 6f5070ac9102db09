// SPDX-License-Identifier: Apache-2.0
// Reports of zones that are watched and in service, and the same as JSON.
#include "dnsd/report/reporter.hpp"

#include "dnsd/config/version.hpp"
#include "dnsd/report/json.hpp"
#include "tests/dnsd/server_parts.hpp"
#include "tests/dnsd/world.hpp"
#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace report_reporter_test {

using namespace std::chrono_literals;
using nlohmann::json;

namespace {

zones::Name name(const char* text) {
    return *zones::Name::from_text(text, {});
}

control::NodeSettings node_at(const char* edge) {
    return {.edge = edge, .zone = name("one.example."), .key_file = {}, .peers = {}};
}

class Reported {
 public:
    explicit Reported(std::optional<control::NodeSettings> node = {}) : parts{std::move(node)} {}

    void serve(const std::vector<std::string>& texts, std::vector<control::Alarm> alarms = {}) {
        parts.service.begin(support::ServerParts::catalog(texts), std::move(alarms));
    }
    [[nodiscard]] std::string zone(const char* apex,
                                   std::initializer_list<const char*> edges) const {
        return parts.world.zone(apex, edges);
    }
    [[nodiscard]] json status() const { return json::parse(to_json(reporter.report())); }

    support::ServerParts parts;
    std::array<engine::QueryCounters, 2> counters;
    control::Reporter reporter{{parts.maker, *parts.world.health, parts.link,
                                parts.service.alarms(), parts.relay, parts.measuring, counters}};
};

}  // namespace

TEST_CASE("a report says what the server and its zones are") {
    Reported at;
    at.parts.world.say("a", "up");
    at.parts.world.say("b", "down");
    at.serve({at.zone("one.example.", {"a", "b"}), at.zone("two.example.", {"c"})});
    at.parts.world.run_first_round();
    at.parts.world.health->drain({"c"}, 1h);
    for (int i = 0; i < 3; ++i) at.parts.served()[0].board->count(0, 0);
    for (auto& counts : at.counters) {
        counts.count(engine::CookieState::Good);
        counts.count(engine::RateLimiter::Action::Slip);
    }
    at.counters[0].count(engine::CookieState::None);
    const auto status = at.status();
    CHECK(status["version"] == control::version);
    CHECK(status["generation"] == 1);
    CHECK(status["zones_served"] == 2);
    CHECK(status["targets"] == 3);
    CHECK(status["queries"] == json{{"cookie_none", 1},
                                    {"cookie_new", 0},
                                    {"cookie_bad", 0},
                                    {"cookie_good", 2},
                                    {"limit_slipped", 2},
                                    {"limit_dropped", 0}});
    REQUIRE(status["zones"].size() == 2);
    const auto known = at.parts.world.health->status();
    for (std::size_t i = 0; i < known.size(); ++i) {
        const auto& zone = status["zones"][i];
        CHECK(zone["zone"] == known[i].zone);
        CHECK(zone["serial"] == at.parts.served()[i].zone->serial());
        CHECK(zone["home_down"] == known[i].home_down);
        CHECK(zone["lines"].size() == known[i].edges.size());
        REQUIRE(zone["edges"].size() == known[i].edges.size());
        for (std::size_t j = 0; j < known[i].edges.size(); ++j) {
            const auto& edge = known[i].edges[j];
            const auto& told = zone["edges"][j];
            CHECK(told["edge"] == edge.name);
            CHECK(told["drained"] == edge.drained_since.has_value());
            CHECK(told["checks"].size() == edge.targets.size());
            CHECK(told["checks"][0]["check"] == edge.targets[0].check);
            CHECK(told["checks"][0]["of"] == "edge");
            CHECK(told["checks"][0]["attempts"].size() == edge.targets[0].attempts.size());
        }
    }
    const auto& edges = status["zones"][0]["edges"];
    CHECK(edges[0]["state"] == "up");
    CHECK(edges[0]["out"] == "no");
    CHECK(edges[0]["share"] == 1.0);
    CHECK(edges[0]["checks"][0]["attempts"][0]["result"] == "ok");
    CHECK(edges[1]["state"] == "down");
    CHECK(edges[1]["out"] == "down");
    CHECK(edges[1]["share"] == 0.0);
    CHECK(edges[1]["checks"][0]["attempts"][0]["said"] == "down");
    const auto& drained = status["zones"][1]["edges"][0];
    CHECK(drained["state"] == "unknown");
    CHECK(drained["out"] == "drained");
    CHECK(drained["drained_for"].get<double>() > 3500);
    CHECK(drained["drained_for"].get<double>() <= 3600);
    CHECK(drained["share"].is_null());
    CHECK(drained["checks"][0]["attempts"][0]["result"] == "no_word");
}

TEST_CASE("an edge without a check is unchecked, and a server without zones has none") {
    Reported at;
    CHECK(at.status()["zones"] == json::array());
    at.serve({support::zone_text("example.", R"("@": {"steer": "a"})",
                                 R"("edges": {"a": {"addresses": "192.0.2.1"}})")});
    const auto status = at.status();
    CHECK(status["zones"][0]["edges"][0]["state"] == "unchecked");
    CHECK(status["zones"][0]["edges"][0]["checks"] == json::array());
}

TEST_CASE("a dashboard is one zone of the report, with its alarms") {
    Reported at{node_at("a")};
    at.serve({at.zone("one.example.", {"a", "b"}), support::zone_text("plain.example.", {})},
             {{name("plain.example."), "alarm=zone_file_faulty file=a.json", "a.json is faulty"}});
    const auto all = at.reporter.report();
    REQUIRE(all.zones.size() == 2);
    CHECK(all.alarms == std::vector<std::string>{"alarm=zone_file_faulty file=a.json"});

    const auto one = at.reporter.dashboard(name("one.example."));
    REQUIRE(one);
    CHECK(one->zone.serial == all.zones[0].serial);
    CHECK(one->zone.digest == at.parts.served()[0].zone->digest());
    REQUIRE(one->zone.health);
    CHECK(one->zone.health->edges.size() == 2);
    REQUIRE(one->zone.node);
    CHECK(one->zone.node->edge == "a");
    CHECK(one->alarms.empty());

    const auto plain = at.reporter.dashboard(name("plain.example."));
    REQUIRE(plain);
    CHECK_FALSE(plain->zone.health);
    CHECK_FALSE(plain->zone.node);
    CHECK(plain->alarms == all.alarms);
    CHECK_FALSE(at.reporter.dashboard(name("other.example.")));
    CHECK_FALSE(at.reporter.dashboard(name("below.one.example.")));
}

TEST_CASE("what is down is a trouble, and so is an alarm") {
    Reported at;
    at.parts.world.say("a", "up");
    at.parts.world.say("b", "down");
    at.serve({at.zone("one.example.", {"a", "b"}), support::zone_text("plain.example.", {})},
             {{std::nullopt, "alarm=zone_file_faulty file=a.json", "a.json is faulty"}});
    at.parts.world.run_first_round();
    std::vector<std::string> texts;
    for (const auto& trouble : at.reporter.report().troubles) {
        CHECK(trouble.level == control::Trouble::Level::Warning);
        texts.push_back(trouble.text);
    }
    CHECK(texts == std::vector<std::string>{"one.example/b is down: down",
                                            "alarm=zone_file_faulty file=a.json"});
}

TEST_CASE(
    "what is drained or unknown is no trouble; a zone without any edge left is a critical one") {
    Reported at;
    at.parts.world.say("a", "up");
    at.serve({at.zone("one.example.", {"a", "b"})},  // nobody says anything of b
             {});
    at.parts.world.run_first_round();
    at.parts.world.health->drain({"a"}, std::nullopt);
    CHECK(at.status()["troubles"] == json::array());
    at.parts.world.health->drain({"b"}, std::nullopt);
    const auto troubles = at.status()["troubles"];
    REQUIRE(troubles.size() == 1);
    CHECK(troubles[0]["severity"] == "critical");
    CHECK(troubles[0]["text"].get<std::string>().starts_with("one.example: all edges are out"));
}

TEST_CASE("critical troubles come first") {
    Reported at;
    at.parts.world.say("a", "down");
    at.serve({at.zone("one.example.", {"a", "b"}), at.zone("two.example.", {"c"})});
    at.parts.world.run_first_round();
    at.parts.world.health->drain({"c"}, std::nullopt);
    const auto troubles = at.reporter.report().troubles;
    REQUIRE(troubles.size() == 2);
    CHECK(troubles[0].text.starts_with("two.example: all edges are out"));
    CHECK(troubles[1].text.starts_with("one.example/a is down"));
}

TEST_CASE("round trips are those to clients and resolvers that were measured last, and all paths") {
    Reported at;
    const auto now = probes::Clock::now();
    at.parts.relay.measurements().add(support::address("203.0.113.5"), 20ms, 1ms, now - 1s);
    at.parts.relay.measurements().add(support::address("198.51.100.5"), 30ms, 1ms, now);
    const auto report = at.reporter.round_trips(1);
    CHECK(report.clients.known == 2);
    REQUIRE(report.clients.newest.size() == 1);
    CHECK(geo::to_text(report.clients.newest[0].first) == "198.51.100.0/24");
    CHECK(report.resolvers.known == 0);
    CHECK(report.paths.empty());
}

}  // namespace report_reporter_test
