// SPDX-License-Identifier: Apache-2.0
// Edges that are taken out by hand.

#include "tests/e2e/health/drained_edges.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace drain_test {

using namespace e2e;

namespace {

constexpr const char* name = "where.health.test";
constexpr const char* everything = "127.0.0.1 127.0.0.2 127.0.0.3";

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("drain takes edges out of the answers and undrain puts them back") {
    const struct {
        std::string pattern;
        std::string answer;  // of health.test
        std::string other;   // of other.test
        std::string first;   // line that is printed
        std::size_t lines;
    } rows[] = {
        {"us-east", "127.0.0.2 127.0.0.3", "127.0.0.2 127.0.0.3", "health.test/us-east is drained",
         2},
        {"us-*", "127.0.0.3", "127.0.0.3", "health.test/us-east is drained", 4},
        {"other.test/e?-west", everything, "127.0.0.1 127.0.0.2", "other.test/eu-west is drained",
         1},
        {"HEALTH.test./eu-west", "127.0.0.1 127.0.0.2", everything,
         "health.test/eu-west is drained", 1},
    };
    DrainedEdges drained;
    for (const auto& row : rows) {
        CAPTURE(row.pattern);
        CHECK(drained.answer() == everything);
        const auto done = drained.command({"drain", row.pattern});
        CHECK(done.status == 0);
        CHECK(done.errors == "");
        CHECK(lines_of(done.output).size() == row.lines);
        CHECK(lines_of(done.output).front() == row.first);
        // What the command has said is so.
        CHECK(drained.answer() == row.answer);
        CHECK(drained.answer("other.test") == row.other);
        const auto undone = drained.command({"undrain", row.pattern});
        CHECK(undone.status == 0);
        CHECK(lines_of(undone.output).size() == row.lines);
        CHECK(contains(undone.output, "is no longer drained"));
    }
    CHECK(drained.answer() == everything);
}

TEST_CASE("a drained edge is shown by dig, and is out though its check passes") {
    DrainedEdges drained;
    auto& server = drained.server();
    CHECK(dig_short(server.endpoint(), {name}) == "127.0.0.1\n");
    REQUIRE(drained.command({"drain", "us-east"}).status == 0);
    REQUIRE(drained.command({"drain", "us-west", "--for", "2h"}).status == 0);
    CHECK(dig_short(server.endpoint(), {name}) == "127.0.0.3\n");
    const auto line = line_with(observed(server), "edge=us-east");
    CHECK(fact(line, "state") == "up");
    CHECK(fact(line, "out") == "drained");
    CHECK(fact(line, "drained") == "yes");
    const auto left = edge_fact(server, "us-west", "drained");  // rounded up
    CHECK((left == "2h" || left.starts_with("1h59m")));
    CHECK(edge_fact(server, "eu-west", "drained") == "");
    CHECK(fact(line_with(observed(server, "us-east._probes.health.test"), "addresses=127.0.0.1"),
               "drained_for") != "");
}

TEST_CASE("a drain with a time ends by itself") {
    DrainedEdges drained;
    const auto begin = std::chrono::steady_clock::now();
    REQUIRE(drained.command({"drain", "us-east", "--for", "1s"}).status == 0);
    CHECK(eventually([&] { return drained.answer() == everything; }));
    CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::seconds{1});
    CHECK(drained.server().has_said("us-east is not answered: it is drained"));
    CHECK(drained.command({"undrain", "us-east"}).status == 1);
}

