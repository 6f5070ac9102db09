// SPDX-License-Identifier: Apache-2.0
#include "geo/compiler.hpp"

#include "tests/support/mmdb_writer.hpp"
#include "tests/support/random_space.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

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
using support::draw;
using support::Generator;
using support::prefix;

namespace {

const geo::EdgeSites sites{
    geo::EdgeSite{{40.7, -74.0}},   // New York
    geo::EdgeSite{{50.1, 8.7}},     // Frankfurt
    geo::EdgeSite{{1.35, 103.8}},   // Singapore
    geo::EdgeSite{{-33.9, 151.2}},  // Sydney
    geo::EdgeSite{{-23.5, -46.6}},  // São Paulo
    geo::EdgeSite{{19.1, 72.9}},    // Mumbai
};

Policy edge(geo::EdgeIndex index) {
    Policy policy;
    policy.edge = index;
    return policy;
}

Policy of_kind(Policy::Kind kind) {
    Policy policy;
    policy.kind = kind;
    return policy;
}

Policy nearest_of_all() {
    auto policy = of_kind(Policy::Kind::Nearest);
    for (geo::EdgeIndex i = 0; i < sites.size(); ++i) policy.children.push_back(edge(i));
    policy.biases.resize(sites.size());
    return policy;
}

std::vector<std::shared_ptr<const Map>> compile(const Sources& sources,
                                                const std::vector<Policy>& policies) {
    std::vector<geo::MapRequest> requests;
    for (const auto& policy : policies) requests.push_back({&policy, &sites});
    auto maps = geo::compile(sources, requests);
    if (!maps) FAIL(maps.error().text);
    REQUIRE(maps->size() == policies.size());
    return *maps;
}

void collect_prefixes(const Policy& policy, std::vector<Prefix>& into) {
    for (const auto& row : policy.rows) {
        if (row.match.kind == Match::Kind::Prefix) into.push_back(row.match.prefix);
    }
    for (const auto& child : policy.children) collect_prefixes(child, into);
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
    return geo::evaluate(policy, sites, {place, within}, outcomes);
}

/// All places in one family where something may change, and so pieces of the address space within
/// which nothing does.
class Pieces {
 public:
    explicit Pieces(Family family) : family_{family}, starts_{0} {}

    void cut_at(const Prefix& named) {
        if (named.address.family != family_) return;
        if (starts_.back() != named.address.bits) starts_.push_back(named.address.bits);
        if (const auto next = support::behind(named)) starts_.push_back(next->bits);
    }
    /// IPv6 has the clients of IPv4 in it: cuts there as these pieces are cut.
    void cut_as_embedded(const Pieces& v4, std::size_t step = 1) {
        for (const auto embedding : support::embeddings) {
            cut_at(support::space_of(embedding));
            for (std::size_t i = 0; i < v4.starts_.size(); i += step) {
                // Teredo counts down: its pieces begin at the complement of their last address.
                const bool down = embedding == support::Embedding::Teredo;
                const Bits start = down ? v4.starts_[i] - (Bits{1} << 96) : v4.starts_[i];
                const Address client{Family::V4, start & geo::mask(32)};
                starts_.push_back(support::embed(embedding, client).bits);
            }
        }
    }
    void sort() {
        // Most of it comes in order.
        const auto middle = std::ranges::is_sorted_until(starts_);
        std::ranges::sort(middle, starts_.end());
        std::ranges::inplace_merge(starts_, middle);
        const auto [first, last] = std::ranges::unique(starts_);
        starts_.erase(first, last);
    }
    [[nodiscard]] std::size_t size() const { return starts_.size(); }
    [[nodiscard]] Address start(std::size_t piece) const { return {family_, starts_[piece]}; }
    [[nodiscard]] std::size_t piece_of(const Address& at) const {
        const auto next = std::ranges::upper_bound(starts_, at.bits);
        return static_cast<std::size_t>(next - starts_.begin()) - 1;
    }

