// SPDX-License-Identifier: Apache-2.0
// What `isochrone status` says of all edges, and what commands say without a server.

#include "tests/e2e/health/drained_edges.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace status_test {

using namespace e2e;

namespace {

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// Without what goes on between two looks.
std::string without_ages(const std::string& line) {
    std::istringstream words{line};
    std::string text;
    for (std::string word; words >> word;) {
        const auto key = word.substr(0, word.find('='));
        const bool moves = key == "since" || key == "ago" || key == "rtt" || key == "share";
        text += " " + (moves ? key : word);
    }
    return text;
}

}  // namespace

TEST_CASE("status prints the lines that dig sees, and the same states as JSON") {
    DrainedEdges drained;
    auto& server = drained.server();
    drained.us_west.die();
    CHECK(eventually([&] { return edge_fact(server, "us-west", "out") == "down"; }));
    REQUIRE(drained.command({"drain", "eu-west"}).status == 0);

    const auto heading = [&](const std::string& zone) {
        const auto soa = dig_answer(server.endpoint(), {zone, "SOA"});
        std::istringstream words{soa.at(0)};
        std::string serial;
        for (int word = 0; word < 7; ++word) words >> serial;
        return zone + " serial=" + serial;
    };
    std::vector<std::string> printed{heading("health.test")};
    for (const auto& line : observed(server)) printed.push_back(without_ages(line));
    printed.emplace_back();
    printed.push_back(heading("other.test"));
    for (const auto& line : observed(server, "_probes.other.test")) {
        printed.push_back(without_ages(line));
    }
    const auto status = drained.command({"status"});
    CHECK(status.status == 3);
    auto lines = lines_of(status.output);
    REQUIRE(lines.size() > 7);
    const std::vector behind(lines.end() - 7, lines.end());
    CHECK(behind[0].empty());
    CHECK(behind[1] == "queries since the start");
    CHECK(behind[2].starts_with("  cookie_good="));
    CHECK(behind[3].empty());
    CHECK(behind[4] == "not well");
    CHECK(behind[5].starts_with("  health.test/us-west is down: connection refused"));
    CHECK(behind[6].starts_with("  other.test/us-west is down: connection refused"));
    lines.resize(lines.size() - behind.size());
    for (auto& line : lines) {
        if (line.starts_with("  ")) line = without_ages(line);
    }
    CHECK(lines == printed);
    CHECK(!contains(status.output, "\033"));  // no colours where there is no terminal

    const auto json = nlohmann::json::parse(drained.command({"status", "--json"}).output);
    CHECK(json["zones"].size() == 2);
    for (const auto& zone : json["zones"]) {
        const auto zone_lines = observed(server, "_probes." + zone["zone"].get<std::string>());
        REQUIRE(zone["edges"].size() == 3);
        for (const auto& edge : zone["edges"]) {
            const auto line = line_with(zone_lines, "edge=" + edge["edge"].get<std::string>());
            CAPTURE(line);
            CHECK(edge["state"] == fact(line, "state"));
            const auto out = fact(line, "out");
            CHECK(edge["out"] == (out.empty() ? "no" : out));
            CHECK(edge["drained"] == !fact(line, "drained").empty());
            CHECK(edge["checks"][0]["check"] == fact(line, "check"));
        }
    }
}

