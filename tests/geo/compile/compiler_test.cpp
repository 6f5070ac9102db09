// SPDX-License-Identifier: Apache-2.0
#include "geo/compile/compiler.hpp"

#include "tests/geo/pieces.hpp"
#include "tests/geo/random_world.hpp"
#include "tests/support/mmdb_writer.hpp"
#include "tests/support/random_space.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

namespace compile_compiler_test {

using geo::Address;
using geo::Bits;
using Code = geo::Code<2>;
using geo::Family;
using geo::Map;
using geo::Match;
using geo::Policy;
using geo::Prefix;
using geo::Sources;
using nlohmann::json;
using support::collect_prefixes;
using support::draw;
using support::edge;
using support::Generator;
using support::of_kind;
using support::Pieces;
using support::prefix;
using support::ranked_all;
using support::six_sites;

namespace {

std::vector<std::shared_ptr<const Map>> compile(const Sources& sources,
                                                const std::vector<Policy>& policies) {
    std::vector<geo::MapRequest> requests;
    for (const auto& policy : policies) requests.push_back({&policy, &six_sites});
    auto maps = geo::compile(sources, requests);
    if (!maps) FAIL(maps.error().text);
    REQUIRE(maps->size() == policies.size());
    return *maps;
}

Address client_of(const Address& address) {
    const auto inside = geo::embedded_v4(address);
    return inside ? inside->client : address;
}

/// What the policy comes to without any map. Equal outcomes have equal numbers in `outcomes`.
geo::OutcomeId evaluate_at(const Sources& sources, const Policy& policy, const Address& at,
                           geo::Outcomes& outcomes) {
    std::vector<Prefix> within;
    collect_prefixes(policy, within);
    std::erase_if(within, [&](const Prefix& named) { return !named.contains(client_of(at)); });
    std::ranges::stable_sort(within, std::greater{}, &Prefix::length);
    const auto place = sources.find(at).place;
    return geo::evaluate(policy, six_sites, {place, within}, outcomes);
}

/// The outcomes of a map in all pieces.
class Truth {
 public:
    Truth(const Pieces& pieces, const Map& map) : pieces_{pieces} {
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            outcomes_.push_back(map.find(pieces.start(i)).outcome);
            const bool differs = i > 0 && outcomes_[i] != outcomes_[i - 1];
            changes_.push_back(i == 0 ? 0 : changes_[i - 1] + (differs ? 1 : 0));
        }
    }
    [[nodiscard]] geo::OutcomeId outcome(std::size_t piece) const { return outcomes_[piece]; }
    /// True when every address in the prefix has this outcome.
    [[nodiscard]] bool all(const Prefix& inside, geo::OutcomeId outcome) const {
        const auto first = pieces_.piece_of(inside.address);
        const auto last = pieces_.piece_of(support::last_of(inside));
        return outcomes_[first] == outcome && changes_[first] == changes_[last];
    }

 private:
    const Pieces& pieces_;
    std::vector<geo::OutcomeId> outcomes_;
    std::vector<std::size_t> changes_;
};

/// A scope is right when all in it have the client's outcome, and not all in the prefix that is a
/// bit shorter.
std::string fault_at(const Truth& truth, const Map& map, const Address& client) {
    const auto [outcome, scope] = map.find(client);
    if (geo::embedded_v4(client)) return {};
    const auto around = support::prefix_around(client, scope);
    if (!truth.all(around, outcome)) return geo::to_text(around) + " has several outcomes";
    if (scope == 0 || !truth.all(support::sibling(around), outcome)) return {};
    return geo::to_text(around) + " could be shorter";
}

/// Cuts where the leaves of a tree begin.
void cut_at_leaves(const geo::PrefixTree& tree, geo::PrefixTree::Position at, const Prefix& here,
                   Pieces& pieces) {
    if (at.leaf) {
        pieces.cut_at(here);
        return;
    }
    const auto [zero, one] = tree.split(at.value);
    const auto length = here.length + 1U;
    const auto low = support::prefix_around(here.address, length);
    cut_at_leaves(tree, zero, low, pieces);
    cut_at_leaves(tree, one, support::sibling(low), pieces);
}

void check_world(std::uint64_t seed) {
    CAPTURE(seed);
    support::RandomWorld world{seed};
    const auto maps = compile(world.sources(), world.policies());
    for (const auto family : {Family::V4, Family::V6}) {
        const auto pieces = world.pieces(family);
        for (std::size_t which = 0; which < maps.size(); ++which) {
            const auto& map = *maps[which];
            const Truth truth{pieces, map};
            auto outcomes = map.outcomes();
            for (std::size_t i = 0; i < pieces.size(); ++i) {
                const auto at = pieces.start(i);
                const auto expected =
                    evaluate_at(world.sources(), world.policies()[which], at, outcomes);
                if (truth.outcome(i) != expected)
                    FAIL_CHECK("wrong outcome at " << geo::to_text(at) << " of policy " << which);
                if (const auto fault = fault_at(truth, map, at); !fault.empty()) FAIL_CHECK(fault);
            }
            for (unsigned i = 0; i < 50; ++i) {
                const auto at = support::random_address(world.generator(), family);
                const auto [outcome, scope] = map.find(at);
                CHECK(outcome == truth.outcome(pieces.piece_of(at)));
                const auto inside = support::prefix_around(at, scope);
                const auto other = support::random_address_in(world.generator(), inside);
                CHECK(map.find(other).outcome == outcome);
                CHECK(map.find(other).scope == scope);
            }
        }
    }
}

}  // namespace

