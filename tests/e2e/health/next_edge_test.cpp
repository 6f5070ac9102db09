// SPDX-License-Identifier: Apache-2.0
// Who steps in for an edge that is down, and for how long an answer may be kept then.

#include "tests/e2e/support/health_zone.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace next_edge_test {

using namespace e2e;

namespace {

constexpr const char* britain = "81.2.69.0/24";

std::string placed_edge(std::string_view name, const Relay& relay, std::string_view place) {
    return edge_of(
        name, relay,
        "\"location\": \"" + std::string{place} + "\", \"check\": " + check_of("tcp", relay));
}

/// How many of so many answers are this one.
std::size_t counted(const ServerProcess& server, const std::string& name, const std::string& answer,
                    std::size_t of) {
    const UdpClient client{server.endpoint()};
    std::size_t count = 0;
    for (std::size_t i = 0; i < of; ++i) {
        const auto data = client.ask({.name = name}).data();
        count += data.size() == 1 && data.front() == answer;
    }
    return count;
}

}  // namespace

TEST_CASE("every policy goes on to its next edge when the best is down, and back to it") {
    Relay frankfurt{"127.0.0.1"};
    const Relay newyork{"127.0.0.2"};
    const Relay tokyo{"127.0.0.3"};
    const struct {
        std::string policy;
        std::string steer;
        std::string before;
        std::string after;
    } rows[] = {
        {"failover", failover({"frankfurt", "newyork", "tokyo"}), "127.0.0.1", "127.0.0.2"},
        {"nearest", R"({ "nearest": ["tokyo", "newyork", "frankfurt"] })", "127.0.0.1",
         "127.0.0.2"},
        {"latency", R"({ "latency": ["tokyo", "newyork", "frankfurt"] })", "127.0.0.1",
         "127.0.0.2"},
        {"geo",
         R"({ "geo": { "country:GB": { "failover": ["frankfurt", "newyork"] }, "*": "tokyo" } })",
         "127.0.0.1", "127.0.0.2"},
        {"weighted", R"({ "weighted": { "frankfurt": 1, "newyork": 0, "tokyo": 0 } })", "127.0.0.1",
         ""},
        {"all", R"({ "all": ["frankfurt", "newyork", "tokyo"] })", "127.0.0.1 127.0.0.2 127.0.0.3",
         "127.0.0.2 127.0.0.3"},
        {"answers", R"({ "nearest": ["tokyo", "newyork", "frankfurt"], "answers": 2 })",
         "127.0.0.1 127.0.0.2", "127.0.0.2 127.0.0.3"},
    };
    HealthZone zone{.edges = {placed_edge("frankfurt", frankfurt, "Frankfurt, DE"),
                              placed_edge("newyork", newyork, "New York, US"),
                              placed_edge("tokyo", tokyo, "Tokyo, JP")},
                    .steers = {}};
    for (const auto& row : rows) zone.steers.emplace(row.policy, row.steer);
    const support::TemporaryFolder folder;
    const ServerProcess server{{folder.write("a.json", to_text(zone))}};
    const auto check_all = [&](auto wanted) {
        for (const auto& row : rows) {
            CAPTURE(row.policy);
            const auto answer = answer_for(server, row.policy + ".health.test", britain);
            const std::string& expected = row.*wanted;
            if (expected.empty()) {  // either has weight 0
                CHECK((answer == "127.0.0.2" || answer == "127.0.0.3"));
            } else {
                CHECK(answer == expected);
            }
        }
    };
    using Row = std::remove_cvref_t<decltype(rows[0])>;
    check_all(&Row::before);
    CHECK(dig_short(server.endpoint(),
                    {"nearest.health.test", std::string{"+subnet="} + britain}) == "127.0.0.1\n");
    frankfurt.die();
    CHECK(comes_to(server, "failover.health.test", "127.0.0.2"));
    check_all(&Row::after);
    CHECK(dig_short(server.endpoint(),
                    {"nearest.health.test", std::string{"+subnet="} + britain}) == "127.0.0.2\n");
    frankfurt.listen();
    CHECK(comes_to(server, "failover.health.test", "127.0.0.1"));
    check_all(&Row::before);
}

TEST_CASE("weights keep their proportions among the edges that live") {
    Relay dying{"127.0.0.1"};
    const Relay light{"127.0.0.2"};
    const Relay heavy{"127.0.0.3"};
    const support::TemporaryFolder folder;
    const ServerProcess server{{folder.write(
        "a.json",
        to_text({.edges = {tcp_edge("dying", dying), tcp_edge("light", light),
                           tcp_edge("heavy", heavy)},
                 .steers = {
                     {"where", R"({ "weighted": { "dying": 4, "light": 1, "heavy": 3 } })"}}}))}};
    const std::string name = "where.health.test";
    constexpr std::size_t queries = 2000;
    const auto share = [&](const std::string& answer) {
        return static_cast<double>(counted(server, name, answer, queries)) / queries;
    };
    // The deviation of a share is 0.011 at most.
    CHECK(share("127.0.0.1") == doctest::Approx(0.5).epsilon(0.12));
    dying.die();
    CHECK(eventually([&] { return edge_fact(server, "dying", "out") == "down"; }));
    CHECK(share("127.0.0.1") == 0);
    CHECK(share("127.0.0.2") == doctest::Approx(0.25).epsilon(0.2));
    CHECK(share("127.0.0.3") == doctest::Approx(0.75).epsilon(0.08));
}

