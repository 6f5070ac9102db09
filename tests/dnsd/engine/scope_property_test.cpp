// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/respond.hpp"
#include "tests/dnsd/world.hpp"
#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <iterator>
#include <set>
#include <tuple>

namespace engine_scope_property_test {

using geo::Family;
using support::draw;
using support::Generator;
using support::Opt;
using support::Query;
using support::World;

namespace {

constexpr unsigned edge_count = 6;

std::string edge_name(std::uint64_t number) {
    return "\"e" + std::to_string(number) + "\"";
}

/// Some lack a family, so that some clients find no address where others do.
enum class Families { All, Some };

std::string addresses_text(unsigned edge, Families families) {
    const auto v4 = "\"192.0.2." + std::to_string(edge) + "\"";
    const auto v6 = "\"2001:db8::" + std::to_string(edge) + "\"";
    if (families == Families::Some && edge % 3 == 1) return v4;
    if (families == Families::Some && edge % 3 == 2) return v6;
    return "[" + v4 + ", " + v6 + "]";
}

std::string edges_text(Families families) {
    std::string text;
    for (unsigned i = 0; i < edge_count; ++i) {
        text += (i > 0 ? ", " : "") + edge_name(i) + R"(: {"addresses": )" +
                addresses_text(i, families) + R"(, "location": [)" +
                std::to_string(60 - 20 * static_cast<int>(i)) + ", " +
                std::to_string(55 * static_cast<int>(i) - 140) + "]}";
    }
    return R"("edges": {)" + text + "}";
}

/// A few edges in random order, none twice.
std::string edge_list(Generator& generator) {
    const auto first = draw(generator, 0, edge_count - 1);
    const auto count = draw(generator, 1, edge_count);
    std::string text;
    for (std::uint64_t i = 0; i < count; ++i)
        text += (i > 0 ? ", " : "") + edge_name((first + i) % edge_count);
    return "[" + text + "]";
}

/// A policy without weights: its answer follows from the client alone.
std::string policy(Generator& generator, unsigned depth) {
    const auto answers = ", \"answers\": " + std::to_string(draw(generator, 1, 3));
    switch (draw(generator, depth > 2 ? 2 : 0, 4)) {
        case 0:
        case 1: {
            std::string rows = R"("*": )" + policy(generator, depth + 1);
            rows += R"(, "country:DE": )" + policy(generator, depth + 1);
            rows += R"(, "continent:AS": )" + policy(generator, depth + 1);
            std::set<std::string> named;
            for (int i = 0; i < 8; ++i) {
                const auto space = support::prefix(i % 2 == 0 ? "16.0.0.0/4" : "2400::/6");
                const auto inside = support::random_address_in(generator, space);
                const auto length = draw(generator, 6, 32) * (i % 2 == 0 ? 1 : 4);
                const auto row = support::prefix_around(inside, static_cast<unsigned>(length));
                if (!named.insert(geo::to_text(row)).second) continue;
                rows += ", \"" + geo::to_text(row) + "\": " + policy(generator, depth + 1);
            }
            return R"({"geo": {)" + rows + "}}";
        }
        case 2:
            return R"({"nearest": )" + edge_list(generator) + answers + "}";
        case 3:
            return R"({"failover": )" + edge_list(generator) + answers + "}";
        default:
            return edge_name(draw(generator, 0, edge_count - 1));
    }
}

World random_world(std::uint64_t seed, Families families = Families::All,
                   const std::string& members = {}) {
    Generator generator{seed};
    std::string all;
    for (unsigned i = 0; i < edge_count; ++i) all += (i > 0 ? ", " : "") + edge_name(i);
    return World{{support::zone_text("example.",
                                     R"("@": {"steer": )" + policy(generator, 0) +
                                         R"(}, "used": {"steer": {"all": [)" + all + "]}}",
                                     edges_text(families) + members)}};
}

/// Mostly where countries are known; sometimes anywhere, or an IPv6 address that carries IPv4.
geo::Address random_client(Generator& generator) {
    switch (draw(generator, 0, 5)) {
        case 0:
            return support::random_address(generator, Family::V4);
        case 1:
            return support::random_address(generator, Family::V6);
        case 2: {
            const auto v4 = support::random_address_in(generator, support::prefix("16.0.0.0/4"));
            return support::embed(support::embeddings[draw(generator, 0, 3)], v4);
        }
        case 3:
            return support::random_address_in(generator, support::prefix("2400::/6"));
        default:
            return support::random_address_in(generator, support::prefix("16.0.0.0/4"));
    }
}

Query subnet_query(const char* type, const geo::Prefix& subnet) {
    return {
        .name = "example.", .type = type, .opt = Opt{.options = {support::client_subnet(subnet)}}};
}

}  // namespace

TEST_CASE(
    "every address inside a scope gets the same answer, A and AAAA (RFC 7871 section 7.2.1)") {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        CAPTURE(seed);
        const auto world = random_world(seed);
        Generator generator{seed + 1000};
        for (int i = 0; i < 60; ++i) {
            const auto client = random_client(generator);
            if (!geo::routable(client)) continue;
            const auto full = geo::width(client.family);
            for (const auto* type : {"A", "AAAA"}) {
                const auto first =
                    world.ask(subnet_query(type, support::prefix_around(client, full)));
                REQUIRE(first.rcode == "NOERROR");
                const auto scope = static_cast<unsigned>(first.scope());
                const auto inside = support::prefix_around(client, scope);
                for (int probe = 0; probe < 8; ++probe) {
                    auto other = support::random_address_in(generator, inside);
                    if (probe == 0) other = inside.address;
                    if (probe == 1) other = support::last_of(inside);
                    if (!geo::routable(other)) continue;
                    CAPTURE(geo::to_text(client));
                    CAPTURE(geo::to_text(other));
                    const auto again =
                        world.ask(subnet_query(type, support::prefix_around(other, full)));
                    REQUIRE(again.answer == first.answer);
                    REQUIRE(again.scope() == first.scope());
                    // A resolver that asks for itself gets what it would as a subnet.
                    REQUIRE(world.from(other).ask("example.", type).answer == first.answer);
                }
            }
        }
    }
}

