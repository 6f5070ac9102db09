// SPDX-License-Identifier: Apache-2.0
#include "geo/compile/compiler.hpp"

#include "tests/geo/compile/compiled.hpp"
#include "tests/geo/random_world.hpp"
#include "tests/support/mmdb_writer.hpp"
#include "tests/support/random_space.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace compile_compiler_test {

using Code = geo::Code<2>;
using geo::Match;
using geo::Policy;
using geo::Sources;
using nlohmann::json;
using support::compile;
using support::edge;
using support::evaluate_at;
using support::Generator;
using support::of_kind;
using support::prefix;
using support::ranked_all;
using support::six_sites;

TEST_CASE("a policy that asks nothing of its client has one outcome for the whole of a family") {
    support::RandomWorld world{1};
    const auto maps = compile(world.sources(), {edge(2)});
    CHECK(maps[0]->leaf_count() == 2);
    CHECK(maps[0]->find(support::address("192.0.2.1")).scope == 0);
    CHECK(maps[0]->find(support::address("2001:db8::1")).scope == 0);
}

TEST_CASE("the scope of an IPv6 client never takes in IPv4 clients that fare otherwise") {
    const support::TemporaryFolder folder;
    const std::vector<support::MmdbRow> rows{{prefix("192.0.0.0/8"), {{"country_code", "DE"}}},
                                             {prefix("4000::/3"), {{"country_code", "FR"}}}};
    geo::Problems problems;
    const auto database = folder.write("a.mmdb", support::write_mmdb(rows));
    const auto sources =
        Sources::open({{database}, {}, geo::SourceFiles::Builtin::LeftOut}, problems);
    REQUIRE(sources.has_value());
    Match germany;
    germany.kind = Match::Kind::Country;
    germany.area = Code{"DE"};
    auto policy = of_kind(Policy::Kind::Geo);
    policy.children = {edge(0), edge(1)};
    policy.rows.push_back({germany, 0});
    policy.rows.push_back({{}, 1});
    const auto map = compile(*sources, {policy})[0];
    struct Row {
        const char* client;
        unsigned expected;
    };
    const Row clients[] = {
        {"2003::1", 16},    // the other half is 6to4
        {"2001:1::1", 32},  // the other half is Teredo
        {"2000::1", 16},   {"2400::1", 6},     {"3000::1", 4},         {"4000::1", 2},
        {"8000::1", 1},    {"::fffe:0:1", 96}, {"64:ff9b::1:0:0", 96},
    };
    for (const auto& row : clients) {
        CAPTURE(row.client);
        CHECK(map->find(support::address(row.client)).scope == row.expected);
        CHECK(map->find(support::address(row.client)).outcome ==
              map->find(support::address("8000::")).outcome);
    }
}

TEST_CASE("a places file larger than its databases is compiled") {
    const support::TemporaryFolder folder;
    const std::vector<support::MmdbRow> rows{{prefix("0.0.0.0/1"), {{"country_code", "DE"}}},
                                             {prefix("2000::/3"), {{"country_code", "FR"}}}};
    const auto database = folder.write("a.mmdb", support::write_mmdb(rows));
    Generator generator{13};
    std::string places;
    for (unsigned i = 0; i < 500; ++i) {
        const auto network = support::random_address_in(generator, prefix("2000::/3"));
        places += geo::to_text(support::prefix_around(network, 64)) + ",,,SG,\n";
    }
    geo::Problems problems;
    const auto sources = Sources::open({{database}, folder.write("places.csv", places)}, problems);
    REQUIRE(sources.has_value());
    const auto maps = compile(*sources, {ranked_all(Policy::Kind::Nearest)});
    CHECK(maps[0]->leaf_count() > 1000);
}

TEST_CASE("nothing to compile makes no maps") {
    support::RandomWorld world{1};
    const auto maps = geo::compile(world.sources(), {});
    REQUIRE(maps.has_value());
    CHECK(maps->empty());
}

TEST_CASE("as many databases as are allowed are compiled, and one more is an error") {
    const support::TemporaryFolder folder;
    const std::vector<support::MmdbRow> rows{{prefix("0.0.0.0/1"), {{"country_code", "DE"}}},
                                             {prefix("2000::/3"), {{"country_code", "FR"}}}};
    const auto path = folder.write("a.mmdb", support::write_mmdb(rows));
    const Policy policy = edge(0);
    const geo::MapRequest request{&policy, &six_sites};
    for (const std::size_t count : {14U, 15U}) {
        CAPTURE(count);
        geo::Problems problems;
        const auto sources = Sources::open({std::vector(count, path), {}}, problems);
        REQUIRE(sources.has_value());
        const auto maps = geo::compile(*sources, {&request, 1});
        CHECK(maps.has_value() == (count == 14));
        if (!maps) CHECK(maps.error().text == "more than 14 databases");
    }
}

TEST_CASE("what named databases leave open is compiled as the built-in database says") {
    const support::TemporaryFolder folder;
    const json dutch{{"country_code", "DE"}};
    const json europe{{"continent_code", "EU"}};
    const json number{{"asn", 3333}};
    const json point{{"lat", 1}, {"lng", 2}};
    const std::vector<support::MmdbRow> rows{
        {prefix("193.0.0.0/9"), europe},   {prefix("193.0.6.0/24"), dutch},
        {prefix("194.0.0.0/8"), number},   {prefix("194.64.0.0/10"), point},
        {prefix("2001:600::/23"), number}, {prefix("2a00::/14"), dutch},
    };
    const std::vector<support::MmdbRow> more{{prefix("193.0.0.0/10"), number},
                                             {prefix("2a00::/16"), number}};
    const auto path = folder.write("a.mmdb", support::write_mmdb(rows));
    const auto second = folder.write("b.mmdb", support::write_mmdb(more));
    const auto places = folder.write("places.csv", "193.0.4.0/23,1,2,,\n194.0.0.0/16,,,,64500\n");
    auto policy = of_kind(Policy::Kind::Geo);
    for (const auto* code : {"DE", "NL", "FR", "GB"}) {
        Match match;
        match.kind = Match::Kind::Country;
        match.area = Code{code};
        policy.rows.push_back({match, static_cast<std::uint32_t>(policy.children.size())});
        policy.children.push_back(edge(static_cast<geo::EdgeIndex>(policy.children.size())));
    }
    policy.rows.push_back({{}, static_cast<std::uint32_t>(policy.children.size())});
    policy.children.push_back(edge(4));
    for (const auto& databases : {std::vector{path}, std::vector{path, second}}) {
        geo::Problems problems;
        const auto sources = Sources::open({databases, places}, problems);
        REQUIRE(sources.has_value());
        const auto map = compile(*sources, {policy})[0];
        Generator generator{7};
        for (const auto* around : {"193.0.0.0/13", "194.0.0.0/8", "2001:600::/23", "2a00::/13"}) {
            for (unsigned i = 0; i < 400; ++i) {
                const auto client = support::random_address_in(generator, prefix(around));
                CAPTURE(geo::to_text(client));
                geo::Outcomes outcomes;
                const auto expected = evaluate_at(*sources, policy, client, outcomes);
                const std::vector<std::string> names{"DE", "NL", "FR", "GB", "else", "none"};
                const auto found = map->find(client);
                CHECK(map->outcomes().to_text(found.outcome, names) ==
                      outcomes.to_text(expected, names));
            }
        }
    }
}

}  // namespace compile_compiler_test
