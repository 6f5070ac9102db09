// SPDX-License-Identifier: Apache-2.0
// Everywhere, a map says what its policy says, in scopes that are right and as short as can be.

#include "geo/compile/compiler.hpp"
#include "tests/geo/compile/compiled.hpp"
#include "tests/geo/pieces.hpp"
#include "tests/geo/random_world.hpp"
#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace compile_scopes_test {

using geo::Address;
using geo::Bits;
using Code = geo::Code<2>;
using geo::Family;
using geo::Map;
using geo::Match;
using geo::Policy;
using geo::Prefix;
using geo::Sources;
using support::compile;
using support::draw;
using support::edge;
using support::evaluate_at;
using support::Generator;
using support::of_kind;
using support::Pieces;
using support::prefix;
using support::ranked_all;
using support::six_sites;

namespace {

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
void cut_at_leaves(const geo::PrefixTree& tree, geo::PrefixTree::Cursor at, const Prefix& here,
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

}  // namespace compile_scopes_test
