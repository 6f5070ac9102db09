// SPDX-License-Identifier: Apache-2.0
// `explain` says what the server that runs would answer, and whom it has asked.

#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/health_zone.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <memory>

#include <unistd.h>

namespace explain_test {

using namespace e2e;

namespace {

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// A server of a zone with two checked edges, and settings that name the same zone.
class Explained {
 public:
    Explained() {
        std::filesystem::permissions(folder.path(""), std::filesystem::perms{0755});
        folder.write(
            "zone.json",
            to_text(HealthZone{.edges = {tcp_edge("first", first), tcp_edge("second", second)},
                               .steers = {{"where", failover({"first", "second"})}}}));
        folder.write("isochrone.json",
                     R"({"listen": "127.0.0.1:0", "zones": "zone.json", "state": "state"})");
        server = std::make_unique<ServerProcess>(
            Command{"--config", folder.path("isochrone.json"), "--state", folder.path("state")});
    }
    [[nodiscard]] Command command(Command words) const {
        words.insert(words.begin(),
                     {ISOCHRONE, "--config", folder.path("isochrone.json"), "explain"});
        return words;
    }
    [[nodiscard]] Finished explain(const Command& words) const { return run(command(words)); }

    support::TemporaryFolder folder;
    Relay first{"127.0.0.1"};
    Relay second{"127.0.0.2"};
    std::unique_ptr<ServerProcess> server;
};

/// "chosen=second" as explain prints it.
std::string printed(const std::string& line) {
    const auto equals = line.find('=');
    auto key = line.substr(0, equals);
    if (key == "edge") key.clear();
    key.resize(std::max<std::size_t>(key.size(), 9), ' ');
    return key + " " + line.substr(equals + 1);
}

}  // namespace

TEST_CASE("explain says what the server answers, checks and all, as _why does") {
    Explained world;
    world.first.die();
    REQUIRE(comes_to(*world.server, "where.health.test", "127.0.0.2"));
    const auto finished = world.explain({"where.health.test", "127.0.0.1"});
    CHECK(finished.status == 0);
    CHECK(finished.errors == "");
    const auto lines = lines_of(finished.output);
    REQUIRE(!lines.empty());
    CHECK(lines[0].starts_with("asked     the server that runs (isochrone "));
    CHECK(contains(lines[0], "1 zone, " + world.folder.path("state/control")));
    CHECK(contains(finished.output, "first, down, out of the answers: its check fails"));
    CHECK(contains(finished.output, "chosen    second"));
    for (const auto& line : observed(*world.server, "_why.where.health.test")) {
        if (line.starts_with("generation=") || line.starts_with("answer=") ||
            line.starts_with("edge=") || line.starts_with("authority="))
            continue;
        CAPTURE(line);
        CHECK(contains(finished.output, printed(line)));
    }
    // The TTL too is the server's, which is shorter while something is amiss.
    const auto answer = dig_answer(world.server->endpoint(), {"where.health.test"});
    REQUIRE(answer.size() == 1);
    CHECK(contains(finished.output, "\tIN\tA\t127.0.0.2"));
}

TEST_CASE("files that are named, and --offline, ask no server and say what is not known then") {
    Explained world;
    world.first.die();
    REQUIRE(comes_to(*world.server, "where.health.test", "127.0.0.2"));
    const auto zone = world.folder.path("zone.json");
    for (const auto& words : {Command{"where.health.test", "127.0.0.1", "--offline"},
                              Command{"where.health.test", "127.0.0.1", zone}}) {
        CAPTURE(words.back());
        const auto finished = world.explain(words);
        CHECK(finished.status == 0);
        CHECK(finished.output.starts_with("asked     the files"));
        CHECK(contains(finished.output, ", and no server"));
        CHECK(contains(finished.output,
                       "what is measured, and which edges work, is not known\nname      "));
        CHECK(contains(finished.output, "chosen    first"));
    }
}

TEST_CASE("without a server explain reads the files and says so") {
    Explained world;
    REQUIRE(world.server->stop() == 0);
    const auto finished = world.explain({"where.health.test", "127.0.0.1"});
    CHECK(finished.status == 0);
    CHECK(finished.output.starts_with("asked     the files: no server can be asked at " +
                                      world.folder.path("state/control")));
    CHECK(contains(finished.output, "which edges work, is not known"));
    CHECK(contains(finished.output, "chosen    first"));
    // When the files are not there either, both are told.
    std::filesystem::remove(world.folder.path("zone.json"));
    const auto neither = world.explain({"where.health.test", "127.0.0.1"});
    CHECK(neither.status == 1);
    CHECK(neither.output == "");
    CHECK(contains(neither.errors, "zone.json"));
    CHECK(contains(neither.errors, "no server can be asked"));
}

TEST_CASE("a name that the server has no zone for ends with status 1 and the zones that it has") {
    Explained world;
    const auto finished = world.explain({"www.other.test", "127.0.0.1"});
    CHECK(finished.status == 1);
    CHECK(contains(finished.output, "zone      none of those that are served: health.test."));
    CHECK(contains(finished.output, "REFUSED"));
}

TEST_CASE("who may not ask the server is told who may, and gets no other answer instead") {
    if (::geteuid() != 0) {
        MESSAGE("skipped: this test is for root");
        return;
    }
    Explained world;
    for (const auto& words : {Command{"explain", "where.health.test", "127.0.0.1"},
                              Command{"status"}, Command{"drain", "first"}}) {
        CAPTURE(words.front());
        Command command{"setpriv",
                        "--reuid=65534",
                        "--regid=65534",
                        "--clear-groups",
                        ISOCHRONE,
                        "--config",
                        world.folder.path("isochrone.json")};
        command.insert(command.end(), words.begin(), words.end());
        const auto finished = run(command);
        CHECK(finished.status == 1);
        CHECK(finished.output == "");
        CHECK(contains(finished.errors, "Permission denied; ask the server as root, with sudo"));
        CHECK(contains(finished.errors, "--offline") == (words.front() == "explain"));
    }
}

TEST_CASE("a server that hangs is said to hang, by explain and by status") {
    Explained world;
    world.server->signal(SIGSTOP);
    Process explain{world.command({"where.health.test", "127.0.0.1"})};
    Process status{{ISOCHRONE, "status", "--state", world.folder.path("state"), "--config",
                    world.folder.path("isochrone.json")}};
    CHECK_NOTHROW(
        status.wait_for("the server does not answer within 10 s: it hangs, or is stopped"));
    CHECK(status.wait_for_end() == 1);
    CHECK_NOTHROW(explain.wait_for(
        "the server does not answer within 20 s: it hangs, or is stopped; --offline"));
    CHECK(explain.wait_for_end() == 1);
    CHECK(explain.output() == "");
    world.server->signal(SIGCONT);
    CHECK(world.explain({"where.health.test", "127.0.0.1"}).status == 0);
}

}  // namespace explain_test
