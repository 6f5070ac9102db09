// SPDX-License-Identifier: Apache-2.0
// Databases and places files: good ones, ones that change, and ones that are no databases.

#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/example_zones.hpp"
#include "tests/e2e/support/load.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/mmdb_writer.hpp"
#include "tests/support/random_space.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <filesystem>

namespace databases_test {

using namespace e2e;
using support::country_database;

namespace {

constexpr const char* in_germany = "192.0.2.1";
constexpr const char* in_india = "192.0.2.2";
constexpr const char* elsewhere = "192.0.2.3";
constexpr const char* client_net = "81.2.69.0/24";

std::string address_in(const ServerProcess& server, const std::string& subnet) {
    const auto reply =
        UdpClient{server.endpoint()}.ask({.name = "where.one.test", .subnet = subnet});
    return reply.data().empty() ? reply.rcode : reply.data().front();
}

bool comes_to_be(const ServerProcess& server, const std::string& subnet,
                 const std::string& answer) {
    return eventually([&] { return address_in(server, subnet) == answer; });
}

}  // namespace

TEST_CASE("a database says where clients are, and one that is renamed over it is picked up") {
    const support::TemporaryFolder folder;
    const auto zone = folder.write("a.json", steered_zone("one.test"));
    const auto path = folder.write("countries.mmdb", country_database("DE"));
    const ServerProcess server{{"--database", path, zone}};
    CHECK(address_in(server, client_net) == in_germany);
    std::filesystem::rename(folder.write("new", country_database("IN")), path);
    CHECK(comes_to_be(server, client_net, in_india));
}

TEST_CASE("a database that is damaged while it is in use keeps its old answers") {
    const support::TemporaryFolder folder;
    const auto zone = folder.write("a.json", steered_zone("one.test"));
    const auto path = folder.write("countries.mmdb", country_database("DE"));
    ServerProcess server{{"--database", path, zone}};
    Load load{server.endpoint(),
              {.name = "where.one.test", .subnet = client_net},
              {std::string{"NOERROR "} + in_germany}};
    load.await(100);

    SUBCASE("truncated in place") {
        std::filesystem::resize_file(path, 100);
    }
    SUBCASE("emptied in place") {
        std::filesystem::resize_file(path, 0);
    }
    SUBCASE("overwritten by text") {
        folder.write("countries.mmdb", "<html>404 Not Found</html>");
    }
    SUBCASE("removed") {
        std::filesystem::remove(path);
    }

    CHECK_NOTHROW(server.wait_for(path + ": "));
    CHECK_NOTHROW(server.wait_for("reloaded with faults"));
    load.await(500);
    server.reload();
    load.await(500);
    const auto result = load.stop();
    CHECK(result.lost == 0);
    CHECK(result.wrong == "");

    folder.write("countries.mmdb", country_database("IN"));
    CHECK(comes_to_be(server, client_net, in_india));
    CHECK(server.stop() == 0);
}

TEST_CASE("zones are reloaded while a database is damaged") {
    const support::TemporaryFolder folder;
    const auto zone = folder.write("a.json", steered_zone("one.test"));
    const auto path = folder.write("countries.mmdb", country_database("DE"));
    ServerProcess server{{"--database", path, folder.path("")}};
    std::filesystem::resize_file(path, 100);
    CHECK(server.reload().find("reloaded with faults") != std::string::npos);
    folder.write("b.json", plain_zone("two.test"));
    CHECK(eventually(
        [&] { return UdpClient{server.endpoint()}.ask({.name = "two.test"}).rcode == "NOERROR"; }));
    CHECK(address_in(server, client_net) == in_germany);
}

TEST_CASE("a file that is no database of places stops the start with a sentence") {
    const support::TemporaryFolder folder;
    const auto zone = folder.write("a.json", steered_zone("one.test"));
    auto cut = country_database("DE");
    cut.resize(cut.size() / 2);
    const auto foreign = support::write_mmdb(
        {{support::prefix("81.2.64.0/18"), {{"connection_type", "Cable/DSL"}}}});
    const struct {
        std::string name;
        std::string path;
        std::string sentence;
    } missing{"missing", folder.path("missing.mmdb"), "No such file"},
        empty{"empty", folder.write("empty.mmdb", ""), "the file is empty"},
        cut_short{"cut short", folder.write("cut.mmdb", cut), "not a MaxMind database"},
        text{"text", folder.write("text.mmdb", "<html></html>"), "not a MaxMind database"},
        directory{"a folder", folder.path(""), "not a file"},
        other{"of another kind", folder.write("foreign.mmdb", foreign), "of another kind (Test)"};
    for (const auto& row : {missing, empty, cut_short, text, directory, other}) {
        CAPTURE(row.name);
        for (const std::string command : {"serve", "check"}) {
            Command line{command, "--database", row.path, zone};
            if (line.front() == "serve") line.insert(line.end(), {"--listen", "127.0.0.1:0"});
            const auto finished = run(isochrone(line));
            CAPTURE(finished.errors);
            CHECK(finished.status == 1);
            CHECK(finished.errors.find(row.path + ": ") != std::string::npos);
            CHECK(finished.errors.find(row.sentence) != std::string::npos);
        }
    }
}

TEST_CASE("a places file overrides the databases and is read again when it changes") {
    const support::TemporaryFolder folder;
    const auto zone = folder.write("a.json", steered_zone("one.test"));
    const auto path = folder.write("countries.mmdb", country_database("DE"));
    const auto places = folder.write("places.csv", "81.2.69.0/24,,,IN,\n");
    ServerProcess server{{"--database", path, "--places", places, zone}};
    CHECK(address_in(server, client_net) == in_india);
    CHECK(address_in(server, "81.2.70.0/24") == in_germany);

    folder.write("places.csv", "81.2.69.0/24,,,US,\n81.2.70.0/24,,,IN,\n");
    CHECK(comes_to_be(server, client_net, elsewhere));
    CHECK(comes_to_be(server, "81.2.70.0/24", in_india));

    folder.write("places.csv", "81.2.69.0/24,,,Germany,\n");
    CHECK_NOTHROW(server.wait_for(places + ":1:"));
    CHECK_NOTHROW(server.wait_for("reloaded with faults"));
    CHECK(address_in(server, client_net) == elsewhere);
}

}  // namespace databases_test