TEST_CASE(
    "inside a scope all get the same answer, none too, and TTL in every state of health (RFC 7871 "
    "section 7.2.1)") {
    const std::tuple<Families, const char*, bool> rows[] = {
        {Families::All, "", false},
        {Families::Some, R"(, "missing_family": "nodata")", true},
        {Families::All, R"(, "all_down": "nodata")", true},
        {Families::Some, R"(, "missing_family": "next-edge", "all_down": "nodata")", true},
        {Families::Some, R"(, "missing_family": "nodata", "all_down": {"last_resort": "e1"})",
         true},
    };
    unsigned empty = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        const auto& [families, members, none_for_some] = rows[seed % std::size(rows)];
        const auto world = support::with_boards(random_world(seed, families, members));
        auto& board = *world.snapshot.catalog.zones()[0].board;
        Generator generator{seed + 2000};
        for (int i = 0; i < 60; ++i) {
            const auto client = random_client(generator);
            if (!geo::routable(client)) continue;
            for (geo::EdgeIndex edge = 0; edge < edge_count; ++edge) {
                board.set(edge, {.usable = draw(generator, 0, 1) == 1,
                                 .ttl_limit = static_cast<std::uint32_t>(draw(generator, 0, 90))});
            }
            const auto full = geo::width(client.family);
            const auto* type = i % 2 == 0 ? "A" : "AAAA";
            const auto first = world.ask(subnet_query(type, support::prefix_around(client, full)));
            REQUIRE(first.rcode == "NOERROR");
            if (!none_for_some) REQUIRE_FALSE(first.answer.empty());
            empty += first.answer.empty();
            const auto inside =
                support::prefix_around(client, static_cast<unsigned>(first.scope()));
            for (int probe = 0; probe < 8; ++probe) {
                auto other = support::random_address_in(generator, inside);
                if (probe == 0) other = inside.address;
                if (probe == 1) other = support::last_of(inside);
                if (!geo::routable(other)) continue;
                CAPTURE(geo::to_text(client));
                CAPTURE(geo::to_text(other));
                const auto again =
                    world.ask(subnet_query(type, support::prefix_around(other, full)));
                REQUIRE(again.answer == first.answer);  // with the TTL
                REQUIRE(again.authority == first.authority);
                REQUIRE(again.scope() == first.scope());
            }
        }
    }
    CHECK(empty > 200);
}

TEST_CASE("the scope is the same whatever source prefix leads to the address") {
    const auto world = random_world(77);
    Generator generator{78};
    for (int i = 0; i < 300; ++i) {
        const auto client = random_client(generator);
        const auto full = geo::width(client.family);
        const auto length = static_cast<unsigned>(draw(generator, 1, full));
        const auto subnet = support::prefix_around(client, length);
        if (!geo::routable(subnet.address)) continue;
        const auto wide = world.ask(subnet_query("A", subnet));
        const auto exact =
            world.ask(subnet_query("A", support::prefix_around(subnet.address, full)));
        REQUIRE(wide.answer == exact.answer);
        REQUIRE(wide.scope() == exact.scope());
    }
}

TEST_CASE("UDP and TCP answer alike for all kinds of clients (RFC 7871 section 7.2.1)") {
    const auto world = random_world(5);
    const auto tcp = world.over_tcp();
    Generator generator{6};
    for (int i = 0; i < 300; ++i) {
        const auto client = random_client(generator);
        const auto subnet = support::prefix_around(client, geo::width(client.family) / 2);
        const auto query = subnet_query(i % 2 == 0 ? "A" : "AAAA", subnet);
        REQUIRE(world.from(client).ask(query).bytes == tcp.from(client).ask(query).bytes);
    }
}

}  // namespace engine_scope_property_test