 private:
    Family family_;
    std::vector<Bits> starts_;
};

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

// Random databases, places files and policies, small enough to look everywhere.

class World {
 public:
    explicit World(std::uint64_t seed) : generator_{seed} {
        const auto count = draw(generator_, 1, 3);
        for (unsigned i = 0; i < count; ++i) files_.databases.push_back(make_database(i == 0));
        if (draw(generator_, 0, 2) > 0) files_.places = make_places();
        geo::Problems problems;
        sources_ = Sources::open(files_, problems);
        for (const auto& problem : problems) MESSAGE(geo::to_text(problem));
        REQUIRE(sources_.has_value());
        for (unsigned i = 0; i < 3; ++i) policies_.push_back(make_policy(3));
        for (const auto& policy : policies_) collect_prefixes(policy, cuts_);
    }

    [[nodiscard]] const Sources& sources() const { return *sources_; }
    [[nodiscard]] const std::vector<Policy>& policies() const { return policies_; }
    [[nodiscard]] Generator& generator() { return generator_; }

    [[nodiscard]] Pieces pieces(Family family) const {
        Pieces pieces{family};
        for (const auto& placeless : geo::placeless_prefixes()) {
            if (placeless.address.family == family) pieces.cut_at(placeless);
        }
        for (const auto& cut : cuts_) {
            pieces.cut_at(cut);
            // A row of IPv6 in there says something of IPv4.
            if (cut.length > 96 && prefix("::/96").contains(cut.address)) {
                const auto length = static_cast<std::uint8_t>(cut.length - 96);
                pieces.cut_at({
                    {Family::V4, cut.address.bits << 96},
                    length
                });
            }
        }
        if (family == Family::V6) {
            pieces.cut_at(prefix("::/8"));
            pieces.cut_as_embedded(this->pieces(Family::V4));
        }
        pieces.sort();
        return pieces;
    }