TEST_CASE("monitors learn by the exit status whether all is well") {
    DrainedEdges drained;
    auto& server = drained.server();
    const auto plugin = [&] { return drained.command({"status", "--monitor"}); };
    auto finished = plugin();
    CHECK(finished.status == 0);
    CHECK(finished.output ==
          "ISOCHRONE OK - 2 zones, 6 of 6 edges answered | zones=2 edges=6 answered=6 drained=0 "
          "nodes=0 heard=0\n");
    CHECK(drained.command({"status"}).status == 0);

    // What is drained by hand is meant to be out.
    REQUIRE(drained.command({"drain", "health.test/eu-west"}).status == 0);
    finished = plugin();
    CHECK(finished.status == 0);
    CHECK(contains(finished.output, "5 of 6 edges answered, 1 drained |"));
    CHECK(drained.command({"status", "--json"}).status == 0);

    drained.us_west.die();
    CHECK(eventually([&] { return edge_fact(server, "us-west", "out") == "down"; }));
    finished = plugin();
    CHECK(finished.status == 1);
    CHECK(finished.output.starts_with(
        "ISOCHRONE WARNING - health.test/us-west is down: connection refused"));
    CHECK(contains(finished.output, "(and 1 more); 2 zones, 3 of 6 edges answered"));
    CHECK(lines_of(finished.output).size() == 1);
    for (const Command& words : {Command{"status"}, Command{"status", "--json"}})
        CHECK(drained.command(words).status == 3);

    // Whoever reads no line but the first is to see the worst.
    drained.us_east.die();
    CHECK(eventually([&] { return edge_fact(server, "us-east", "out") == "down"; }));
    finished = plugin();
    CHECK(finished.status == 2);
    CHECK(finished.output.starts_with("ISOCHRONE CRITICAL - health.test: all edges are out"));

    CHECK(drained.command({"status", "--json", "--monitor"}).status == 2);  // one or the other
    drained.kill();
    finished = plugin();
    CHECK(finished.status == 2);
    CHECK(finished.output.starts_with("ISOCHRONE CRITICAL - no server can be asked at "));
}

TEST_CASE("status tells the serial of each zone, and a file that nobody has mended yet") {
    DrainedEdges drained;
    auto& server = drained.server();
    drained.write_plain("plain.test", R"("soa": {"serial": 5}, )");
    server.wait_for("new: plain.test. (serial 5)");
    auto json = nlohmann::json::parse(drained.command({"status", "--json"}).output);
    REQUIRE(json["zones"].size() == 3);
    const auto& plain = json["zones"][2];
    CHECK(plain["zone"] == "plain.test");
    CHECK(plain["serial"] == 5);
    CHECK(plain["edges"] == nlohmann::json::array());
    CHECK(contains(drained.command({"status"}).output, "\nplain.test serial=5\n"));

    const auto broken = drained.write_plain("plain.test", R"("soa": {"serial": 6}, "tll": 5, )");
    server.wait_for("reloaded with faults");
    drained.write_plain("last.test", R"("soa": {"serial": 1}, )");  // a load that finds no fault
    server.wait_for("new: last.test. (serial 1)");
    auto status = drained.command({"status"});
    CHECK(status.status == 3);
    CHECK(contains(status.output, "\nplain.test serial=5\n"));
    CHECK(status.output.starts_with("alarm=zone_file_faulty "));
    CHECK(contains(lines_of(status.output).at(0), broken.substr(broken.rfind('/'))));
    CHECK(drained.command({"status", "--monitor"}).status == 1);
    drained.write_plain("plain.test", R"("soa": {"serial": 7}, )");
    server.wait_for("changed: plain.test. (serial 7, was 5)");
    status = drained.command({"status"});
    CHECK(status.status == 0);
    CHECK(contains(status.output, "\nplain.test serial=7\n"));
}

TEST_CASE("commands without a server end with status 1 and say where it was looked for") {
    const support::TemporaryFolder folder;
    for (const Command& words :
         {Command{"status"}, Command{"drain", "us-east"}, Command{"undrain", "us-east"}}) {
        CAPTURE(words.front());
        auto command = words;
        command.insert(command.end(), {"--state", folder.path("none")});
        const auto done = run(isochrone(command));
        CHECK(done.status == 1);
        CHECK(done.output == "");
        CHECK(contains(done.errors, "no server can be asked at " + folder.path("none")));
        CHECK(contains(done.errors, "--state"));
    }
}

}  // namespace status_test
