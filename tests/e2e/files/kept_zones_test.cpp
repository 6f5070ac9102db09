// SPDX-License-Identifier: Apache-2.0
// What was in service before a restart is so afterwards, whatever has become of the files meanwhile.

#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/example_zones.hpp"
#include "tests/e2e/support/health_zone.hpp"
#include "tests/support/mmdb_writer.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>

namespace kept_zones_test {

using namespace e2e;

namespace {

constexpr const char* name = "where.health.test";
constexpr const char* damaged = "{ \"zone\": ";

/// How many zones are kept in a state folder.
std::size_t kept_in(const std::string& state) {
    std::error_code none;
    std::size_t count = 0;
    for (const auto& file : std::filesystem::directory_iterator{state + "/zones", none})
        if (file.path().extension() != ".new") ++count;
    return count;
}

/// A zone with an edge and one without.
struct Zones {
    Relay relay{"127.0.0.1"};
    support::TemporaryFolder folder;
    std::string state = folder.path("state");

    Zones() {
        std::filesystem::create_directory(folder.path("zones"));
        folder.write("zones/a.json", to_text({
                                         .edges = {tcp_edge("first", relay)},
                                         .steers = {{"where", failover({"first"})}},
                                     }));
        folder.write("zones/b.json", plain_zone("b.test", "192.0.2.5"));
    }
    [[nodiscard]] Command arguments() const { return {"--state", state, folder.path("zones")}; }
    [[nodiscard]] std::string status() const {
        return run(isochrone({"status", "--state", state})).output;
    }
};

}  // namespace

TEST_CASE("a faulty zone file and a restart leave its zone in service, loudly") {
    const Zones zones;
    {
        ServerProcess server{zones.arguments()};
        CHECK(eventually([&] { return kept_in(zones.state) == 2; }));
        server.signal(SIGKILL);
        server.wait_for_end();
    }
    std::filesystem::rename(zones.folder.path("zones/a.json"), zones.folder.path("good"));
    zones.folder.write("zones/a.json", damaged);
    zones.folder.write("zones/c.json", damaged);  // was never good: nothing is lost with it
    {
        ServerProcess server{zones.arguments()};
        CHECK(server.has_said("a.json: faulty or gone; health.test. is served as it was kept at "));
        CHECK(answer_for(server, name) == "127.0.0.1");
        CHECK(dig_short(server.endpoint(), {"b.test"}) == "192.0.2.5\n");
        const Command probes{"TXT", "_probes.health.test"};
        CHECK(dig_short(server.endpoint(), probes).find("\"alarm=zone_file_faulty ") !=
              std::string::npos);
        CHECK(zones.status().starts_with("alarm=zone_file_faulty "));
        std::filesystem::rename(zones.folder.path("good"), zones.folder.path("zones/a.json"));
        CHECK(eventually([&] {
            return dig_short(server.endpoint(), probes).find("alarm=") == std::string::npos;
        }));
        CHECK(server.stop() == 0);
    }
    std::filesystem::remove(zones.folder.path("zones/b.json"));
    const ServerProcess server{zones.arguments()};
    CHECK(answer_for(server, name) == "127.0.0.1");
    CHECK(UdpClient{server.endpoint()}.ask({.name = "b.test"}).rcode == "REFUSED");
}

TEST_CASE("a first start beside a faulty file fails, as somebody is there to see it") {
    const Zones zones;
    zones.folder.write("zones/c.json", damaged);
    auto arguments = zones.arguments();
    arguments.insert(arguments.begin(), {"serve", "--listen", "127.0.0.1:0"});
    const auto finished = run(isochrone(arguments));
    CHECK(finished.status == 1);
    CHECK(finished.errors.find("c.json:1:") != std::string::npos);
}

TEST_CASE("a database that is damaged at a restart leaves its zones in service, loudly") {
    const support::TemporaryFolder folder;
    const auto zone = folder.write("a.json", steered_zone("one.test"));
    const auto path = folder.write("countries.mmdb", support::country_database("IN"));
    const auto state = folder.path("state");
    const Command arguments{"--state", state, "--database", path, zone};
    const auto answer = [](const ServerProcess& server) {
        const auto reply =
            UdpClient{server.endpoint()}.ask({.name = "where.one.test", .subnet = "81.2.69.0/24"});
        return reply.data().empty() ? reply.rcode : reply.data().front();
    };
    {
        ServerProcess server{arguments};
        CHECK(answer(server) == "192.0.2.2");
        CHECK(eventually([&] { return kept_in(state) == 1; }));
        CHECK(server.stop() == 0);
    }
    folder.write("countries.mmdb", "damaged");
    const ServerProcess server{arguments};
    CHECK(server.has_said("clients are located without what is faulty"));
    CHECK(answer(server) == "192.0.2.3");  // the built-in one knows that it is neither of both
    const auto status = [&] { return run(isochrone({"status", "--state", state})).output; };
    CHECK(status().starts_with("alarm=databases_left_out "));
    folder.write("countries.mmdb", support::country_database("IN"));
    CHECK(eventually([&] { return answer(server) == "192.0.2.2"; }));
    CHECK(eventually([&] { return status().find("alarm=") == std::string::npos; }));
}

}  // namespace kept_zones_test