 private:
    template <class T, std::size_t N>
    const T& one_of(const T (&choices)[N]) {
        return choices[draw(generator_, 0, N - 1)];
    }
    const char* some_country() {
        static constexpr const char* codes[] = {"DE", "FR", "US", "SG", "BR", "IN", "AU", "ZZ"};
        return one_of(codes);
    }
    /// Often inside of another one, or beside it.
    Prefix some_prefix() {
        const auto family = draw(generator_, 0, 1) == 0 ? Family::V4 : Family::V6;
        static constexpr const char* special[] = {"2001::/16", "2001::/31",     "2001::/33",
                                                  "2002::/15", "2003::/16",     "2002:c000::/24",
                                                  "::/8",      "::/7",          "64:ff9b::/95",
                                                  "::/96",     "::fffe:0:0/95", "2000::/3"};
        auto around = Prefix{
            {family, 0},
            0
        };
        if (!cuts_.empty() && draw(generator_, 0, 1) == 0) {
            around = cuts_[draw(generator_, 0, cuts_.size() - 1)];
        }
        if (draw(generator_, 0, 9) == 0) around = prefix(one_of(special));
        const auto longest = geo::width(around.address.family);
        const auto length = draw(generator_, around.length, std::min(longest, around.length + 9U));
        auto found = support::prefix_around(support::random_address_in(generator_, around),
                                            static_cast<unsigned>(length));
        if (found.length > 0 && draw(generator_, 0, 4) == 0) found = support::sibling(found);
        cuts_.push_back(found);
        return found;
    }
    json some_record(bool flat) {
        json record;
        const double latitude = double(draw(generator_, 0, 18)) * 10 - 90.0;
        const double longitude = double(draw(generator_, 0, 36)) * 10 - 180.0;
        const auto what = draw(generator_, 1, 7);
        if (flat) {
            record["country_code"] = some_country();
            if ((what & 2) != 0) record["latitude"] = latitude, record["longitude"] = longitude;
            return record;
        }
        if ((what & 1) != 0) record["country"]["iso_code"] = some_country();
        if ((what & 2) != 0)
            record["location"] = {
                {"latitude",  latitude },
                {"longitude", longitude}
            };
        if ((what & 4) != 0) record["autonomous_system_number"] = draw(generator_, 64500, 64503);
        if (what == 7) {
            record["subdivisions"] =
                json::array({{{"iso_code", draw(generator_, 0, 1) ? "CA" : "BE"}}});
            record["continent"]["code"] = draw(generator_, 0, 1) ? "EU" : "AS";
        }
        return record;
    }
    std::string make_database(bool first) {
        std::vector<support::MmdbRow> rows;
        const bool flat = draw(generator_, 0, 2) == 0;
        const auto count = draw(generator_, 1, 40);
        for (unsigned i = 0; i < count; ++i) rows.push_back({some_prefix(), some_record(flat)});
        support::MmdbOptions options;
        static constexpr unsigned sizes[] = {24, 28, 32};
        options.record_size = one_of(sizes);
        options.aliases = draw(generator_, 0, 1) == 0;
        if (first) {
            // Countries in both families keep the large built-in database away.
            for (const auto* text : {"0.0.0.0/3", "2400::/7"}) {
                json record;
                if (flat)
                    record["country_code"] = "JP";
                else
                    record["country"]["iso_code"] = "JP";
                rows.push_back({prefix(text), record});
                cuts_.push_back(prefix(text));
            }
        } else if (draw(generator_, 0, 3) == 0) {
            options.ip_version = 4;
            std::erase_if(rows,
                          [](const auto& row) { return row.prefix.address.family == Family::V6; });
            rows.push_back({prefix("128.0.0.0/2"), some_record(flat)});
            cuts_.push_back(prefix("128.0.0.0/2"));
        }
        const auto name = std::to_string(files_.databases.size()) + ".mmdb";
        return folder_.write(name, support::write_mmdb(std::move(rows), options));
    }
    std::string make_places() {
        std::string text;
        std::vector<std::string> known;
        const auto count = draw(generator_, 1, 15);
        for (unsigned i = 0; i < count; ++i) {
            const auto row = geo::to_text(some_prefix());
            if (std::ranges::find(known, row) != known.end()) continue;
            known.push_back(row);
            static constexpr const char* places[] = {",,,DE,", ",,,BR,64501", ",-30,150,,",
                                                     ",,,,64502"};
            text += row + one_of(places) + "\n";
        }
        return folder_.write("places.csv", text);
    }
    Match some_match() {
        Match match;
        match.kind = static_cast<Match::Kind>(draw(generator_, 0, 5));
        switch (match.kind) {
            case Match::Kind::Prefix:
                match.prefix = some_prefix();
                break;
            case Match::Kind::Asn:
                match.asn = static_cast<std::uint32_t>(draw(generator_, 64500, 64504));
                break;
            case Match::Kind::Subdivision:
                match.subdivision = std::string_view{draw(generator_, 0, 1) == 0 ? "CA" : "BE"};
                [[fallthrough]];
            case Match::Kind::Country:
                match.area = Code{some_country()};
                break;
            case Match::Kind::Continent: {
                static constexpr const char* continents[] = {"EU", "AS", "NA", "SA"};
                match.area = Code{one_of(continents)};
                break;
            }
            case Match::Kind::Any:
                break;
        }
        return match;
    }
    Policy make_policy(unsigned depth) {
        const auto some_edge = [&] {
            return edge(static_cast<geo::EdgeIndex>(draw(generator_, 0, sites.size() - 1)));
        };
        if (depth == 0) return some_edge();
        Policy policy;
        static constexpr Policy::Kind kinds[] = {
            Policy::Kind::Edge,     Policy::Kind::Nearest,  Policy::Kind::Latency,
            Policy::Kind::Geo,      Policy::Kind::Geo,      Policy::Kind::Geo,
            Policy::Kind::Weighted, Policy::Kind::Failover, Policy::Kind::All};
        policy.kind = one_of(kinds);
        if (policy.kind == Policy::Kind::Edge) return some_edge();
        policy.answers = static_cast<std::uint16_t>(draw(generator_, 1, 2));
        policy.ranked = static_cast<std::uint16_t>(draw(generator_, 0, 4));
        const bool by_distance =
            policy.kind == Policy::Kind::Nearest || policy.kind == Policy::Kind::Latency;
        const auto count = draw(generator_, 1, 4);
        for (unsigned i = 0; i < count; ++i) {
            policy.children.push_back(by_distance ? some_edge() : make_policy(depth - 1));
            if (by_distance) {
                const auto kilometres = double(draw(generator_, 0, 2000)) - 1000;
                policy.biases.push_back({kilometres, double(draw(generator_, 0, 2)) / 4});
            }
            if (policy.kind == Policy::Kind::Weighted) {
                policy.weights.push_back(static_cast<std::uint32_t>(draw(generator_, 0, 3)));
            }
        }
        if (policy.kind == Policy::Kind::Geo) {
            const auto rows = draw(generator_, 1, 8);
            for (unsigned i = 0; i < rows; ++i) {
                policy.rows.push_back(
                    {some_match(), static_cast<std::uint32_t>(draw(generator_, 0, count - 1))});
            }
        }
        return policy;
    }

