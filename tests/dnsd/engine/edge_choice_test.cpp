// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/respond.hpp"
#include "tests/dnsd/world.hpp"
#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

namespace engine_edge_choice_test {

using support::Lines;
using support::World;

namespace {

/// A world of one zone with edges e0 to e7, IPv4 192.0.2.1N and IPv6 2001:db8::1N, bar those that
/// `members` add, and a steered apex.
World with_steer(const std::string& steer) {
    std::string edges;
    std::string all;
    for (int i = 0; i < 8; ++i) {
        const auto n = std::to_string(i);
        edges += (i > 0 ? ", " : "") + ("\"e" + n) + R"(": {"addresses": ["192.0.2.1)" + n +
                 R"(", "2001:db8::1)" + n + R"("], "location": [)" + std::to_string(10 * i - 35) +
                 ", " + std::to_string(40 * i - 140) + "]}";
        all += (i > 0 ? ", \"e" : "\"e") + n + "\"";
    }
    return World{{support::zone_text(
        "example.",
        R"("@": {"steer": )" + steer + R"(}, "used": {"steer": {"all": [)" + all + "]}}",
        R"("edges": {)" + edges + "}")}};
}

std::set<std::string> last_numbers(const Lines& addresses) {
    std::set<std::string> numbers;
    for (const auto& address : addresses)
        numbers.insert(address.substr(address.find_last_of(".:") + 1));
    return numbers;
}

/// The same world in which the edges of the mask are up, the others down.
World with_health(const World& world, std::uint64_t mask) {
    auto boards = support::with_boards(world);
    for (geo::EdgeIndex edge = 0; edge < 8; ++edge) {
        boards.snapshot.catalog.zones()[0].board->set(edge, {.usable = (mask >> edge & 1) != 0});
    }
    return boards;
}

}  // namespace

TEST_CASE(
    "`answers` and `all` give so many addresses, best first, none twice (RFC 2181 section 5)") {
    struct Row {
        const char* steer;
        std::size_t expected;
    };
    const Row rows[] = {
        {R"({"nearest": ["e0", "e1", "e2", "e3", "e4", "e5"]})", 1},
        {R"({"nearest": ["e0", "e1", "e2", "e3", "e4", "e5"], "answers": 2})", 2},
        {R"({"nearest": ["e0", "e1", "e2"], "answers": 9})", 3},
        {R"({"failover": ["e3", "e1"], "answers": 2})", 2},
        {R"({"weighted": {"e0": 1, "e1": 9, "e2": 3}, "answers": 3})", 3},
        {R"({"all": ["e0", "e1", "e2", "e3", "e4", "e5", "e6"]})", 7},
        {R"({"all": ["e0", {"all": ["e0", "e1"]}, {"failover": ["e1"]}]})", 2},
        {R"({"failover": ["e2", {"all": ["e2", "e4"]}], "answers": 5})", 2},
    };
    for (const auto& [steer, expected] : rows) {
        CAPTURE(steer);
        const auto world = with_steer(steer);
        for (const auto* type : {"A", "AAAA"}) {
            const auto answer = world.from("16.1.2.3").ask("example.", type);
            CHECK(answer.answer.size() == expected);
            CHECK(last_numbers(answer.data(type)).size() == expected);
        }
    }
    CHECK(
        with_steer(R"({"failover": ["e3", "e1"], "answers": 2})").ask("example.", "A").data("A") ==
        Lines{"192.0.2.13", "192.0.2.11"});
}

TEST_CASE("edges that share an address do not make a record stand twice (RFC 2181 section 5)") {
    const World world{
        {support::zone_text("example.", R"("@": {"steer": {"all": ["a", "b", "c"]}})", R"("edges": {
        "a": {"addresses": ["192.0.2.1", "192.0.2.2"]},
        "b": {"addresses": ["192.0.2.2", "192.0.2.3"]},
        "c": {"addresses": ["192.0.2.1"]}})")}};
    CHECK(support::sorted(world.ask("example.", "A").data("A")) ==
          Lines{"192.0.2.1", "192.0.2.2", "192.0.2.3"});
}

TEST_CASE("an edge without an address of the family is NODATA, or gives way if the zone says so") {
    const std::string steer =
        R"("@": {"steer": {"geo": {"country:DE": {"failover": ["only4", "both"]}, "*": "both"}}})";
    const std::string edges = R"("edges": {"only4": {"addresses": "192.0.2.1"},
                                           "both": {"addresses": ["192.0.2.2", "2001:db8::2"]}})";
    for (const auto* say : {"", R"(, "missing_family": "nodata")"}) {
        const World world{{support::zone_text("example.", steer, edges + say)}};
        CHECK(world.ask("example.", "A", "20.1.2.0/24").data("A") == Lines{"192.0.2.1"});
        const auto none = world.ask("example.", "AAAA", "20.1.2.0/24");
        CHECK(none.rcode == "NOERROR");
        CHECK(none.answer.empty());
        CHECK(none.authority.size() == 1);
        CHECK(none.scope() == 14);  // as that of its A
        CHECK(world.ask("example.", "AAAA", "16.1.2.0/24").data("AAAA") == Lines{"2001:db8::2"});
    }
    const World next{
        {support::zone_text("example.", steer, edges + R"(, "missing_family": "next-edge")")}};
    CHECK(next.ask("example.", "A", "20.1.2.0/24").data("A") == Lines{"192.0.2.1"});
    CHECK(next.ask("example.", "AAAA", "20.1.2.0/24").data("AAAA") == Lines{"2001:db8::2"});
    CHECK(next.ask("example.", "AAAA", "20.1.2.0/24").scope() > 0);
}

TEST_CASE("weights are kept: 40,000 answers fit 1 to 3 to 6, none of weight 0") {
    auto world = with_steer(R"({"weighted": {"e0": 1, "e1": 3, "e2": 6, "e3": 0}})");
    const auto query = support::to_bytes(support::Query{.name = "example."});
    geo::Random random{7};
    std::map<unsigned, unsigned> counts;
    support::Bytes out(65535);
    for (int i = 0; i < 40000; ++i) {
        const auto size = engine::respond(world.snapshot, query, world.client, random, out);
        ++counts[out[size - 1] - 10U];  // the last octet of the one address
    }
    CHECK(counts[3] == 0);
    // Six standard deviations.
    CHECK(std::abs(static_cast<int>(counts[0]) - 4000) < 360);
    CHECK(std::abs(static_cast<int>(counts[1]) - 12000) < 550);
    CHECK(std::abs(static_cast<int>(counts[2]) - 24000) < 590);
}

TEST_CASE("edges that are down are not answered while one is up; all down is as all up") {
    support::Generator generator{20};
    const char* steers[] = {
        R"({"nearest": ["e0", "e1", "e2", "e3", "e4", "e5", "e6", "e7"], "ranked": 8})",
        R"({"failover": ["e5", "e3", {"all": ["e0", "e1"]}, "e7"]})",
        R"({"all": ["e0", "e1", "e2", "e3", "e4", "e5", "e6", "e7"]})",
        R"({"weighted": {"e0": 1, "e1": 3, "e2": 6, "e3": 0, "e6": 5}, "answers": 2})",
        R"({"geo": {"country:DE": {"nearest": ["e1", "e2", "e3"], "answers": 2}, "*": {"failover": ["e4", "e0"]}}})",
    };
    for (const auto* steer : steers) {
        CAPTURE(steer);
        const auto world = with_steer(steer);
        // Finding all down takes draws, so that the same draws do not come again.
        const bool drawn = std::string_view{steer}.find("weighted") != std::string_view::npos;
        for (int round = 0; round < 300; ++round) {
            const auto mask = support::draw(generator, 0, 255);
            auto degraded = with_health(world, mask);
            const auto client = support::random_address_in(
                generator, support::prefix(round % 2 == 0 ? "16.0.0.0/4" : "2400::/6"));
            degraded.client.address = client;
            const auto healthy = world.from(client);
            for (const auto* type : {"A", "AAAA"}) {
                const auto got = degraded.ask("example.", type).data(type);
                REQUIRE_FALSE(got.empty());
                const auto up = [&](const std::string& number) {
                    return (mask >> (std::stoul(number) - 10) & 1) != 0;
                };
                const auto numbers = last_numbers(got);
                if (std::ranges::none_of(numbers, up)) {
                    CHECK((drawn || got == healthy.ask("example.", type).data(type)));
                } else {
                    CHECK(std::ranges::all_of(numbers, up));
                }
            }
        }
        const auto down = with_health(world, 0);
        CHECK((drawn || down.ask("example.", "A").answer == world.ask("example.", "A").answer));
    }
}

TEST_CASE("A and AAAA come from one decision for 5,000 clients") {
    support::Generator generator{21};
    const auto world = with_steer(
        R"({"geo": {"country:DE": {"nearest": ["e1", "e2", "e3"]}, "country:US": "e4",
                    "20.5.0.0/16": "e7", "*": {"nearest": ["e0", "e5", "e6"]}}})");
    for (int i = 0; i < 5000; ++i) {
        const auto client = support::random_address_in(
            generator, support::prefix(i % 2 == 0 ? "16.0.0.0/4" : "2000::/4"));
        const auto asked = world.from(client);
        const auto v4 = last_numbers(asked.ask("example.", "A").data("A"));
        const auto v6 = last_numbers(asked.ask("example.", "AAAA").data("AAAA"));
        REQUIRE(v4.size() == 1);
        REQUIRE(v4 == v6);
    }
}

}  // namespace engine_edge_choice_test
