// SPDX-License-Identifier: Apache-2.0
#include "probes/path/latency_store.hpp"

#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace path_latency_store_test {

using namespace std::chrono_literals;
using geo::Population;
using probes::LatencyStore;
using support::address;
using support::draw;

namespace {

const std::chrono::sys_seconds now{1'795'530'000s};

std::string line(unsigned milliseconds, std::chrono::sys_seconds seen = now,
                 const std::string& more = {}) {
    return "rtt=" + std::to_string(milliseconds) +
           "ms samples=3 seen=" + std::to_string(seen.time_since_epoch().count()) + more;
}

/// All that counts, a line each.
std::vector<std::string> all(const LatencyStore& store) {
    std::vector<std::string> lines;
    store.each([&](const std::string& edge, Population population, const geo::Prefix& network,
                   const LatencyStore::Figures& figures) {
        lines.push_back(edge + " " + probes::network_owner(network, population) + " " +
                        std::to_string(static_cast<int>(figures.round_trip_ms)));
    });
    std::ranges::sort(lines);
    return lines;
}

std::string owner_of(std::uint64_t number) {
    return "20-" + std::to_string(number >> 8) + "-" + std::to_string(number & 255) +
           "-0/24.clients";
}

}  // namespace

TEST_CASE("each edge's figures of a network are kept by population, the latest word counts") {
    LatencyStore store;
    store.hear("newyork", "20-1-2-0/24.clients", line(10), now);
    store.hear("newyork", "20-1-2-0/24.clients", line(11), now);
    store.hear("newyork", "20-1-2-0/24.resolvers", line(12), now);
    store.hear("paris", "2a00:1:2::/48.clients", line(13), now);
    CHECK(all(store) == std::vector<std::string>{"newyork 20-1-2-0/24.clients 11",
                                                 "newyork 20-1-2-0/24.resolvers 12",
                                                 "paris 2a00:1:2::/48.clients 13"});
    store.take_back("newyork", "20-1-2-0/24.clients");
    CHECK(store.size() == 2);
    store.forget("paris");
    CHECK(all(store) == std::vector<std::string>{"newyork 20-1-2-0/24.resolvers 12"});
}

TEST_CASE("landmarks, the way home and whether a relay is watched are told and taken back") {
    LatencyStore store;
    store.hear("newyork", "london.landmarks", line(70, now, " lat=51.50 lon=-0.13"), now);
    store.hear("newyork", "home", line(40), now);
    store.hear("newyork", "node", "version=1 relay=yes", now);
    CHECK(store.landmarks("newyork").at("london").at == geo::Coordinates{51.5, -0.13});
    CHECK(store.home_ms("newyork") == 40);
    CHECK(store.reports("newyork"));
    CHECK(store.landmarks("paris").empty());
    CHECK(!store.home_ms("paris"));
    for (const auto* owner : {"london.landmarks", "home", "node"})
        store.take_back("newyork", owner);
    CHECK(store.landmarks("newyork").empty());
    CHECK(!store.home_ms("newyork"));
    CHECK(!store.reports("newyork"));
}

TEST_CASE("only the whole word says that a relay is watched") {
    struct Row {
        const char* text;
        bool expected;
    };
    const Row rows[] = {
        {"relay=yes", true},
        {"a=b relay=yes c=d", true},
        {"relay=no", false},
        {"relay=yesterday", false},
        {"other-relay=yes", false},
        {"relay=yes,relay=no", false},
        {"", false},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        LatencyStore store;
        store.hear("newyork", "node", row.text, now);
        CHECK(store.reports("newyork") == row.expected);
    }
}

TEST_CASE("lines of other kinds, and those that say what cannot be, change nothing") {
    const std::string octets("\0\xFF rtt", 6);
    const std::string good = line(10);
    const std::tuple<std::string, std::string> rows[] = {
        {"paris.edges", good},
        {"newyork.health", "state=up"},
        {"192-168-1-0/24.clients", good},
        {"20-1-2-0/25.clients", good},
        {"20-1-2-0/24.clients", "rtt=0ms samples=3 seen=1795530000"},
        {"20-1-2-0/24.clients", "rtt=10ms samples=0 seen=1795530000"},
        {"20-1-2-0/24.clients", "rtt=10ms samples=99999999999999 seen=1"},
        {"20-1-2-0/24.clients", "rtt=nanms samples=3 seen=1"},
        {"20-1-2-0/24.clients", octets},
        {"london.landmarks", good},
        {"", good},
    };
    LatencyStore store;
    for (const auto& [owner, text] : rows) {
        CAPTURE(owner);
        CAPTURE(text);
        store.hear("newyork", owner, text, now);
        store.take_back("newyork", owner);
        CHECK(store.revision() == 0);
        CHECK(store.size() == 0);
    }
}

TEST_CASE("an edge has only so many landmarks") {
    LatencyStore store{{.landmarks = 2}};
    const auto at = [](const char* place) { return line(70, now, place); };
    store.hear("newyork", "a.landmarks", at(" lat=1.00 lon=2.00"), now);
    store.hear("newyork", "b.landmarks", at(" lat=1.00 lon=2.00"), now);
    store.hear("newyork", "c.landmarks", at(" lat=1.00 lon=2.00"), now);
    store.hear("newyork", "b.landmarks", at(" lat=3.00 lon=2.00"), now);
    CHECK(store.landmarks("newyork").size() == 2);
    CHECK(store.landmarks("newyork").at("b").at.latitude == 3);
}

TEST_CASE("an address is asked for the sake of its own network only") {
    LatencyStore store;
    store.hear("newyork", owner_of(1), line(10, now, " at=20.0.1.7"), now);
    store.hear("newyork", owner_of(2), line(10, now, " at=8.8.8.8"), now);
    store.hear("newyork", owner_of(3), line(10), now);
    REQUIRE(store.sightings().size() == 1);
    CHECK(store.sightings().front().address == address("20.0.1.7"));
    CHECK(store.size() == 3);
}

TEST_CASE("sightings are bounded, and those seen longest ago leave first") {
    LatencyStore store{{.sightings = 100}};
    for (std::uint64_t i = 0; i < 101; ++i) {
        const bool old = i % 2 == 1;  // all of the same minute
        store.hear("newyork", owner_of(i),
                   line(10, old ? now - 1h : now, " at=20.0." + std::to_string(i) + ".7"), now);
    }
    const auto left = store.sightings();
    CHECK(left.size() == 51);
    CHECK(std::ranges::all_of(left, [](const auto& one) { return one.seen == now; }));
}

TEST_CASE("figures of networks are bounded, and those measured longest ago leave first") {
    LatencyStore store{{.figures = 100}};
    for (std::uint64_t i = 0; i < 101; ++i)
        store.hear(i % 3 == 0 ? "a" : "b", owner_of(i), line(10, now - (i % 5 == 0 ? 1h : 0h)),
                   now);
    CHECK(store.size() == 90);
    std::size_t old = 0;
    store.each([&](const auto&, auto, const auto&, const auto& figures) {
        if (figures.seen < now.time_since_epoch().count()) ++old;
    });
    CHECK(old == 21 - 11);
}

TEST_CASE("the store does as a plain map would, whatever is heard and taken back") {
    const std::string edges[] = {"a", "b", "c"};
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        support::Generator generator{seed};
        LatencyStore store{{.figures = 1000}};
        std::map<std::string, std::map<std::string, unsigned>> model;
        for (int step = 0; step < 3000; ++step) {
            const auto& edge = edges[draw(generator, 0, 2)];
            const auto owner = owner_of(draw(generator, 0, 200));
            const auto what = draw(generator, 0, 999);
            if (what < 5) {
                store.forget(edge);
                model.erase(edge);
            } else if (what < 400) {
                store.take_back(edge, owner);
                model[edge].erase(owner);
            } else {
                const auto milliseconds = static_cast<unsigned>(draw(generator, 1, 500));
                store.hear(edge, owner, line(milliseconds), now);
                model[edge][owner] = milliseconds;
            }
        }
        std::vector<std::string> expected;
        for (const auto& [edge, lines] : model) {
            for (const auto& [owner, milliseconds] : lines)
                expected.push_back(edge + " " + owner + " " + std::to_string(milliseconds));
        }
        std::ranges::sort(expected);
        CHECK(all(store) == expected);
        CHECK(store.size() == expected.size());
    }
}

