// SPDX-License-Identifier: Apache-2.0
// Zone files that change under a running server.

#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/example_zones.hpp"
#include "tests/e2e/support/load.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include <sys/stat.h>
#include <unistd.h>

namespace reload_test {

using namespace e2e;

namespace {

/// What is answered for the name: the first address, or the RCODE when there is none.
std::string address_of(const ServerProcess& server, const std::string& name) {
    const auto reply = UdpClient{server.endpoint()}.ask({.name = name});
    const auto data = reply.data();
    return data.empty() ? reply.rcode : data.front();
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

bool comes_to_be(const ServerProcess& server, const std::string& name, const std::string& answer) {
    return eventually([&] { return address_of(server, name) == answer; });
}

/// Writes a file beside the folder's others, which no server reads, and renames it into place.
void replace(const support::TemporaryFolder& folder, const std::string& name,
             const std::string& text) {
    const auto beside = folder.write(name + ".new", text);
    std::filesystem::rename(beside, folder.path(name));
}

}  // namespace

TEST_CASE("SIGHUP reads zone files again") {
    const support::TemporaryFolder folder;
    folder.write("a.json", plain_zone("one.test", "192.0.2.1"));
    ServerProcess server{{folder.path("")}};
    CHECK(address_of(server, "one.test") == "192.0.2.1");
    folder.write("a.json", plain_zone("one.test", "192.0.2.2"));
    CHECK(server.reload().find("reloaded; 1 zone in service") != std::string::npos);
    CHECK(address_of(server, "one.test") == "192.0.2.2");
}

TEST_CASE("SIGHUP does not end a server that has just begun to serve") {
    const support::TemporaryFolder folder;
    folder.write("a.json", plain_zone("one.test"));
    for (int i = 0; i < 10; ++i) {
        ServerProcess server{{folder.path("")}};
        CHECK_NOTHROW(server.reload());
        CHECK(server.stop() == 0);
    }
}

TEST_CASE("files that change are read again without a signal") {
    const support::TemporaryFolder folder;
    folder.write("a.json", plain_zone("one.test", "192.0.2.1"));
    const ServerProcess server{{folder.path("")}};

    SUBCASE("written in place") {
        folder.write("a.json", plain_zone("one.test", "192.0.2.2"));
        CHECK(comes_to_be(server, "one.test", "192.0.2.2"));
    }
    SUBCASE("renamed over") {
        replace(folder, "a.json", plain_zone("one.test", "192.0.2.3"));
        CHECK(comes_to_be(server, "one.test", "192.0.2.3"));
    }
    SUBCASE("a new file") {
        CHECK(address_of(server, "two.test") == "REFUSED");
        folder.write("b.json", plain_zone("two.test", "192.0.2.4"));
        CHECK(comes_to_be(server, "two.test", "192.0.2.4"));
        CHECK(address_of(server, "one.test") == "192.0.2.1");
    }
    SUBCASE("a removed file") {
        folder.write("b.json", plain_zone("two.test", "192.0.2.4"));
        CHECK(comes_to_be(server, "two.test", "192.0.2.4"));
        std::filesystem::remove(folder.path("a.json"));
        CHECK(comes_to_be(server, "one.test", "REFUSED"));
        CHECK(address_of(server, "two.test") == "192.0.2.4");
    }
    SUBCASE("another file behind a symbolic link") {
        folder.write("target1", plain_zone("two.test", "192.0.2.5"));
        folder.write("target2", plain_zone("two.test", "192.0.2.6"));
        std::filesystem::create_symlink("target1", folder.path("link.json"));
        CHECK(comes_to_be(server, "two.test", "192.0.2.5"));
        std::filesystem::create_symlink("target2", folder.path("link.new"));
        std::filesystem::rename(folder.path("link.new"), folder.path("link.json"));
        CHECK(comes_to_be(server, "two.test", "192.0.2.6"));
    }
}

TEST_CASE("a file that turns faulty keeps its last good zone and does not stop others") {
    const support::TemporaryFolder folder;
    const auto path = folder.write("a.json", plain_zone("one.test", "192.0.2.1"));
    folder.write("b.json", plain_zone("two.test", "192.0.2.1"));
    ServerProcess server{{folder.path("")}};
    folder.write("a.json", faulty_zone("one.test"));
    folder.write("b.json", plain_zone("two.test", "192.0.2.2"));
    folder.write("c.json", plain_zone("three.test", "192.0.2.3"));
    CHECK(comes_to_be(server, "three.test", "192.0.2.3"));
    CHECK(comes_to_be(server, "two.test", "192.0.2.2"));
    CHECK(address_of(server, "one.test") == "192.0.2.1");
    CHECK_NOTHROW(server.wait_for(path + ":3:5: tll: "));
    CHECK_NOTHROW(server.wait_for("reloaded with faults"));

    CHECK(server.reload().find("3 zones in service") != std::string::npos);
    CHECK(address_of(server, "one.test") == "192.0.2.1");
    folder.write("a.json", plain_zone("one.test", "192.0.2.9"));
    CHECK(comes_to_be(server, "one.test", "192.0.2.9"));
}

TEST_CASE(
    "a second file of a zone takes nothing over from the first and is read once it is alone") {
    const support::TemporaryFolder folder;
    folder.write("m.json", plain_zone("one.test", "192.0.2.1"));
    folder.write("z.json", plain_zone("other.test", "192.0.2.2"));
    ServerProcess server{{folder.path("")}};

    const auto intruder = folder.write("a.json", plain_zone("one.test", "192.0.2.66"));
    folder.write("z.json", plain_zone("one.test", "192.0.2.77"));
    CHECK_NOTHROW(server.wait_for(intruder));
    CHECK_NOTHROW(server.wait_for("reloaded with faults"));
    CHECK(address_of(server, "one.test") == "192.0.2.1");
    CHECK(address_of(server, "other.test") == "192.0.2.2");

    std::filesystem::remove(intruder);
    std::filesystem::remove(folder.path("m.json"));
    CHECK(comes_to_be(server, "one.test", "192.0.2.77"));
    CHECK(comes_to_be(server, "other.test", "REFUSED"));
}

TEST_CASE("a file that is repaired by its mode or its owner alone is read again") {
    if (::geteuid() != 0) {
        MESSAGE("skipped: this test is for root");
        return;
    }
    const support::TemporaryFolder folder;
    std::filesystem::permissions(folder.path(""), std::filesystem::perms{0755});
    folder.write("a.json", plain_zone("one.test", "192.0.2.1"));
    const auto secret = folder.write("b.json", plain_zone("two.test", "192.0.2.2"));
    REQUIRE(::chmod(secret.c_str(), 0600) == 0);
    ServerProcess server{{"--user", "nobody", "--keep-going", folder.path("")}};
    CHECK(server.has_said("may not read it (root:root, 0600)"));
    CHECK(address_of(server, "two.test") == "REFUSED");
    SUBCASE("chmod") {
        REQUIRE(::chmod(secret.c_str(), 0644) == 0);
    }
    SUBCASE("chown") {
        REQUIRE(::chown(secret.c_str(), 65534, 65534) == 0);
    }
    CHECK(comes_to_be(server, "two.test", "192.0.2.2"));
    CHECK_NOTHROW(server.wait_for("new: two.test. (serial "));
}

TEST_CASE("a folder that is gone for a while takes no zone out of service") {
    const support::TemporaryFolder folder;
    std::filesystem::create_directory(folder.path("zones"));
    folder.write("zones/a.json", plain_zone("one.test", "192.0.2.1"));
    ServerProcess server{{folder.path("zones")}};
    std::filesystem::rename(folder.path("zones"), folder.path("away"));
    CHECK(server.reload().find("faults") != std::string::npos);
    CHECK(address_of(server, "one.test") == "192.0.2.1");
    std::filesystem::rename(folder.path("away"), folder.path("zones"));
    folder.write("zones/a.json", plain_zone("one.test", "192.0.2.2"));
    CHECK(comes_to_be(server, "one.test", "192.0.2.2"));
}

TEST_CASE("no query is lost and no answer is wrong while good and bad files are loaded") {
    const support::TemporaryFolder folder;
    folder.write("a.json", plain_zone("one.test", "192.0.2.1"));
    ServerProcess server{{folder.path("")}};
    Load load{server.endpoint(), {.name = "one.test"}, {"NOERROR 192.0.2.1", "NOERROR 192.0.2.2"}};
    std::string address = "192.0.2.1";
    for (int round = 0; round < 12; ++round) {
        load.await(200);
        if (round % 2 == 0) {
            replace(folder, "a.json", faulty_zone("one.test"));
        } else {
            address = round % 4 == 1 ? "192.0.2.2" : "192.0.2.1";
            replace(folder, "a.json", plain_zone("one.test", address));
        }
        server.reload();
        INFO(server.errors());
        CHECK(address_of(server, "one.test") == address);
    }
    load.await(200);
    const auto result = load.stop();
    CHECK(result.asked > 2000);
    CHECK(result.lost == 0);
    CHECK(result.wrong == "");
    CHECK(server.stop() == 0);
}

TEST_CASE("a zone file in master format that changes is read again, a faulty one is not taken") {
    const support::TemporaryFolder folder;
    const auto text = [](const std::string& serial, const std::string& address) {
        return "$ORIGIN one.test.\n@ 60 SOA ns a " + serial + " 60 60 60 60\n@ 60 NS ns\nns 60 A " +
               address + "\n";
    };
    folder.write("one.test.zone", text("1", "192.0.2.1"));
    ServerProcess server{{folder.path("one.test.zone")}};
    CHECK(address_of(server, "ns.one.test") == "192.0.2.1");
    replace(folder, "one.test.zone", text("2", "192.0.2.2"));
    CHECK(comes_to_be(server, "ns.one.test", "192.0.2.2"));
    replace(folder, "one.test.zone", text("3", "192.0.2.256"));
    CHECK(contains(server.wait_for("one.test.zone:4"), "192.0.2.256"));
    CHECK(address_of(server, "ns.one.test") == "192.0.2.2");
}

TEST_CASE("a zone in JSON and in master format is one zone in two files") {
    const support::TemporaryFolder folder;
    const auto json = folder.write("a.json", plain_zone("one.test"));
    const auto master = folder.write(
        "one.test.zone", "@ 60 SOA ns a 1 60 60 60 60\n@ 60 NS ns\nns 60 A 192.0.2.1\n");
    const auto finished = run(isochrone({"check", json, master}));
    CHECK(finished.status == 1);
    CHECK(contains(finished.errors, json));
    CHECK(contains(finished.errors, master));
}

}  // namespace reload_test