    Generator generator_;
    support::TemporaryFolder folder_;
    geo::SourceFiles files_;
    std::vector<Prefix> cuts_;  // all prefixes of all files and policies
    std::optional<Sources> sources_;
    std::vector<Policy> policies_;
};

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
    World world{seed};
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
        World world{seed};
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
        World world{seed};
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
    World world{1};
    const auto maps = compile(world.sources(), {edge(2)});
    CHECK(maps[0]->leaf_count() == 2);
    CHECK(maps[0]->find(support::address("192.0.2.1")).scope == 0);
    CHECK(maps[0]->find(support::address("2001:db8::1")).scope == 0);
}

TEST_CASE("the scope of an IPv6 client never takes in IPv4 clients that fare otherwise") {
    const support::TemporaryFolder folder;
    const std::vector<support::MmdbRow> rows{
        {prefix("192.0.0.0/8"), {{"country_code", "DE"}}},
        {prefix("4000::/3"),    {{"country_code", "FR"}}}
    };
    geo::Problems problems;
    const auto database = folder.write("a.mmdb", support::write_mmdb(rows));
    const auto sources = Sources::open({{database}, {}}, problems);
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
        {"2003::1",        16}, // the other half is 6to4
        {"2001:1::1",      32}, // the other half is Teredo
        {"2000::1",        16},
        {"2400::1",        6 },
        {"3000::1",        4 },
        {"4000::1",        2 },
        {"8000::1",        1 },
        {"::fffe:0:1",     96},
        {"64:ff9b::1:0:0", 96},
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
    for (geo::EdgeIndex i = 0; i < sites.size(); ++i) regions.children.push_back(edge(i));
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
    regions.rows.push_back({
        {.kind = Match::Kind::Prefix, .prefix = prefix("193.0.6.0/23")},
        3
    });
    const std::vector policies{nearest_of_all(), regions};
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
    const std::vector<support::MmdbRow> rows{
        {prefix("0.0.0.0/1"), {{"country_code", "DE"}}},
        {prefix("2000::/3"),  {{"country_code", "FR"}}}
    };
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
    const auto maps = compile(*sources, {nearest_of_all()});
    CHECK(maps[0]->leaf_count() > 1000);
}

TEST_CASE("nothing to compile makes no maps") {
    World world{1};
    const auto maps = geo::compile(world.sources(), {});
    REQUIRE(maps.has_value());
    CHECK(maps->empty());
}

TEST_CASE("as many databases as are allowed are compiled, and one more is an error") {
    const support::TemporaryFolder folder;
    const std::vector<support::MmdbRow> rows{
        {prefix("0.0.0.0/1"), {{"country_code", "DE"}}},
        {prefix("2000::/3"),  {{"country_code", "FR"}}}
    };
    const auto path = folder.write("a.mmdb", support::write_mmdb(rows));
    const Policy policy = edge(0);
    const geo::MapRequest request{&policy, &sites};
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