TEST_CASE("a full store never counts more than its limit, and counts what is there") {
    support::Generator generator{7};
    for (const std::size_t limit : {0U, 1U, 9U, 64U}) {
        CAPTURE(limit);
        LatencyStore store{{.figures = limit}};
        for (int step = 0; step < 2000; ++step) {
            const auto owner = owner_of(draw(generator, 0, 200));
            const std::string edge = draw(generator, 0, 1) == 0 ? "a" : "b";
            const auto what = draw(generator, 0, 99);
            if (what < 2) {
                store.forget(edge);
            } else if (what < 40) {
                store.take_back(edge, owner);
            } else {
                store.hear(edge, owner, line(10, now - std::chrono::minutes{draw(generator, 0, 5)}),
                           now);
            }
            REQUIRE(store.size() <= limit);
            REQUIRE(all(store).size() == store.size());
        }
    }
}

TEST_CASE("what is written is read back") {
    LatencyStore store;
    store.hear("newyork", owner_of(1), line(10), now);
    store.hear("newyork", owner_of(2), line(12), now);
    store.hear("paris", "2a00:1:2::/48.resolvers", line(13, now - 2h), now);
    store.take_back("newyork", owner_of(2));
    LatencyStore next;
    CHECK(next.restore(store.text(), now) == "");
    CHECK(all(next) == all(store));
    CHECK(next.text() == store.text());
    CHECK(next.size() == 2);
}

