// SPDX-License-Identifier: Apache-2.0
// What a server knows of its edges outlives reloads, restarts and its own sudden end.

#include "tests/e2e/support/health_zone.hpp"
#include "tests/e2e/support/load.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <sys/resource.h>

namespace state_test {

using namespace e2e;

namespace {

constexpr const char* name = "where.health.test";
constexpr const char* up = "127.0.0.1";    // of the edge that is preferred
constexpr const char* next = "127.0.0.2";  // of the one behind it

/// Whether one of its threads is nicer than the tests are, as that of a long load.
bool gives_way(const ServerProcess& server) {
    const auto niceness = [](id_t thread) { return ::getpriority(PRIO_PROCESS, thread); };
    return std::ranges::any_of(server.threads(),
                               [&](id_t thread) { return niceness(thread) > niceness(0); });
}

/// Files of one server, which may start again and again.
struct Kept {
    Relay first{up};
    Relay second{next};
    support::TemporaryFolder folder;

    /// "first" with these keys of its check.
    void write_zone(std::string_view keys, const std::string& more = {}) const {
        std::filesystem::create_directories(folder.path("zones"));
        // In one step: a server that looks meanwhile finds a whole file.
        const auto beside = folder.write(
            "zones/a.json.new",
            to_text(
                {.edges = {edge_of("first", first, "\"check\": " + check_of("tcp", first, keys)),
                           tcp_edge("second", second)},
                 .steers = {{"where", failover({"first", "second"})}},
                 .keys = more}));
        std::filesystem::rename(beside, folder.path("zones/a.json"));
    }
    [[nodiscard]] Command arguments() const {
        return {"--state", folder.path("state"), folder.path("zones")};
    }
    [[nodiscard]] std::string state() const {
        std::ifstream file{folder.path("state/health")};
        std::ostringstream text;
        text << file.rdbuf();
        return text.str();
    }
    /// Whether its line of a target that is down has a time for which that is held.
    [[nodiscard]] bool held() const {
        const auto text = state();
        std::istringstream words{text.substr(std::min(text.find("target down "), text.size()))};
        std::string target, down, age, time;
        words >> target >> down >> age >> time;
        return !time.empty() && time != "-";
    }
    /// For how many seconds the first edge's check has been in its state.
    [[nodiscard]] double since() const {
        const auto status =
            run(isochrone({"status", "--json", "--state", folder.path("state")})).output;
        const auto json = nlohmann::json::parse(status);
        return json["zones"][0]["edges"][0]["checks"][0]["since"].get<double>();
    }
    void await_state(std::string_view text) const {
        CHECK(eventually([&] { return state().find(text) != std::string::npos; }));
    }
};

void kill(ServerProcess& server) {
    server.signal(SIGKILL);
    server.wait_for_end();
}

/// So long that a second attempt does not come while a test runs.
constexpr std::string_view seldom = R"("interval": "1h", "rise": 2, "fall": 2)";

}  // namespace

TEST_CASE("an edge that was down stays down over a sudden end until it has risen") {
    Kept kept;
    kept.write_zone(seldom);
    kept.first.die();
    double before = 0;
    {
        ServerProcess server{kept.arguments()};
        CHECK(answer_for(server, name) == next);
        kept.await_state("target down ");
        CHECK(eventually([&] { return (before = kept.since()) > 2; }));
        kill(server);
    }
    kept.first.listen();
    const ServerProcess server{kept.arguments()};
    // Its first attempt has passed: the round before the first answer waits for it.
    CHECK(edge_fact(server, "first", "last") == "ok");
    CHECK(edge_fact(server, "first", "state") == "down");
    CHECK(dig_short(server.endpoint(), {name}) == std::string{next} + "\n");
    CHECK(kept.since() > before - 1);  // ages are kept to a second
}

TEST_CASE("an edge that was up does not go down over a sudden end by its first failure") {
    Kept kept;
    // What has failed is asked again each second.
    kept.write_zone(R"("interval": "1h", "rise": 2, "fall": 50)");
    {
        ServerProcess server{kept.arguments()};
        CHECK(answer_for(server, name) == up);
        kept.await_state("target up ");
        kill(server);
    }
    kept.first.die();
    const ServerProcess server{kept.arguments()};
    CHECK(edge_fact(server, "first", "last") == "fail");
    CHECK(dig_short(server.endpoint(), {name}) == std::string{up} + "\n");
}

TEST_CASE("states that nobody can date or read are forgotten, and the server starts all the same") {
    Kept kept;
    kept.write_zone(seldom);
    kept.first.die();
    {
        ServerProcess server{kept.arguments()};
        kept.await_state("target down ");
        kill(server);
    }
    kept.first.listen();
    const auto good = kept.state();
    const auto written = good.find("\nwritten ");
    REQUIRE(written != std::string::npos);
    const auto dated = good.substr(0, written) + "\nwritten 1 another-boot 1000000000" +
                       good.substr(good.find('\n', written + 1));
    const struct {
        std::string name;
        std::string state;
        std::string answer;
    } rows[] = {
        {"as it was", good, next},
        {"another boot, long ago", dated, up},
        {"cut short", good.substr(0, written + 5), up},
        {"something else", std::string(5000, '\xff'), up},
        {"nothing", "", up},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        kept.folder.write("state/health", row.state);
        ServerProcess server{kept.arguments()};
        CHECK(dig_short(server.endpoint(), {name}) == row.answer + "\n");
        kill(server);
    }
}

TEST_CASE("an edge that flaps is kept out for a while though its checks pass") {
    Kept kept;
    kept.write_zone(R"("interval": "1s", "timeout": "1s", "rise": 1, "fall": 1,
                       "damping": { "downs": 2, "within": "5m", "hold": "5s", "longest": "5s" })");
    ServerProcess server{kept.arguments()};
    CHECK(answer_for(server, name) == up);
    kept.first.die();
    CHECK(comes_to(server, name, next));
    kept.first.listen();
    CHECK(comes_to(server, name, up));

    const auto begin = std::chrono::steady_clock::now();
    kept.first.die();
    CHECK_NOTHROW(server.wait_for("it went down too often"));
    kept.first.listen();
    std::string line;
    CHECK(eventually([&] {
        line = line_with(observed(server), "edge=first");
        return fact(line, "last") == "ok";
    }));
    CAPTURE(line);
    CHECK(fact(line, "damped") != "");
    CHECK(fact(line, "out") == "down");
    SUBCASE("until the time is over") {
        CHECK(comes_to(server, name, up));
        CHECK(std::chrono::steady_clock::now() - begin > std::chrono::seconds{5});
        CHECK(edge_fact(server, "first", "damped") == "");
    }
    SUBCASE("over a sudden end too") {
        CHECK(eventually([&] { return kept.held(); }));
        kill(server);
        const ServerProcess again{kept.arguments()};
        CHECK(comes_to(again, name, up));
        // A second less, as ages are kept to a second.
        CHECK(std::chrono::steady_clock::now() - begin > std::chrono::seconds{4});
    }
}

TEST_CASE("a reload under load forgets nothing that is known of edges") {
    Kept kept;
    kept.write_zone(quick);
    kept.first.die();
    ServerProcess server{kept.arguments()};
    CHECK(answer_for(server, name) == next);
    const auto before = kept.since();
    Load load{server.endpoint(), {.name = name}, {std::string{"NOERROR "} + next}};
    for (int round = 0; round < 5; ++round) {
        load.await(100);
        kept.write_zone(quick, "\"ttl\": " + std::to_string(60 + round) + ", ");
        CHECK(server.reload().find("reloaded; 1 zone") != std::string::npos);
    }
    load.await(100);
    const auto result = load.stop();
    CHECK(result.lost == 0);
    CHECK(result.wrong == "");
    CHECK(kept.since() > before);
    CHECK(edge_fact(server, "first", "state") == "down");
}

TEST_CASE("checks go on, and commands are done, while a large zone is read") {
    Kept kept;
    kept.write_zone(R"("interval": "1s", "jitter": 0)");
// Some ten times as long as a load has before it gives way: it does so to the tests beside it too.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    constexpr int names = 5'000;
#else
    constexpr int names = 40'000;
#endif
    std::string records;
    for (int i = 0; i < names; ++i) {
        const auto number = std::to_string(i);
        records +=
            (records.empty() ? "\"n" : ",\n\"n") + number + R"(": { "TXT": ")" + number + "\" }";
    }
    const std::string head =
        R"({ "zone": "large.test", "nameservers": { "ns1": ["192.0.2.1"] }, "ttl": )";
    kept.folder.write("zones/b.json", head + "60, \"records\": {" + records + "} }");
    ServerProcess server{kept.arguments()};
    CHECK(eventually([&] { return kept.first.accepted() >= 3; }));
    kept.folder.write("zones/b.json", head + "61, \"records\": {" + records + "} }");
    CHECK_FALSE(gives_way(server));
    server.signal(SIGHUP);
    // Nobody is nicer than 19.
    const bool visible = ::getpriority(PRIO_PROCESS, 0) < 19;
    CHECK(eventually([&] { return !visible || gives_way(server); }));
    // It is read again and again until a check and a command were done meanwhile: both take a moment,
    // of which a busy machine may make a long one.
    bool command_done = false;
    bool check_done = false;
    for (int round = 0; round < 20 && !(command_done && check_done); ++round) {
        const auto loads = server.count("reloaded");
        if (round > 0) server.signal(SIGHUP);
        const auto checks = kept.first.accepted();
        // What it has changed is on the disk before it ends.
        CHECK(run(isochrone({"drain", "second", "--state", kept.folder.path("state")})).status ==
              0);
        command_done |= server.count("reloaded") == loads;
        check_done |= eventually([&] {
                          return server.count("reloaded") > loads || kept.first.accepted() > checks;
                      }) &&
                      server.count("reloaded") == loads;
        server.wait_for("reloaded", 5 * patience);
    }
    CHECK(command_done);
    CHECK(check_done);
}

}  // namespace state_test
