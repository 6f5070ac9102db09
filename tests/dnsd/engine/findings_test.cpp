// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/lookup.hpp"
#include "tests/dnsd/world.hpp"
#include "zones/name/record_type.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace engine_findings_test {

using support::World;
using Texts = std::vector<std::string>;

namespace {

const World& world() {
    static const World instance{{support::zone_text("example.",
                                                    R"(
        "www": {"A": ["192.0.2.1", "192.0.2.2"]},
        "alias": {"CNAME": "www"},
        "loud": {"CNAME": "WWW.Example."},
        "twice": {"CNAME": "alias"},
        "away": {"CNAME": "www.example.org."},
        "nowhere": {"CNAME": "none"},
        "old": {"DNAME": "new"},
        "www.new": {"CNAME": "www"},
        "old-away": {"DNAME": "example.org."},
        "sub": {"NS": "ns.sub", "DS": "1 8 2 )" + std::string(64, 'a') +
                                                        R"("},
        "ns.sub": {"A": "192.0.2.9"},
        "*.wild": {"A": "192.0.2.3"},
        "a.deep": {"A": "192.0.2.4"},
        "near": {"steer": {"nearest": ["newyork", "frankfurt", "plain4"], "ttl": 30}},
        "only6": {"steer": {"nearest": ["plain4"]}})",
                                                    R"("edges": {
        "newyork":   {"addresses": ["192.0.2.11", "2001:db8::1"], "location": [40.7, -74.0]},
        "frankfurt": {"addresses": ["192.0.2.12", "2001:db8::2"], "location": [50.1, 8.7]},
        "plain4":    {"addresses": ["192.0.2.13"], "location": [1.35, 103.8]}})")}};
    return instance;
}

/// A query as reading leaves it, but made without octets.
engine::Query query_for(const World& asked, std::string_view name, const std::string& type) {
    engine::Query query;
    query.client = asked.client;
    query.request.name = zones::Name::from_text(name, zones::Name{}).value();
    query.request.type = support::type_number(type);
    query.served = asked.snapshot.catalog.find(query.request.name);
    query.lookup = query.served->zone->look_up(query.request.name);
    return query;
}

/// Findings in words, for tables.
struct InWords {
    const zones::Zone& zone;

    std::string operator()(const engine::PlainSet& found) const {
        return zones::type_text(found.set->type) + " " + std::to_string(found.set->rr_count);
    }
    std::string operator()(const engine::SteeredSet& found) const {
        std::string text = "edges";
        for (const auto edge : found.answer.edges) text += " " + zone.edges()[edge].name;
        return text + " " + std::to_string(found.answer.ttl);
    }
    std::string operator()(const engine::Alias&) const { return "alias"; }
    std::string operator()(const engine::Substitution& found) const {
        return found.too_long ? "too long" : "substitution " + std::to_string(found.kept);
    }
    std::string operator()(const engine::Cut& found) const {
        return "cut " + std::to_string(found.name_servers->rr_count);
    }
    std::string operator()(const engine::AllTypes&) const { return "all types"; }
    std::string operator()(const engine::NoType& found) const {
        return "no type" + limit(found.ttl_limit);
    }
    std::string operator()(const engine::NoName& found) const {
        return "no name" + limit(found.ttl_limit);
    }
    std::string operator()(const engine::Observed& found) const {
        return found.observation == nullptr ? "to be observed" : "observed";
    }
    std::string operator()(const engine::Unproved&) const { return "unproved"; }

 private:
    static std::string limit(std::uint32_t ttl) {
        return ttl == geo::EdgeHealth::no_limit ? "" : " " + std::to_string(ttl);
    }
};

/// All findings of a query, to the end of its aliases.
Texts findings_of(const World& asked, const engine::Query& query,
                  const engine::Observation* observation = nullptr) {
    geo::Random random{1};
    engine::Findings findings{asked.snapshot, query, random, observation};
    const InWords in_words{*query.served->zone};
    Texts texts{std::visit(in_words, findings.first().what)};
    while (findings.goes_on()) texts.push_back(std::visit(in_words, findings.next().what));
    return texts;
}

Texts findings_of(const World& asked, std::string_view name, const std::string& type) {
    return findings_of(asked, query_for(asked, name, type));
}

}  // namespace