TEST_CASE("a damaged text is told of, and what can be read of it is taken") {
    const std::string good = "a 20-0-1-0/24.clients 10000 3 1795530000\n";
    const std::string head = "isochrone-latency 1\n";
    const std::string octets("\0\xFF\n\n", 4);
    const std::string none = "it has another format";
    const std::string cut = "its end is missing";
    const std::string one = "1 lines are damaged";
    struct Row {
        std::string text;
        std::string fault;
        std::size_t expected;
    };
    std::vector<Row> rows;
    const auto add = [&](const std::string& text, const std::string& fault, std::size_t expected) {
        rows.push_back({text, fault, expected});
    };
    add("", none, 0);
    add("isochrone-latency 2\n" + good + "end\n", none, 0);
    add(head, cut, 0);
    add(head + good, cut, 1);
    add(head + good + "a 20-0-2-0/24.cli", cut, 1);
    add(head + good + "end", "", 1);
    add(head + "new york 20-0-2-0/24.clients 10000 3 1795530000\n" + good + "end\n", one, 1);
    add(head + " 20-0-1-0/24.clients 10000 3 1795530000\nend\n", one, 0);
    add(head + "a 10-0-1-0/24.clients 10000 3 1795530000\nend\n", one, 0);
    add(head + "a 20-0-1-0/24.clients 0 3 1795530000\nend\n", one, 0);
    add(head + "a 20-0-1-0/24.clients 10000001 3 1795530000\nend\n", one, 0);
    add(head + "a 20-0-1-0/24.clients 10000 0 1795530000\nend\n", one, 0);
    add(head + "a 20-0-1-0/24.clients 10000 3 99999999999\nend\n", one, 0);
    add(head + "a 20-0-1-0/24.clients 10000 3 -1\nend\n", one, 0);
    add(head + "a 20-0-1-0/24.clients 10000 3 1795530000 1\nend\n", one, 0);
    add(head + "a 20-0-1-0/24.clients 10000 3 4294967295\nend\n", "", 1);
    add(head + octets + "end\n", "2 lines are damaged", 0);
    for (const auto& row : rows) {
        CAPTURE(row.text);
        LatencyStore store;
        CHECK(store.restore(row.text, now) == row.fault);
        CHECK(store.size() == row.expected);
        store.each([&](const auto&, auto, const auto&, const auto& figures) {
            CHECK(figures.seen <= now.time_since_epoch().count());
        });
    }
}

TEST_CASE("any octets may stand where a text was") {
    LatencyStore store;
    for (std::uint64_t i = 0; i < 40; ++i) store.hear("a", owner_of(i), line(10), now);
    const auto text = store.text();
    support::Generator generator{3};
    for (int round = 0; round < 2000; ++round) {
        auto damaged = text;
        for (auto count = draw(generator, 1, 30); count > 0; --count)
            damaged[draw(generator, 0, damaged.size() - 1)] =
                static_cast<char>(draw(generator, 0, 255));
        LatencyStore next;
        std::ignore = next.restore(damaged, now);
        CHECK(next.size() <= 41);
        CHECK(all(next).size() == next.size());
    }
}

}  // namespace path_latency_store_test
