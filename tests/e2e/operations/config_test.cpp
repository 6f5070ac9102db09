// SPDX-License-Identifier: Apache-2.0
// isochrone.json: each of its keys, seen in what the server does.

#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/example_zones.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/mmdb_writer.hpp"
#include "tests/support/random_space.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <filesystem>

using namespace e2e;

TEST_CASE("the config file sets what flags set and more, with paths relative to its folder") {
    const support::TemporaryFolder folder;
    std::filesystem::create_directory(folder.path("zones"));
    folder.write("zones/a.json", steered_zone("one.test"));
    folder.write("zones/b.json", plain_zone("two.test"));
    folder.write(
        "country.mmdb",
        support::write_mmdb({{support::prefix("81.2.69.0/24"), {{"country_code", "IN"}}}}));
    folder.write("places.csv", "49.36.0.0/16,,,DE,\n");
    const auto config = folder.write("isochrone.json", R"({
        // Comments are allowed.
        "listen": ["127.0.0.1:0", "[::1]:0"],
        "zones": ["zones"],
        "databases": ["country.mmdb"],
        "places": "places.csv",
        "workers": 1,
        "identity": "the-edge",
        "allow": { "identity": ["127.0.0.0/8"] },
        "udp_payload": 700,
        "tcp": { "connections": 10, "idle": "7s" }
    })");
    const ServerProcess server{{"--config", config}};
    REQUIRE(server.endpoints().size() == 2);
    const auto& v4 = server.endpoints()[0];
    const auto& v6 = server.endpoints()[1];

    const UdpClient client{v4};
    CHECK(client.ask({.name = "where.one.test", .subnet = "81.2.69.0/24"}).data() ==
          std::vector<std::string>{"192.0.2.2"});
    CHECK(client.ask({.name = "where.one.test", .subnet = "49.36.0.0/16"}).data() ==
          std::vector<std::string>{"192.0.2.1"});
    CHECK(client.ask({.name = "two.test"}).rcode == "NOERROR");

    CHECK(dig_short(v4, {"CH", "TXT", "id.server"}) == "\"the-edge\"\n");
    const auto stranger = run(dig(v6, {"CH", "TXT", "id.server"}));
    CHECK(stranger.output.find("status: REFUSED") != std::string::npos);

    const auto sized = run(dig(v4, {"two.test", "+ignore"}));
    CHECK(sized.output.find("udp: 700") != std::string::npos);
    const TcpClient patient{v4};
    CHECK(patient.ask({.name = "two.test", .keepalive = true}).keepalive == 70);
}

TEST_CASE("flags replace what the config file says") {
    const support::TemporaryFolder folder;
    folder.write("a.json", plain_zone("one.test"));
    const auto other = folder.write("b.zone", plain_zone("two.test"));
    const auto config =
        folder.write("config", R"({ "listen": "192.0.2.1:53", "zones": "a.json" })");
    const ServerProcess server{{"--config", config, "--listen", "127.0.0.1:0", other}};
    CHECK(server.endpoint().address == "127.0.0.1");
    const UdpClient client{server.endpoint()};
    CHECK(client.ask({.name = "two.test"}).rcode == "NOERROR");
    CHECK(client.ask({.name = "one.test"}).rcode == "REFUSED");
}

TEST_CASE("a faulty config file stops the start with all of its faults") {
    const support::TemporaryFolder folder;
    const auto config = folder.write("config.json",
                                     "{\n"
                                     "  \"listen\": [\"nowhere\"],\n"
                                     "  \"worker\": 2,\n"
                                     "  \"udp_payload\": 100000,\n"
                                     "  \"allow\": { \"identity\": [\"10.0.0.1/8\"] },\n"
                                     "  \"tcp\": { \"idle\": \"2h\" }\n"
                                     "}\n");
    const auto finished = run(isochrone({"serve", "--config", config}));
    CHECK(finished.status == 1);
    for (const std::string place : {":2:14: listen[0]: ", ":3:3: worker: ", ":4:18: udp_payload: ",
                                    ":5:27: allow.identity[0]: ", ":6:20: tcp.idle: "}) {
        CAPTURE(place);
        CAPTURE(finished.errors);
        CHECK(finished.errors.find(config + place) != std::string::npos);
    }
    CHECK(finished.errors.find("\"workers\"") != std::string::npos);
    CHECK(run(isochrone({"serve", "--config", folder.path("none.json")})).status == 1);
}
