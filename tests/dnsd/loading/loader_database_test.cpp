// SPDX-License-Identifier: Apache-2.0
#include "dnsd/loading/loader.hpp"
#include "tests/dnsd/world.hpp"
#include "tests/support/mmdb_writer.hpp"
#include "tests/support/random_space.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <filesystem>

namespace loading_loader_database_test {

using control::Loader;

namespace {

const std::string steered = R"("@": {"steer": {"geo": {"country:DE": "frankfurt", "*": "newyork"}}},
                               "used": {"steer": {"all": ["newyork", "frankfurt", "singapore"]}})";

/// All of IPv4 and IPv6 is one country.
std::vector<std::uint8_t> all_in(const char* country) {
    const nlohmann::json record{{"country", {{"iso_code", country}}}};
    return support::write_mmdb({{support::prefix("::/0"), record}});
}

struct Fixture {
    support::TemporaryFolder folder;
    std::string database = folder.write("places.mmdb", all_in("DE"));
    std::string zone =
        folder.write("a.json", support::zone_text("a.", steered, support::three_edges));
    Loader loader{{zone}, {.databases = {database}, .places = {}}};
    geo::Problems problems;

    zones::Catalog load() {
        problems.clear();
        return loader.load(problems);
    }
    /// The last octet of the address that a client of a zone's apex gets.
    static int edge(const zones::Catalog& catalog, const std::string& zone = "a.") {
        engine::Snapshot snapshot;
        snapshot.catalog = catalog;
        std::vector<std::uint8_t> out(65535);
        geo::Random random{1};
        const auto size = engine::respond(snapshot, support::to_bytes(support::Query{.name = zone}),
                                          {.address = support::address("20.1.2.3")}, random, out);
        const auto answer = support::decode(std::span{out}.first(size));
        return answer.data("A").size() == 1 ? answer.bytes.back() : -1;
    }
};

void replace(const support::TemporaryFolder& folder, const std::vector<std::uint8_t>& octets) {
    std::filesystem::rename(folder.write("new", octets), folder.path("places.mmdb"));
}

}  // namespace

TEST_CASE("a database that is renamed over the old one makes new maps") {
    Fixture at;
    CHECK(Fixture::edge(at.load()) == 2);
    CHECK(at.problems.empty());
    replace(at.folder, all_in("US"));
    CHECK_FALSE(at.loader.changed());
    CHECK(at.loader.changed());
    CHECK(Fixture::edge(at.load()) == 1);
    CHECK(at.problems.empty());
}

TEST_CASE("a database that turns bad keeps the old maps in service, with a problem that names it") {
    struct Row {
        const char* name;
        void (*spoil)(const Fixture& at);
    };
    const Row rows[] = {
        {"missing", [](const Fixture& at) { std::filesystem::remove(at.database); }},
        {"empty", [](const Fixture& at) { replace(at.folder, {}); }},
        {"cut in half, renamed",
         [](const Fixture& at) {
             auto octets = all_in("US");
             octets.resize(octets.size() / 2);
             replace(at.folder, octets);
         }},
        {"cut in place", [](const Fixture& at) { std::filesystem::resize_file(at.database, 100); }},
        {"text", [](const Fixture& at) { at.folder.write("places.mmdb", "no database\n"); }},
        {"a folder",
         [](const Fixture& at) {
             std::filesystem::remove(at.database);
             std::filesystem::create_directory(at.database);
         }},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        Fixture at;
        const auto before = at.load();
        row.spoil(at);
        CHECK(Fixture::edge(at.load()) == 2);
        REQUIRE_FALSE(at.problems.empty());
        CHECK(at.problems[0].file == at.database);
        CHECK(Fixture::edge(before) == 2);
        // Zones that need no new map still load.
        at.folder.write("a.json",
                        support::zone_text("a.", steered + R"(, "new": {"A": "192.0.2.77"})",
                                           support::three_edges));
        const auto after = at.load();
        CHECK(Fixture::edge(after) == 2);
        CHECK(Fixture::edge(after, "new.a.") == 77);
        std::filesystem::remove_all(at.database);
        replace(at.folder, all_in("US"));
        CHECK(Fixture::edge(at.load()) == 1);
        CHECK(at.problems.empty());
    }
}

TEST_CASE("a zone whose new policy cannot be compiled stays as it was, then catches up") {
    Fixture at;
    (void)at.load();
    std::filesystem::remove(at.database);
    const auto other = support::zone_text(
        "a.", R"("@": {"steer": {"failover": ["singapore", "newyork", "frankfurt"]}})",
        support::three_edges);
    at.folder.write("a.json", other);
    CHECK(Fixture::edge(at.load()) == 2);
    CHECK(geo::any_fault(at.problems));
    replace(at.folder, all_in("US"));
    CHECK(Fixture::edge(at.load()) == 3);
    CHECK(at.problems.empty());
}

