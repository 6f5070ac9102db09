// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/requests.hpp"

#include "tests/dnsd/watched_zones.hpp"
#include "tests/dnsd/world.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

namespace server_requests_test {

using nlohmann::json;
using support::WatchedZones;

namespace {

/// Reports with which nothing but their way into answers is tested.
control::Report some_report() {
    return {.at = probes::Clock::now(), .version = "9.9.9", .generation = 7};
}

control::RoundTripReport some_round_trips(std::size_t most) {
    return {.at = probes::Clock::now(), .clients = {.known = most}};
}

json ask(WatchedZones& world, const std::string& request) {
    const auto reply = control::answer_request(
        request, {.health = *world.health, .report = some_report, .round_trips = some_round_trips});
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

TEST_CASE(
    "status and clients are answered with reports, the latter with as many networks as asked") {
    WatchedZones world;
    const auto status = ask(world, R"({"command": "status"})");
    CHECK(status["version"] == "9.9.9");
    CHECK(status["generation"] == 7);
    struct Row {
        const char* name;
        const char* request;
        int networks;
    };
    const Row rows[] = {
        {"no number", R"({"command": "clients"})", 100},
        {"a number", R"({"command": "clients", "count": 7})", 7},
        {"fewer than none", R"({"command": "clients", "count": -3})", 0},
        {"too many", R"({"command": "clients", "count": 100001})", 100'000},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(ask(world, row.request)["networks"] == row.networks);
    }
    CHECK(contains(fault_of(world, R"({"command": "clients", "count": "all"})"), "not a request"));
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
