// SPDX-License-Identifier: Apache-2.0
// check, explain, delegation and the command line itself: what they print, and their exit status.

#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/example_zones.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

namespace commands_test {

using namespace e2e;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// The data of explain's line "answer …" of this type.
std::string explained(const std::string& text, const std::string& type) {
    const auto at = text.find("\tIN\t" + type + "\t");
    if (at == std::string::npos) return {};
    const auto begin = at + 5 + type.size();
    return text.substr(begin, text.find('\n', begin) - begin);
}

}  // namespace

TEST_CASE("check says what is good and ends with status 0") {
    const auto finished = run(isochrone({"check", example_zone}));
    CHECK(finished.status == 0);
    CHECK(contains(finished.output, "plex.example.com. good: 6 names, 3 edges, 2 steered names"));
    CHECK(finished.errors.empty());
}

TEST_CASE("check reads files and folders and prints the faults of all of them") {
    const support::TemporaryFolder folder;
    folder.write("good.json", plain_zone("good.test"));
    const auto first = folder.write("bad1.json", faulty_zone("bad1.test"));
    const auto second = folder.write("bad2.json", faulty_zone("bad2.test"));
    const auto outside = folder.write("outside.zone", plain_zone("outside.test"));
    const auto finished = run(isochrone({"check", folder.path(""), outside}));
    CHECK(finished.status == 1);
    CHECK(contains(finished.output, "good.test. good:"));
    CHECK(contains(finished.output, "outside.test. good:"));
    CHECK(contains(finished.errors, first + ":3:5: tll: "));
    CHECK(contains(finished.errors, second + ":3:5: tll: "));
    CHECK(contains(finished.errors, "\"ttl\""));
}

TEST_CASE("check reads databases and places too") {
    const support::TemporaryFolder folder;
    const auto zone = folder.write("a.json", steered_zone("steered.test"));
    const auto database = folder.write("bad.mmdb", "no database");
    const auto places =
        folder.write("bad.csv", "prefix,latitude,longitude,country,asn\nhere,1,2,DE,3\n");
    const auto finished =
        run(isochrone({"check", "--database", database, "--places", places, zone}));
    CHECK(finished.status == 1);
    CHECK(contains(finished.errors, database + ": not a MaxMind database"));
    CHECK(contains(finished.errors, places + ":2:1: expected a prefix"));
}

TEST_CASE("explain gives the answer that dig gets and why") {
    const ServerProcess server{{example_zone}};
    for (const std::string name : {"plex.example.com", "geo.plex.example.com"}) {
        for (const std::string subnet : {"81.2.69.0/24", "49.36.0.0/16", "2600:1700::/32"}) {
            CAPTURE(name);
            CAPTURE(subnet);
            const auto finished = run(isochrone({"explain", name, subnet, example_zone}));
            CHECK(finished.status == 0);
            for (const std::string type : {"A", "AAAA"}) {
                const auto asked =
                    dig_short(server.endpoint(), {name, type, std::string{"+subnet="} + subnet});
                CHECK(explained(finished.output, type) + "\n" == asked);
            }
        }
    }
}

TEST_CASE("explain shows place, ranking and scope, and the scope is that of the answer") {
    const auto finished =
        run(isochrone({"explain", "plex.example.com", "81.2.69.0/24", example_zone}));
    CHECK(contains(finished.output, "place     GB (United Kingdom), EU"));
    CHECK(contains(finished.output, "outcome   frankfurt > newyork > singapore"));
    const ServerProcess server{{example_zone}};
    const auto reply =
        UdpClient{server.endpoint()}.ask({.name = "plex.example.com", .subnet = "81.2.69.0/24"});
    REQUIRE(reply.scope);
    CHECK(contains(finished.output, "scope     /" + std::to_string(*reply.scope) + ":"));
}

TEST_CASE("explain takes an address as the client itself") {
    const ServerProcess server{{example_zone}};
    const auto finished =
        run(isochrone({"explain", "plex.example.com", "127.0.0.1", example_zone}));
    CHECK(finished.status == 0);
    CHECK(contains(finished.output, "127.0.0.1 (the address that asks)"));
    CHECK(contains(finished.output, "place     unknown"));
    CHECK(explained(finished.output, "A") + "\n" ==
          dig_short(server.endpoint(), {"plex.example.com", "A"}));
}

TEST_CASE("explain says when no zone has the name and refuses what is no client") {
    const auto elsewhere = run(isochrone({"explain", "example.org", "192.0.2.1", example_zone}));
    CHECK(elsewhere.status == 1);
    CHECK(contains(elsewhere.output, "none of those that are served"));
    for (const std::string asker : {"somewhere", "192.0.2.0/33", "192.0.2.256"}) {
        CAPTURE(asker);
        const auto finished = run(isochrone({"explain", "plex.example.com", asker, example_zone}));
        CHECK(finished.status == 1);
        CHECK(contains(finished.errors, asker));
    }
}