TEST_CASE("drain and undrain refuse what cannot be meant") {
    DrainedEdges drained;
    const struct {
        std::string name;
        Command command;
        int status;
        std::string said;
    } rows[] = {
        {"unknown edge",
         {"drain", "us-eats"},
         1,
         R"(no edge matches "us-eats"; did you mean "us-east"?)"},
        {"unknown zone",
         {"drain", "nowhere.test/us-east"},
         1,
         "no edge matches \"nowhere.test/us-east\""},
        {"a glob of nothing", {"drain", "asia-*"}, 1, "no edge matches \"asia-*\""},
        {"not drained", {"undrain", "us-east"}, 1, "no drained edge matches \"us-east\""},
        {"a past date",
         {"drain", "us-east", "--until", "2020-01-01 10:00"},
         2,
         "--until: expected a time to come"},
        {"no time", {"drain", "us-east", "--until", "soon"}, 2, "--until: expected a time to come"},
        {"no duration", {"drain", "us-east", "--for", "long"}, 2, "--for: expected a time like"},
        {"a duration of nothing",
         {"drain", "us-east", "--for", "0s"},
         2,
         "--for: expected a time like"},
        {"two ends", {"drain", "us-east", "--for", "1h", "--until", "18:00"}, 2, "excludes"},
        {"no edge", {"drain"}, 2, "edges is required"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto done = drained.command(row.command);
        CAPTURE(done.errors);
        CHECK(done.status == row.status);
        CHECK(contains(done.errors, row.said));
        CHECK(done.output == "");
    }
    CHECK(drained.answer() == everything);
    CHECK(drained.command({"drain", "us-east", "--until", "2099-01-01 10:00"}).status == 1);
    CHECK(drained.command({"drain", "us-east", "--until", "23:59"}).status == 0);
}

TEST_CASE("drains outlive a restart, and a killed server too") {
    DrainedEdges drained;
    REQUIRE(drained.command({"drain", "us-east"}).status == 0);
    REQUIRE(drained.command({"drain", "us-west", "--for", "1h"}).status == 0);
    SUBCASE("stopped") {
        CHECK(drained.server().stop() == 0);
    }
    SUBCASE("killed") {
        const auto kept = [&](std::string_view edge) {
            return contains(drained.state(), "drain health.test " + std::string{edge});
        };
        CHECK(eventually([&] { return kept("us-east") && kept("us-west"); }));
        drained.kill();
    }
    drained.start();
    CHECK(drained.answer() == "127.0.0.3");
    CHECK(edge_fact(drained.server(), "us-east", "drained") == "yes");
    const auto left = edge_fact(drained.server(), "us-west", "drained");  // rounded up
    CHECK((left == "1h" || left.starts_with("59m")));
    CHECK(drained.command({"undrain", "*"}).status == 0);
    CHECK(drained.answer() == everything);
}

TEST_CASE("a drain of all edges is obeyed as all_down says, and warned of") {
    DrainedEdges drained;
    const auto most = drained.command({"drain", "health.test/us-*"});
    CHECK(most.errors == "");
    const auto done = drained.command({"drain", "health.test/eu-*"});
    CHECK(done.status == 0);
    CHECK(contains(done.output, "health.test/eu-west is drained"));
    CHECK(contains(done.errors, "no edge of health.test is left in the answers"));
    CHECK(drained.answer() == everything);
    CHECK(drained.answer("other.test") == everything);
}

TEST_CASE("what is drained is answered no more as soon as the command returns") {
    DrainedEdges drained;
    const UdpClient client{drained.server().endpoint()};
    const auto changes_after = [&](Command words, const std::string& answer) {
        REQUIRE(drained.command(std::move(words)).status == 0);
        const auto begin = std::chrono::steady_clock::now();
        CHECK(eventually([&] { return client.ask({.name = name}).data().front() == answer; }));
        return std::chrono::duration<double, std::milli>{std::chrono::steady_clock::now() - begin}
            .count();
    };
    double longest = 0;
    for (int round = 0; round < 5; ++round) {
        longest = std::max(longest, changes_after({"drain", "us-east"}, "127.0.0.2"));
        longest = std::max(longest, changes_after({"undrain", "us-east"}, "127.0.0.1"));
    }
    MESSAGE("the first changed answer came within " << longest << " ms");
}

}  // namespace drain_test