TEST_CASE("each name has a finding, and each alias inside the zone one more") {
    struct Row {
        const char* name;
        const char* type;
        Texts expected;
    };
    const std::string far(63, 'x');
    const auto longest = far + "." + far + "." + far + "." + std::string(46, 'y') + ".old.example.";
    const Row rows[] = {
        {"www.example.", "A", {"A 2"}},
        {"www.example.", "TXT", {"no type"}},
        {"www.example.", "ANY", {"all types"}},
        {"example.", "NS", {"NS 2"}},
        {"deep.example.", "A", {"no type"}},
        {"deep.example.", "ANY", {"no type"}},
        {"none.example.", "A", {"no name"}},
        {"any.wild.example.", "A", {"A 1"}},
        {"alias.example.", "A", {"alias", "A 2"}},
        {"alias.example.", "CNAME", {"CNAME 1"}},
        {"alias.example.", "ANY", {"alias"}},
        {"loud.example.", "A", {"alias", "A 2"}},
        {"twice.example.", "AAAA", {"alias", "alias", "no type"}},
        {"away.example.", "A", {"alias"}},
        {"nowhere.example.", "A", {"alias", "no name"}},
        {"www.old.example.", "A", {"substitution 4", "alias", "A 2"}},
        {"x.y.old.example.", "A", {"substitution 4", "no name"}},
        {"www.old.example.", "CNAME", {"substitution 4"}},
        {"x.old-away.example.", "A", {"substitution 2"}},
        {longest.c_str(), "A", {"substitution 239", "no name"}},
        {"sub.example.", "A", {"cut 1"}},
        {"a.b.sub.example.", "A", {"cut 1"}},
        {"sub.example.", "DS", {"DS 1"}},
        {"a.sub.example.", "DS", {"cut 1"}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CAPTURE(row.type);
        CHECK(findings_of(world(), row.name, row.type) == row.expected);
    }
}

TEST_CASE("a finding says where in the zone it was made") {
    const auto at = [](std::string_view name) {
        const auto query = query_for(world(), name, "A");
        geo::Random random{1};
        engine::Findings findings{world().snapshot, query, random, nullptr};
        return findings.first().at;
    };
    CHECK(at("any.wild.example.").found == zones::Zone::Found::Wildcard);
    CHECK(at("a.b.sub.example.").label == 2);
    CHECK(at("a.b.none.example.").label == 3);  // the closest encloser is the apex
    CHECK(at("a.b.none.example.").node == at("c.example.").node);
}

TEST_CASE("a chain of aliases ends where a zone may have none that is longer") {
    std::string records = R"("a0": {"A": "192.0.2.1"})";
    for (std::size_t i = 1; i <= zones::max_chain; ++i) {
        const auto number = [](std::size_t n) { return "a" + std::to_string(n); };
        records += ", \"" + number(i) + R"(": {"CNAME": ")" + number(i - 1) + "\"}";
    }
    const World chain{{support::zone_text("example.", records)}};
    const auto last = "a" + std::to_string(zones::max_chain) + ".example.";
    Texts expected(zones::max_chain, "alias");
    expected.emplace_back("A 1");
    CHECK(findings_of(chain, last, "A") == expected);
}

TEST_CASE("a steered name is found as the edges that have an address of the family") {
    struct Row {
        const char* client;
        const char* name;
        const char* type;
        std::string expected;
        bool steered;
    };
    const Row rows[] = {
        {"16.0.0.1", "near.example.", "A", "edges newyork 30", true},
        {"20.0.0.1", "near.example.", "AAAA", "edges frankfurt 30", true},
        {"20.0.0.1", "near.example.", "TXT", "no type", false},
        // Health sees no edge down, so an edge without an IPv6 address is answered with none.
        {"24.0.0.1", "near.example.", "A", "edges plain4 30", true},
        {"24.0.0.1", "near.example.", "AAAA", "no type 30", true},
        // No client gets one, so the zone's own negative TTL holds.
        {"24.0.0.1", "only6.example.", "AAAA", "no type", true},
    };
    for (const auto& row : rows) {
        CAPTURE(row.client);
        CAPTURE(row.name);
        CAPTURE(row.type);
        const auto asked = world().from(row.client);
        const auto query = query_for(asked, row.name, row.type);
        CHECK(findings_of(asked, query) == Texts{row.expected});
        geo::Random random{1};
        engine::Findings findings{asked.snapshot, query, random, nullptr};
        static_cast<void>(findings.first());
        REQUIRE(findings.steering().has_value() == row.steered);
        if (!row.steered) continue;
        CHECK(findings.steering()->locating.address == asked.client.address);
        CHECK(findings.steering()->chosen.picked.edges.size() == 1);
        CHECK(findings.steering()->scope == 0);  // there is no client subnet
    }
}

TEST_CASE("the scope of a steered finding is that of the subnet that decided") {
    const auto asked = world().from("24.0.0.1");
    const auto scope_for = [&](std::string_view name, std::string_view type) {
        auto query = query_for(asked, name, std::string{type});
        auto& subnet = query.request.edns.emplace().subnet.emplace();
        subnet.prefix = *geo::read_prefix("16.1.2.0/24");
        geo::Random random{1};
        engine::Findings findings{asked.snapshot, query, random, nullptr};
        static_cast<void>(findings.first());
        CHECK(findings.steering()->locating.by_subnet);
        return findings.steering()->scope;
    };
    CHECK(scope_for("near.example.", "A") == 6);
    CHECK(scope_for("near.example.", "AAAA") == 6);
    CHECK(scope_for("only6.example.", "AAAA") == 0);
}

TEST_CASE("an observed name is a finding for observers whose address is proved") {
    auto asked = world().from("198.51.100.1");
    const auto probes = [&](const char* type, const engine::Observation* observation = nullptr) {
        return findings_of(asked, query_for(asked, "_probes.example.", type), observation);
    };
    CHECK(probes("TXT") == Texts{"no name"});
    asked.snapshot.observers = {*geo::read_prefix("198.51.100.0/24")};
    CHECK(probes("TXT") == Texts{"unproved"});
    asked.client.transport = engine::Transport::Tcp;
    CHECK(probes("TXT") == Texts{"to be observed"});
    CHECK(probes("ANY") == Texts{"to be observed"});
    CHECK(probes("A") == Texts{"no type 0"});
    CHECK(findings_of(asked, "lisbon._probes.example.", "TXT") == Texts{"no name 0"});
    const engine::Observation observation{.lines = {"a line"}};
    CHECK(probes("TXT", &observation) == Texts{"observed"});
}

}  // namespace engine_findings_test
