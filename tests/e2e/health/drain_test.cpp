// SPDX-License-Identifier: Apache-2.0
// Edges that are taken out by hand, and what `isochrone status` says of all of them.

#include "tests/e2e/support/health_zone.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

namespace drain_test {

using namespace e2e;

namespace {

constexpr const char* name = "where.health.test";

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// Three edges of two zones, all alive, and commands to their server.
class Drained {
 public:
    Drained() {
        write("health.test");
        write("other.test");
        start();
    }

    void start() {
        server_ = std::make_unique<ServerProcess>(
            Command{"--state", folder_.path("state"), folder_.path("zones")});
    }
    void kill() {
        server_->signal(SIGKILL);
        server_->wait_for_end();
    }
    [[nodiscard]] ServerProcess& server() { return *server_; }
    [[nodiscard]] Finished command(Command words) const {
        words.insert(words.end(), {"--state", folder_.path("state")});
        return run(isochrone(words));
    }
    [[nodiscard]] std::string state() const {
        std::ifstream file{folder_.path("state/health")};
        std::ostringstream text;
        text << file.rdbuf();
        return text.str();
    }
    [[nodiscard]] std::string answer(const std::string& apex = "health.test") const {
        return answer_for(*server_, "all." + apex);
    }

    /// A zone without edges, in place of an older one; its path.
    std::string write_plain(const std::string& apex, const std::string& members) const {
        return folder_.write("zones/z-" + apex + ".json",
                             R"({"zone": ")" + apex + R"(", )" + members +
                                 R"("nameservers": {"ns1": "192.0.2.10"}, "records": {}})");
    }

    Relay us_east{"127.0.0.1"};
    Relay us_west{"127.0.0.2"};
    Relay eu_west{"127.0.0.3"};

 private:
    void write(const std::string& apex) const {
        std::filesystem::create_directories(folder_.path("zones"));
        folder_.write(
            "zones/" + apex + ".json",
            to_text({.apex = apex,
                     .edges = {tcp_edge("us-east", us_east), tcp_edge("us-west", us_west),
                               tcp_edge("eu-west", eu_west)},
                     .steers = {{"where", failover({"us-east", "us-west", "eu-west"})},
                                {"all", R"({ "all": ["us-east", "us-west", "eu-west"] })"}}}));
    }

    support::TemporaryFolder folder_;
    std::unique_ptr<ServerProcess> server_;
};

constexpr const char* everything = "127.0.0.1 127.0.0.2 127.0.0.3";

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
    Drained drained;
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
    Drained drained;
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
    Drained drained;
    const auto begin = std::chrono::steady_clock::now();
    REQUIRE(drained.command({"drain", "us-east", "--for", "1s"}).status == 0);
    CHECK(eventually([&] { return drained.answer() == everything; }));
    CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::seconds{1});
    CHECK(drained.server().has_said("us-east is not answered: it is drained"));
    CHECK(drained.command({"undrain", "us-east"}).status == 1);
}

TEST_CASE("drain and undrain refuse what cannot be meant") {
    Drained drained;
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
    Drained drained;
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
    Drained drained;
    const auto most = drained.command({"drain", "health.test/us-*"});
    CHECK(most.errors == "");
    const auto done = drained.command({"drain", "health.test/eu-*"});
    CHECK(done.status == 0);
    CHECK(contains(done.output, "health.test/eu-west is drained"));
    CHECK(contains(done.errors, "no edge of health.test is left in the answers"));
    CHECK(drained.answer() == everything);
    CHECK(drained.answer("other.test") == everything);
}

TEST_CASE("status prints the lines that dig sees, and the same states as JSON") {
    Drained drained;
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
    Drained drained;
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
    Drained drained;
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

TEST_CASE("what is drained is answered no more as soon as the command returns") {
    Drained drained;
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
