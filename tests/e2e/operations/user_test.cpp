// SPDX-License-Identifier: Apache-2.0
// A server that is started by root and does not stay root.

#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/example_zones.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <unistd.h>

namespace user_test {

using namespace e2e;

namespace {

/// The values of this line of /proc/PROCESS/task/*/status, over all threads.
std::set<std::string> of_threads(pid_t process, const std::string& key) {
    std::set<std::string> values;
    const auto tasks = "/proc/" + std::to_string(process) + "/task";
    for (const auto& task : std::filesystem::directory_iterator{tasks}) {
        std::ifstream status{task.path() / "status"};
        for (std::string line; std::getline(status, line);) {
            if (line.starts_with(key + ":")) values.insert(line.substr(key.size() + 2));
        }
    }
    return values;
}

}  // namespace

TEST_CASE("started by root with --user, no thread is root's or has a capability") {
    if (::geteuid() != 0) {
        MESSAGE("skipped: this test is for root");
        return;
    }
    const support::TemporaryFolder folder;
    std::filesystem::permissions(folder.path(""), std::filesystem::perms{0755});
    const auto zone = folder.write("a.json", plain_zone("one.test", "192.0.2.1"));
    const support::TemporaryFolder root_only;  // where only root may make folders
    std::filesystem::permissions(root_only.path(""), std::filesystem::perms{0755});
    ServerProcess server{{"--user", "nobody", "--state", root_only.path("state"), zone}};
    for (const auto& ids : of_threads(server.pid(), "Uid"))
        CHECK(ids == "65534\t65534\t65534\t65534");
    CHECK(of_threads(server.pid(), "CapEff") == std::set<std::string>{"0000000000000000"});
    CHECK(of_threads(server.pid(), "CapPrm") == std::set<std::string>{"0000000000000000"});

    // It reads its zone again, and keeps its state.
    folder.write("a.json", plain_zone("one.test", "192.0.2.2"));
    server.reload();
    CHECK(dig_short(server.endpoint(), {"one.test"}) == "192.0.2.2\n");
    CHECK(run(isochrone({"status", "--state", root_only.path("state")})).status == 0);
    CHECK(server.stop() == 0);
    CHECK(std::filesystem::exists(root_only.path("state/health")));
    CHECK_FALSE(server.has_said("runs as root"));
}

TEST_CASE("no thread of a server, and so no check, gains privileges by the file of a program") {
    const support::TemporaryFolder folder;
    const auto zone = folder.write("a.json", plain_zone("one.test"));
    const ServerProcess server{{"--workers", "2", zone}};
    CHECK(of_threads(server.pid(), "NoNewPrivs") == std::set<std::string>{"1"});
}

TEST_CASE("a user that is not there stops the start") {
    const support::TemporaryFolder folder;
    const auto zone = folder.write("a.json", plain_zone("one.test"));
    const auto finished = run(isochrone({"serve", "--listen", "127.0.0.1:0", "--state",
                                         folder.path("state"), "--user", "no-such-user", zone}));
    CHECK(finished.status == 1);
    CHECK(finished.errors.find("no user \"no-such-user\"") != std::string::npos);
}

TEST_CASE("root that stays root is told so") {
    if (::geteuid() != 0) {
        MESSAGE("skipped: this test is for root");
        return;
    }
    const support::TemporaryFolder folder;
    const auto zone = folder.write("a.json", plain_zone("one.test"));
    const ServerProcess server{{zone}};
    CHECK(server.has_said("warning runs as root, and so do the programs of checks"));
    const auto checked = folder.write("b.json", R"({
        "zone": "two.test", "nameservers": { "ns1": "192.0.2.10" },
        "edges": { "a": { "addresses": "192.0.2.1", "check": { "command": ["/bin/true"] } } },
        "records": { "where": { "steer": "a" } } })");
    CHECK(run(isochrone({"check", checked})).errors.find("as root") != std::string::npos);
    CHECK(run(isochrone({"check", "--user", "nobody", checked})).errors.find("as root") ==
          std::string::npos);
    CHECK(run(isochrone({"check", zone})).errors.empty());
}

TEST_CASE("a zone that has programs run is not used where everybody may write its file") {
    const support::TemporaryFolder folder;
    const auto zone = [&](const std::string& check) {
        return folder.write("a.json", R"({
        "zone": "one.test", "nameservers": { "ns1": "192.0.2.10" },
        "edges": { "a": { "addresses": "192.0.2.1", "check": )" +
                                          check + R"( } },
        "records": { "where": { "steer": "a" } } })");
    };
    auto path = zone(R"({ "command": ["/bin/true"] })");
    std::filesystem::permissions(path, std::filesystem::perms{0666});
    auto checked = run(isochrone({"check", path}));
    CHECK(checked.status == 1);
    CHECK(checked.errors.find("everybody can write it, and this zone has programs run") !=
          std::string::npos);
    path = zone(R"({ "tcp": 443 })");
    checked = run(isochrone({"check", path}));
    CHECK(checked.status == 0);
    CHECK(checked.errors.find("everybody can write it; \"chmod o-w ") != std::string::npos);
}

}  // namespace user_test