TEST_CASE("in random worlds a map says everywhere what its policy says, in the shortest scopes") {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) check_world(seed);
}

TEST_CASE("a client inside an IPv6 address has the outcome and the scope of its own address") {
    for (std::uint64_t seed = 101; seed <= 110; ++seed) {
        CAPTURE(seed);
        support::RandomWorld world{seed};
        const auto maps = compile(world.sources(), world.policies());
        const auto pieces = world.pieces(Family::V4);
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            const auto client = pieces.start(i);
            const auto own = maps[0]->find(client);
            for (const auto embedding : support::embeddings) {
                const Bits rest = Bits{world.generator()()} << 64 | world.generator()();
                const auto found = maps[0]->find(support::embed(embedding, client, rest));
                CHECK(found.outcome == own.outcome);
                CHECK(found.scope == own.scope + support::offset_of(embedding));
            }
        }
    }
}

TEST_CASE("a map is the same whatever is compiled beside it") {
    for (std::uint64_t seed = 201; seed <= 210; ++seed) {
        CAPTURE(seed);
        support::RandomWorld world{seed};
        const auto together = compile(world.sources(), world.policies());
        const std::vector<std::string> names{"a", "b", "c", "d", "e", "f"};
        for (std::size_t which = 0; which < together.size(); ++which) {
            const auto alone = compile(world.sources(), {world.policies()[which]});
            CHECK(alone[0]->leaf_count() == together[which]->leaf_count());
            for (unsigned i = 0; i < 100; ++i) {
                const auto family = i % 2 == 0 ? Family::V4 : Family::V6;
                const auto at = support::random_address(world.generator(), family);
                const auto a = alone[0]->find(at);
                const auto b = together[which]->find(at);
                CHECK(a.scope == b.scope);
                CHECK(alone[0]->outcomes().to_text(a.outcome, names) ==
                      together[which]->outcomes().to_text(b.outcome, names));
            }
        }
    }
}

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

TEST_CASE("with the built-in database scopes are right and as short as can be") {
    geo::Problems problems;
    const auto sources = Sources::open({}, problems);
    REQUIRE(sources.has_value());
    auto regions = of_kind(Policy::Kind::Geo);
    for (geo::EdgeIndex i = 0; i < six_sites.size(); ++i) regions.children.push_back(edge(i));
    const auto row = [&](Match::Kind kind, const char* area, std::uint32_t child) {
        Match match;
        match.kind = kind;
        match.area = Code{area};
        regions.rows.push_back({match, child});
    };
    row(Match::Kind::Continent, "EU", 1);
    row(Match::Kind::Continent, "NA", 0);
    row(Match::Kind::Continent, "SA", 4);
    row(Match::Kind::Country, "GB", 0);
    row(Match::Kind::Country, "IN", 5);
    row(Match::Kind::Country, "AU", 3);
    regions.rows.push_back({{}, 2});
    regions.rows.push_back({{.kind = Match::Kind::Prefix, .prefix = prefix("193.0.6.0/23")}, 3});
    const std::vector policies{ranked_all(Policy::Kind::Nearest), regions};
    const auto maps = compile(*sources, policies);

    Generator generator{12};
    const auto* database = sources->databases(Family::V4).at(0);
    Pieces v4{Family::V4};
    cut_at_leaves(*database, database->root(Family::V4), prefix("0.0.0.0/0"), v4);
    v4.cut_at(prefix("193.0.6.0/23"));
    v4.sort();
    Pieces v6{Family::V6};
    cut_at_leaves(*database, database->root(Family::V6), prefix("::/0"), v6);
    v6.cut_at(prefix("::/8"));
    v6.cut_as_embedded(v4, 100);
    v6.sort();
    for (const auto* pieces : {&v4, &v6}) {
        for (std::size_t which = 0; which < policies.size(); ++which) {
            const auto& map = *maps[which];
            const Truth truth{*pieces, map};
            auto outcomes = map.outcomes();
            for (unsigned i = 0; i < 5000; ++i) {
                const auto start = pieces->start(draw(generator, 0, pieces->size() - 1));
                const auto at = support::random_address_in(
                    generator, support::prefix_around(start, start.family == Family::V4 ? 20 : 40));
                if (map.find(at).outcome != evaluate_at(*sources, policies[which], at, outcomes)) {
                    FAIL_CHECK("wrong outcome at " << geo::to_text(at));
                }
                if (const auto fault = fault_at(truth, map, at); !fault.empty()) FAIL_CHECK(fault);
            }
        }
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