TEST_CASE("zones are steered by what is good where a database is bad from the start") {
    const struct {
        const char* name;
        std::vector<std::string> others;
        int edge;
    } rows[] = {
        {"by the one that is built in", {}, 1},
        {"by another", {"others.mmdb"}, 3},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const support::TemporaryFolder folder;
        const auto path = folder.write(
            "a.json",
            support::zone_text(
                "a.",
                R"("@": {"steer": {"geo": {"country:US": "newyork", "country:DE": "frankfurt", "*": "singapore"}}})",
                support::three_edges));
        folder.write("others.mmdb", all_in("FR"));
        geo::SourceFiles files{.databases = {folder.path("bad.mmdb")},
                               .places = folder.path("places.csv")};
        for (const auto& other : row.others) files.databases.push_back(folder.path(other));
        Loader loader{{path}, files};
        geo::Problems problems;
        const auto catalog = loader.load(problems);
        CHECK(geo::any_fault(problems));
        CHECK(Fixture::edge(catalog) == row.edge);
        REQUIRE(loader.alarms().size() == 1);
        CHECK(loader.alarms()[0].line.starts_with("alarm=databases_left_out fault="));
        // Once all are good they count together.
        folder.write("bad.mmdb", all_in("DE"));
        folder.write("places.csv", "");
        problems.clear();
        CHECK(Fixture::edge(loader.load(problems)) == 2);
        CHECK(problems.empty());
        CHECK(loader.alarms().empty());
        // And from then on a bad one leaves the maps as they are.
        std::filesystem::remove(folder.path("bad.mmdb"));
        CHECK(Fixture::edge(loader.load(problems)) == 2);
        REQUIRE(loader.alarms().size() == 1);
        CHECK(loader.alarms()[0].line.starts_with("alarm=databases_as_before fault="));
    }
}

TEST_CASE("equal policies share one map, over zones and reloads") {
    const support::TemporaryFolder folder;
    const std::string two =
        R"(, "again": {"steer": {"geo": {"country:DE": "frankfurt", "*": "newyork"}}})";
    const auto a =
        folder.write("a.json", support::zone_text("a.", steered + two, support::three_edges));
    const auto b = folder.write("b.json", support::zone_text("b.", steered, support::three_edges));
    const auto database = folder.write("places.mmdb", all_in("DE"));
    Loader loader{{a, b}, {.databases = {database}, .places = {}}};
    geo::Problems problems;
    const auto first = loader.load(problems);
    CHECK(problems.empty());
    const auto& maps = first.zones()[0].maps;
    REQUIRE(maps.size() == 3);
    CHECK(maps[0] == maps[2]);
    CHECK(maps[0] != maps[1]);
    CHECK(first.zones()[1].maps[0] == maps[0]);
    folder.write("b.json", support::zone_text("b.", steered + two, support::three_edges));
    const auto second = loader.load(problems);
    CHECK(second.zones()[0].maps == maps);
    CHECK(second.zones()[1].maps[2] == maps[0]);
    folder.write("places.mmdb", all_in("US"));
    CHECK(loader.load(problems).zones()[0].maps[0] != maps[0]);
}

TEST_CASE("rows by AS number are a warning when no database knows these") {
    Fixture at;
    at.folder.write(
        "a.json",
        support::zone_text(
            "a.",
            R"("@": {"steer": {"geo": {"asn:64500": "newyork", "*": {"all": ["frankfurt", "singapore"]}}}})",
            support::three_edges));
    CHECK(at.load().zones().size() == 1);
    REQUIRE(at.problems.size() == 1);
    CHECK(at.problems[0].severity == geo::Severity::Warning);
    CHECK(at.problems[0].text.find("AS numbers") != std::string::npos);
}

TEST_CASE("a places file is watched and read as databases are") {
    support::TemporaryFolder folder;
    const auto database = folder.write("places.mmdb", all_in("US"));
    const auto places = folder.write("places.csv", "20.1.0.0/16,,,DE,\n");
    const auto zone =
        folder.write("a.json", support::zone_text("a.", steered, support::three_edges));
    Loader loader{{zone}, {.databases = {database}, .places = places}};
    geo::Problems problems;
    CHECK(Fixture::edge(loader.load(problems)) == 2);
    folder.write("places.csv", "20.1.0.0/16,,,Germany,\n");
    CHECK_FALSE(loader.changed());
    CHECK(loader.changed());
    CHECK(Fixture::edge(loader.load(problems)) == 2);
    CHECK(geo::any_fault(problems));
    folder.write("places.csv", "20.1.0.0/16,,,SE,\n");
    CHECK(Fixture::edge(loader.load(problems)) == 1);
}

}  // namespace loading_loader_database_test