TEST_CASE("a TTL is the zone's, or less where the checks can vouch for less") {
    const Relay relay{"127.0.0.1"};
    const auto keys = [&](std::string_view fall) {
        return "\"check\": " +
               check_of("tcp", relay,
                        R"("interval": "1s", "jitter": 0, "fall": )" + std::string{fall});
    };
    const support::TemporaryFolder folder;
    const ServerProcess server{{folder.write(
        "a.json",
        to_text({.edges = {edge_of("long", relay, keys("50")), edge_of("short", relay, keys("20")),
                           R"("never": { "addresses": "192.0.2.9" })"},
                 .steers = {
                     {"long", R"({ "failover": ["long"], "ttl": 600 })"},
                     {"less", R"({ "failover": ["long"], "ttl": 30 })"},
                     {"most", R"({ "failover": ["never"], "ttl": 600 })"},
                     {"both", R"({ "all": ["long", "never", "short"], "ttl": 600 })"},
                     {"two", R"({ "failover": ["never", "short"], "answers": 2, "ttl": 600 })"},
                 }}))}};
    const struct {
        std::string name;
        std::vector<unsigned> ttls;
    } rows[] = {
        {"long.health.test", {50}},  // 50 failures, a second apart
        {"less.health.test", {30}},     {"most.health.test", {600}},
        {"both.health.test", {20, 20}},  // "long" and "short" have one address
        {"two.health.test", {20, 20}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(ttls_of(server, row.name) == row.ttls);
    }
}

TEST_CASE("a TTL shrinks while an edge fails, down to the least, and is whole again afterwards") {
    Relay first{"127.0.0.1"};
    const Relay second{"127.0.0.2"};
    const auto keys = [](const Relay& relay) {
        return "\"check\": " +
               check_of("tcp", relay, R"("interval": "500ms", "jitter": 0, "rise": 2, "fall": 20)");
    };
    const support::TemporaryFolder folder;
    const ServerProcess server{
        {folder.write("a.json", to_text({.edges = {edge_of("first", first, keys(first)),
                                                   edge_of("second", second, keys(second))},
                                         .steers = {{"where", R"({ "failover": ["first", "second"],
                                                     "answers": 2, "ttl": 9, "min_ttl": 8 })"},
                                                    {"lone", R"("second")"}}}))}};
    const std::string name = "where.health.test";
    CHECK(ttls_of(server, name) == std::vector<unsigned>{9, 9});
    first.die();
    const std::vector<unsigned> least{8, 8};
    CHECK(eventually([&] {
        const auto ttls = ttls_of(server, name);
        CHECK(std::ranges::max(ttls) <= 9);
        CHECK(std::ranges::min(ttls) >= 8);
        return ttls == least;
    }));
    CHECK(answer_for(server, name) == "127.0.0.1 127.0.0.2");  // failing is not down
    CHECK(ttls_of(server, "lone.health.test") == std::vector<unsigned>{10});
    first.listen();
    CHECK(eventually([&] { return ttls_of(server, name) == std::vector<unsigned>{9, 9}; }));
}

TEST_CASE("an answer that an edge is missing from is kept no longer than it may be missing") {
    Relay first{"127.0.0.1"};
    const Relay second{"127.0.0.2"};
    first.die();
    const auto zone = [&](std::string_view rise) {
        return to_text({.edges = {edge_of("first", first,
                                          "\"check\": " + check_of("tcp", first,
                                                                   R"("interval": "1s", "rise": )" +
                                                                       std::string{rise})),
                                  R"("second": { "addresses": "127.0.0.2" })"},
                        .steers = {{"where", failover({"first", "second"})}}});
    };
    const support::TemporaryFolder folder;
    const auto file = folder.write("a.json", zone("2"));
    SUBCASE("two passes bring it back: the least TTL") {
        const ServerProcess server{{file}};
        CHECK(ttls_of(server, "where.health.test") == std::vector<unsigned>{5});
    }
    SUBCASE("thirty do") {
        folder.write("a.json", zone("30"));
        const ServerProcess server{{file}};
        CHECK(ttls_of(server, "where.health.test") == std::vector<unsigned>{30});
    }
}

}  // namespace next_edge_test
