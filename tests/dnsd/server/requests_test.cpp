// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/requests.hpp"

#include "dnsd/server/explain_request.hpp"
#include "tests/dnsd/watched_zones.hpp"
#include "tests/dnsd/world.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

namespace server_requests_test {

using nlohmann::json;
using support::WatchedZones;

namespace {

control::ServerFacts facts_of(const WatchedZones& world) {
    auto snapshot = std::make_shared<engine::Snapshot>();
    snapshot->catalog = world.catalog;
    return {.version = "9.9.9",
            .generation = 7,
            .snapshot = std::move(snapshot),
            .queries = {.cookies = {1, 2, 3, 4}, .limited = {5, 6, 7}}};
}

json ask(WatchedZones& world, const std::string& request) {
    const auto reply = control::answer_request(request, *world.health, facts_of(world));
    CHECK(reply.find('\n') == std::string::npos);  // which would end it early
    return json::parse(reply);
}

/// What an answer says went wrong; empty when nothing did.
std::string fault_of(WatchedZones& world, const std::string& request) {
    return ask(world, request).value("fault", "");
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("whatever is no request is answered with what is wrong, and does nothing") {
    struct Row {
        const char* name;
        std::string request;
        const char* says;
    };
    const Row rows[] = {
        {"nothing", "", "not a request"},
        {"no JSON", "status", "not a request"},
        {"half of JSON", R"({"command": "sta)", "not a request"},
        {"octets that are none", "\xff\xfe\x80", "not a request"},
        {"control characters", std::string(3, '\0'), "not a request"},
        {"two values", R"({"command": "drain", "edges": ["a"]} {})", "not a request"},
        {"a deep one", std::string(50'000, '['), "not a request"},
        {"no object", R"(["drain", "a"])", "no such command"},
        {"null", "null", "no such command"},
        {"no command", R"({"edges": ["a"]})", "no such command"},
        {"an unknown command", R"({"command": "drown", "edges": ["a"]})", "no such command"},
        {"a command in capitals", R"({"command": "DRAIN", "edges": ["a"]})", "no such command"},
        {"a command's type", R"({"command": ["drain"], "edges": ["a"]})", "not a request"},
        {"no edges", R"({"command": "drain"})", "no edges"},
        {"an empty list", R"({"command": "drain", "edges": []})", "no edges"},
        {"nothing to undrain", R"({"command": "undrain", "edges": []})", "no edges"},
        {"edges' type", R"({"command": "drain", "edges": "a"})", "not a request"},
        {"an edge's type", R"({"command": "drain", "edges": ["a", 1]})", "not a request"},
        {"no time", R"({"command": "drain", "edges": ["a"], "seconds": 0})", "ten years"},
        {"a time gone by", R"({"command": "drain", "edges": ["a"], "seconds": -1})", "ten years"},
        {"too long a time", R"({"command": "drain", "edges": ["a"], "seconds": 4e8})", "ten years"},
        {"a huge number", R"({"command": "drain", "edges": ["a"], "seconds": 1e308})", "ten years"},
        {"past every number", R"({"command": "drain", "edges": ["a"], "seconds": 1e999})",
         "not a request"},
        {"past 64 bits", R"({"command": "drain", "edges": ["a"], "seconds": 99999999999999999999})",
         "ten years"},
        {"a time as text", R"({"command": "drain", "edges": ["a"], "seconds": "2h"})", "number"},
        {"a time that is true", R"({"command": "drain", "edges": ["a"], "seconds": true})",
         "number"},
        {"nothing to explain", R"({"command": "explain"})", "\"name\" and an \"asker\""},
        {"an explained name alone", R"({"command": "explain", "name": "a."})", "\"asker\""},
        {"an asker that is none", R"({"command": "explain", "name": "a.", "asker": "x"})",
         "\"asker\""},
        {"an unknown edge", R"({"command": "drain", "edges": ["b"]})", "no edge matches \"b\""},
        {"an unknown zone", R"({"command": "drain", "edges": ["other/a"]})",
         "no edge matches \"other/a\""},
        {"one of two", R"({"command": "drain", "edges": ["a", "b"]})", "no edge matches \"b\""},
        {"not drained", R"({"command": "undrain", "edges": ["a"]})",
         "no drained edge matches \"a\""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        WatchedZones world;
        world.attach({world.zone("example.", {"a"})});
        const auto fault = fault_of(world, row.request);
        CAPTURE(fault);
        CHECK(contains(fault, row.says));
        CHECK(world.usable(0));
    }
}

TEST_CASE("the fault of an edge that does not exist names the nearest that does") {
    WatchedZones world;
    world.attach({world.zone("example.", {"newyork", "singapore"})});
    for (const auto* pattern : {"newyrok", "example/newyrok"}) {
        CAPTURE(pattern);
        const auto fault =
            fault_of(world, R"({"command": "drain", "edges": [")" + std::string{pattern} + "\"]}");
        CHECK(contains(fault, "\"newyork\""));
        CHECK_FALSE(contains(fault, "singapore"));
    }
}

TEST_CASE("drain and undrain say which edges they mean, and which zones are left with none") {
    WatchedZones world;
    world.attach({world.zone("one.example.", {"a", "b"}), world.zone("two.example.", {"a"})});
    auto reply = ask(world, R"({"command": "drain", "edges": ["a"]})");
    CHECK(reply == json::parse(R"({"drained": ["one.example/a", "two.example/a"],
                                   "emptied": ["two.example"]})"));
    reply = ask(world, R"({"command": "drain", "edges": ["one.example/*"], "seconds": 7200})");
    CHECK(reply == json::parse(R"({"drained": ["one.example/a", "one.example/b"],
                                   "emptied": ["one.example"]})"));
    CHECK_FALSE(world.usable(1));
    reply = ask(world, R"({"command": "undrain", "edges": ["one.example/b", "two.example/*"]})");
    CHECK(reply == json::parse(R"({"undrained": ["one.example/b", "two.example/a"]})"));
    CHECK(world.usable(1));
    CHECK(world.usable(0, 1));
    CHECK_FALSE(world.usable(0));
}

TEST_CASE("a time may have a fraction, and be null for none") {
    WatchedZones world;
    world.attach({world.zone("example.", {"a"})});
    CHECK(fault_of(world, R"({"command": "drain", "edges": ["a"], "seconds": 1800.5})").empty());
    const auto until = world.status(0).drained_until;
    REQUIRE(until);
    const auto left = *until - probes::Clock::now();
    CHECK(left > std::chrono::seconds{1700});
    CHECK(left <= std::chrono::milliseconds{1'800'500});
    CHECK(fault_of(world, R"({"command": "drain", "edges": ["a"], "seconds": null})").empty());
    CHECK_FALSE(world.status(0).drained_until);
}

TEST_CASE("status says what the server and its zones are") {
    WatchedZones world;
    world.say("a", "up");
    world.say("b", "down");
    world.attach({world.zone("one.example.", {"a", "b"}), world.zone("two.example.", {"c"})});
    world.run_first_round();
    world.health->drain({"c"}, std::chrono::hours{1});
    for (int i = 0; i < 3; ++i) world.board().count(0, 0);
    const auto reply = ask(world, R"({"command": "status"})");
    CHECK(reply["version"] == "9.9.9");
    CHECK(reply["generation"] == 7);
    CHECK(reply["zones_served"] == 2);
    CHECK(reply["targets"] == 3);
    CHECK(reply["queries"] == json{{"cookie_none", 1},
                                   {"cookie_new", 2},
                                   {"cookie_bad", 3},
                                   {"cookie_good", 4},
                                   {"limit_slipped", 6},
                                   {"limit_dropped", 7}});
    REQUIRE(reply["zones"].size() == 2);
    const auto status = world.health->status();
    for (std::size_t i = 0; i < status.size(); ++i) {
        const auto& zone = reply["zones"][i];
        CHECK(zone["zone"] == status[i].zone);
        CHECK(zone["serial"] == world.catalog.zones()[i].zone->serial());
        CHECK(zone["home_down"] == status[i].home_down);
        CHECK(zone["lines"].size() == status[i].edges.size());
        REQUIRE(zone["edges"].size() == status[i].edges.size());
        for (std::size_t j = 0; j < status[i].edges.size(); ++j) {
            const auto& edge = status[i].edges[j];
            const auto& told = zone["edges"][j];
            CHECK(told["edge"] == edge.name);
            CHECK(told["drained"] == edge.drained_since.has_value());
            CHECK(told["checks"].size() == edge.targets.size());
            CHECK(told["checks"][0]["check"] == edge.targets[0].check);
            CHECK(told["checks"][0]["of"] == "edge");
            CHECK(told["checks"][0]["attempts"].size() == edge.targets[0].attempts.size());
        }
    }
    const auto& edges = reply["zones"][0]["edges"];
    CHECK(edges[0]["state"] == "up");
    CHECK(edges[0]["out"] == "no");
    CHECK(edges[0]["share"] == 1.0);
    CHECK(edges[0]["checks"][0]["attempts"][0]["result"] == "ok");
    CHECK(edges[1]["state"] == "down");
    CHECK(edges[1]["out"] == "down");
    CHECK(edges[1]["share"] == 0.0);
    CHECK(edges[1]["checks"][0]["attempts"][0]["said"] == "down");
    const auto& drained = reply["zones"][1]["edges"][0];
    CHECK(drained["state"] == "unknown");
    CHECK(drained["out"] == "drained");
    CHECK(drained["drained_for"].get<double>() > 3500);
    CHECK(drained["drained_for"].get<double>() <= 3600);
    CHECK(drained["share"].is_null());
    CHECK(drained["checks"][0]["attempts"][0]["result"] == "no_word");
}

TEST_CASE("an edge without a check is unchecked, and a server without zones has none") {
    WatchedZones world;
    CHECK(ask(world, R"({"command": "status"})")["zones"] == json::array());
    world.attach({support::zone_text("example.", R"("@": {"steer": "a"})",
                                     R"("edges": {"a": {"addresses": "192.0.2.1"}})")});
    const auto reply = ask(world, R"({"command": "status"})");
    CHECK(reply["zones"][0]["edges"][0]["state"] == "unchecked");
    CHECK(reply["zones"][0]["edges"][0]["checks"] == json::array());
}

TEST_CASE("`clients` tells of clients, resolvers and paths, each with what is known of it") {
    WatchedZones world;
    probes::Measurements clients;
    probes::Measurements resolvers;
    using namespace std::chrono_literals;
    clients.add(*geo::read_address("203.0.113.5"), 20ms, 1ms, probes::Clock::now());
    resolvers.add(*geo::read_address("2001:db8:1::53"), 30ms, 1ms, probes::Clock::now());
    auto all = facts_of(world);
    all.measurements = &clients;
    all.resolvers = &resolvers;
    const net::Endpoint to{*geo::read_address("192.0.2.7"), 32400};
    using Kind = control::NamedPath::Kind;
    const probes::Path path{.round_trip = 5ms, .lost = 0.25, .last = probes::Clock::now()};
    all.paths.push_back({.kind = Kind::Home, .name = "", .to = to, .place = {}, .path = path});
    all.paths.push_back({.kind = Kind::Edge, .name = "b", .to = to, .place = {}, .path = {}});
    const auto reply =
        json::parse(control::answer_request(R"({"command": "clients"})", *world.health, all));
    CHECK(reply["clients"][0]["client"] == "203.0.113.0/24");
    CHECK(reply["clients"][0]["rtt_ms"] == 20);
    CHECK(reply["resolvers"][0]["resolver"] == "2001:db8:1::/48");
    CHECK(reply["resolver_networks"] == 1);
    CHECK(reply["paths"][0]["kind"] == "home");
    CHECK(reply["paths"][0]["to"] == "192.0.2.7:32400");
    CHECK(reply["paths"][0]["lost"] == 0.25);
    CHECK(reply["paths"][1]["measured"] == false);
}

TEST_CASE("status tells the other nodes where they belong, and what is not well") {
    WatchedZones world;
    world.say("a", "up");
    world.say("b", "down");
    world.attach(
        {world.zone("one.example.", {"a", "b"}), support::zone_text("plain.example.", {})});
    world.run_first_round();
    auto facts = facts_of(world);
    CHECK(json::parse(
              control::answer_request(R"({"command": "status"})", *world.health, facts))["troubles"]
              .size() == 1);
    const auto now = std::chrono::steady_clock::now();
    using Data = transfer::PeerStatus::Data;
    facts.node = control::NodeSettings{.edge = "a",
                                       .zone = *zones::Name::from_text("one.example.", {}),
                                       .key_file = {},
                                       .peers = {}};
    facts.peers = {{.name = "b",
                    .endpoint = {},
                    .data = Data::Fresh,
                    .serial = 5,
                    .records = 12,
                    .last_success = now,
                    .last_fault = {}},
                   {.name = "c",
                    .endpoint = {},
                    .data = Data::Expired,
                    .last_success = {},
                    .last_fault = "timed_out"}};
    facts.further = [](const zones::Name& zone, const std::string& edge) {
        return std::vector<std::string>{"of=" + zone.text() + edge};
    };
    facts.alarms = {"alarm=zone_file_faulty file=a.json"};
    const auto reply =
        json::parse(control::answer_request(R"({"command": "status"})", *world.health, facts));

    const auto& zone = reply["zones"][0];
    CHECK(zone["node"] == "a");
    REQUIRE(zone["peers"].size() == 2);
    CHECK(zone["peers"][0]["peer"] == "b");
    CHECK(zone["peers"][0]["data"] == "fresh");
    CHECK(zone["peers"][0]["serial"] == 5);
    CHECK(zone["peers"][0]["records"] == 12);
    CHECK(zone["peers"][0]["age"].is_number());
    CHECK(zone["peers"][1]["data"] == "expired");
    CHECK(zone["peers"][1]["age"].is_null());
    CHECK(zone["peers"][1]["last_fault"] == "timed_out");
    CHECK(zone["lines"].back() == "of=one.example.");
    const auto& plain = reply["zones"][1];
    CHECK(plain["zone"] == "plain.example");
    CHECK(plain["edges"] == json::array());
    CHECK(!plain.contains("peers"));

    std::vector<std::string> texts;
    for (const auto& trouble : reply["troubles"]) {
        CHECK(trouble["severity"] == "warning");
        texts.push_back(trouble["text"]);
    }
    CHECK(texts == std::vector<std::string>{"one.example/b is down: down",
                                            "node c is not heard: timed_out",
                                            "alarm=zone_file_faulty file=a.json"});
}

TEST_CASE(
    "what is drained or unknown is no trouble; a zone without any edge left is a critical one") {
    WatchedZones world;
    world.say("a", "up");
    world.attach({world.zone("one.example.", {"a", "b"})});  // nobody says anything of b
    world.run_first_round();
    world.health->drain({"a"}, std::nullopt);
    CHECK(ask(world, R"({"command": "status"})")["troubles"] == json::array());
    world.health->drain({"b"}, std::nullopt);
    const auto troubles = ask(world, R"({"command": "status"})")["troubles"];
    REQUIRE(troubles.size() == 1);
    CHECK(troubles[0]["severity"] == "critical");
    CHECK(contains(troubles[0]["text"], "one.example: all edges are out"));
}

TEST_CASE("what is to be explained is read, and nothing else is") {
    const auto read = control::read_explain(
        R"({"command": "explain", "name": "Plex.example.", "asker": "81.2.69.0/24"})");
    REQUIRE(read);
    CHECK(read->name.text() == "plex.example.");
    CHECK(geo::to_text(read->asker.prefix) == "81.2.69.0/24");
    CHECK(read->asker.by_subnet());
    CHECK_FALSE(
        control::read_explain(R"({"command": "explain", "name": "a.", "asker": "192.0.2.1"})")
            ->asker.by_subnet());
    for (const auto* request :
         {"", "[]", "{", R"({"command": "status"})", R"({"command": "explain", "name": "a."})",
          R"({"command": "explain", "name": "", "asker": "::1"})",
          R"({"command": "explain", "name": "a..b", "asker": "::1"})",
          R"({"command": "explain", "name": 5, "asker": "::1"})",
          R"({"command": "explain", "name": "a.", "asker": ["::1"]})",
          R"({"command": "explain", "name": "a.", "asker": "192.0.2.1/40"})"}) {
        CAPTURE(request);
        CHECK_FALSE(control::read_explain(request));
    }
}

}  // namespace server_requests_test