TEST_CASE("probe runs the checks once and says what came of each") {
    const support::TemporaryFolder folder;
    const auto up = folder.write("up", "up\n");
    const auto down = folder.write("down", "down\n");
    const auto zone = folder.write(
        "a.json",
        R"({"zone": "a.test", "nameservers": {"ns1": "192.0.2.10"}, "edges": {
            "one": {"addresses": "192.0.2.1", "check": {"file": ")" +
            up + R"("}}, "two": {"addresses": "192.0.2.2", "check": {"file": ")" + down +
            R"("}}, "three": {"addresses": "192.0.2.3", "check": {"command": "/no/such"}}},
            "records": {"@": {"steer": {"all": ["one", "two", "three"]}}}})");
    const auto all = run(isochrone({"probe", zone}));
    CHECK(all.status == 1);
    CHECK(contains(all.output, "a.test/one  file:" + up + "  ok: "));
    CHECK(contains(all.output, "a.test/two  file:" + down + "  FAIL: "));
    CHECK(contains(all.output, "a.test/three  command:/no/such  no word: "));
    const auto one = run(isochrone({"probe", "--edge", "A.test/o*", zone}));
    CHECK(one.status == 0);
    CHECK(one.output.find('\n') == one.output.size() - 1);
    const auto none = run(isochrone({"probe", "--edge", "four", zone}));
    CHECK(none.status == 1);
    CHECK(contains(none.errors, "no edge matches"));
}

TEST_CASE("delegation prints NS and glue and what is missing") {
    const support::TemporaryFolder folder;
    folder.write("a.json",
                 R"({"zone": "one.test", "nameservers": {"ns1": ["8.8.8.8", "2620:fe::fe"]},
                               "records": {}})");
    folder.write("b.json",
                 R"({"zone": "two.test", "nameservers": {"ns1": ["9.9.9.9"], "ns2": ["9.9.9.9"]},
                               "records": {}})");
    const auto finished = run(isochrone({"delegation", folder.path("")}));
    CHECK(finished.status == 0);
    CHECK(contains(finished.output,
                   "one.test.\t86400\tIN\tNS\tns1.one.test.\n"
                   "ns1.one.test.\t86400\tIN\tA\t8.8.8.8\n"
                   "ns1.one.test.\t86400\tIN\tAAAA\t2620:fe::fe\n"));
    CHECK(contains(finished.output, "MISSING: a second name server"));
    CHECK(contains(finished.output, "MISSING: name servers on machines of their own"));
    CHECK(contains(finished.output, "\n\n; two.test. in its parent zone test.\n"));
}

TEST_CASE("help and version end with status 0 and tell what there is") {
    const auto version = run({ISOCHRONE, "--version"});
    CHECK(version.status == 0);
    CHECK(version.output.starts_with("isochrone "));
    const struct {
        std::string command;
        std::string holds;
    } rows[] = {
        {"serve", "--keep-going"}, {"check", "--places"},         {"explain", "/24"},
        {"delegation", "glue"},    {"setup", "--nameservers-in"},
    };
    const auto help = run({ISOCHRONE, "--help"});
    CHECK(help.status == 0);
    for (const auto& row : rows) {
        CAPTURE(row.command);
        CHECK(contains(help.output, row.command));
        const auto finished = run({ISOCHRONE, row.command, "--help"});
        CHECK(finished.status == 0);
        CHECK(contains(finished.output, row.holds));
    }
}

TEST_CASE("cities lists what a location may name") {
    const auto some = run({ISOCHRONE, "cities", "fra"});
    CHECK(some.status == 0);
    CHECK(contains(some.output, "\"Frankfurt, DE\"  50.1"));
    CHECK(contains(some.output, "\"San Francisco, CA, US\""));
    CHECK(contains(run({ISOCHRONE, "cities"}).output, "\"Tokyo, JP\""));
    const auto none = run({ISOCHRONE, "cities", "xyzzy"});
    CHECK(none.status == 1);
    CHECK(contains(none.errors, "no city is like \"xyzzy\""));
}

TEST_CASE("an unknown command gets the nearest one that there is") {
    const auto near = run({ISOCHRONE, "--config", "check", "sevre", "--listen", "127.0.0.1:0"});
    CHECK(near.status == 2);
    CHECK(contains(near.errors, "there is no command \"sevre\"; did you mean \"serve\"?"));
    const auto far = run({ISOCHRONE, "photograph"});
    CHECK(far.status == 2);
    CHECK(contains(far.errors, "there is no command \"photograph\"; isochrone --help lists"));
}

TEST_CASE("a command line that is not understood is refused and says where help is") {
    const std::vector<Command> lines{{ISOCHRONE},
                                     {ISOCHRONE, "sever"},
                                     {ISOCHRONE, "--nonsense"},
                                     {ISOCHRONE, "serve", "--lissten", "127.0.0.1:0"},
                                     {ISOCHRONE, "serve", "--workers", "0"},
                                     {ISOCHRONE, "explain", "plex.example.com"}};
    for (const auto& line : lines) {
        CAPTURE(line.back());
        const auto finished = run(line);
        CHECK(finished.status > 0);
        CHECK(finished.status < 128);
        CHECK(contains(finished.errors, "--help"));
    }
}

}  // namespace commands_test
