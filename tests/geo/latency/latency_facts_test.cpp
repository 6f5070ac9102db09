// SPDX-License-Identifier: Apache-2.0
#include "geo/latency/latency_facts.hpp"

#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace latency_latency_facts_test {

using geo::EdgeIndex;
using geo::KnownLandmark;
using geo::KnownNetwork;
using geo::LatencyFacts;
using geo::MeasurementList;
using geo::Population;

namespace {

KnownNetwork network(std::string_view text, Population population = Population::Clients) {
    return {.population = population, .prefix = support::prefix(text), .place = {}};
}

KnownLandmark landmark(const char* name, float latitude) {
    KnownLandmark known{name, {}};
    known.place.latitude = latitude;
    known.place.longitude = 8;
    return known;
}

geo::Measurement took(double milliseconds, EdgeIndex edge) {
    return {.edge = edge, .smallest_ms = milliseconds};
}

/// Two edges of which nothing is known.
LatencyFacts silence() {
    LatencyFacts facts;
    facts.edges.resize(2);
    facts.nodes.resize(2);
    facts.reporting.resize(2);
    facts.home_ms.resize(2);
    return facts;
}

/// By name of the network or landmark and by edge.
std::map<std::pair<std::string, EdgeIndex>, double> milliseconds(const LatencyFacts& facts) {
    std::map<std::pair<std::string, EdgeIndex>, double> all;
    for (const auto& one : facts.measurements) {
        const auto known = facts.networks.size();
        const auto name = one.client < known ? geo::to_text(facts.networks[one.client].prefix)
                                             : facts.landmarks.at(one.client - known).name;
        all[{name, one.edge}] = one.smallest_ms;
    }
    return all;
}

}  // namespace

TEST_CASE("measurements are numbered by network, then by landmark, whoever told what first") {
    MeasurementList list;
    list.add(landmark("munich", 48), took(1, 0));
    list.add(network("20.2.0.0/24"), took(2, 1));
    list.add(network("20.1.0.0/24", Population::Resolvers), took(3, 0));
    list.add(network("20.2.0.0/24"), took(4, 0));
    list.add(network("20.1.0.0/24"), took(5, 0));
    list.add(landmark("munich", 48), took(6, 1));
    auto facts = silence();
    list.move_into(facts);
    std::vector<std::string> networks;
    for (const auto& one : facts.networks) networks.push_back(geo::to_text(one.prefix));
    CHECK(networks == std::vector<std::string>{"20.1.0.0/24", "20.2.0.0/24", "20.1.0.0/24"});
    CHECK(facts.landmarks.size() == 1);
    std::vector<std::uint32_t> clients;
    std::vector<double> times;
    for (const auto& one : facts.measurements) {
        clients.push_back(one.client);
        times.push_back(one.smallest_ms);
    }
    CHECK(clients == std::vector<std::uint32_t>{0, 1, 1, 2, 3, 3});
    CHECK(times == std::vector<double>{5, 2, 4, 3, 1, 6});
}

TEST_CASE("a landmark is another node's only where both say that it stands in one place") {
    MeasurementList list;
    list.add(landmark("munich", -33), took(1, 0));
    list.add(landmark("munich", 48), took(2, 1));
    auto facts = silence();
    list.move_into(facts);
    REQUIRE(facts.landmarks.size() == 2);
    CHECK(facts.landmarks[facts.measurements[0].client].place.latitude == -33);
    CHECK(facts.landmarks[facts.measurements[1].client].place.latitude == 48);
}

TEST_CASE("networks that only one side knows do not make places differ") {
    const auto facts_of = [](const std::vector<std::pair<const char*, float>>& networks) {
        MeasurementList list;
        for (const auto& [prefix, latitude] : networks) {
            auto known = network(prefix);
            if (latitude != 0) known.place.latitude = known.place.longitude = latitude;
            list.add(known, took(1, 0));
        }
        LatencyFacts facts;
        list.move_into(facts);
        return facts;
    };
    const auto known = facts_of({{"20.1.0.0/24", 48}, {"20.2.0.0/24", 0}, {"20.3.0.0/24", 50}});
    CHECK(same_places(known, known));
    CHECK(same_places(known, facts_of({})));
    CHECK(same_places(facts_of({}), known));
    CHECK(same_places(
        known,
        facts_of(
            {{"20.0.0.0/24", 1}, {"20.2.0.0/24", 0}, {"20.3.0.0/24", 50}, {"20.4.0.0/24", 1}})));
    CHECK_FALSE(same_places(known, facts_of({{"20.2.0.0/24", 1}})));
    CHECK_FALSE(same_places(known, facts_of({{"20.3.0.0/24", 0}})));
    CHECK_FALSE(same_places(known, facts_of({{"20.1.0.0/24", 48}, {"20.3.0.0/24", 51}})));
}

TEST_CASE("news is a node, a way home or a way to a landmark, and brings nothing else along") {
    auto then = silence();
    then.nodes[0] = "started=1";
    then.home_ms[0] = 10;
    MeasurementList list;
    list.add(network("20.1.0.0/24"), took(50, 0));
    list.add(network("20.1.0.0/24"), took(60, 1));
    list.add(landmark("munich", 48), took(5, 0));
    list.move_into(then);
    auto now = then;
    CHECK_FALSE(has_news(now, then));

    const auto measure = [&](const char* prefix, double first, double second) {
        list.add(network(prefix), took(first, 0));
        list.add(network(prefix), took(second, 1));
        list.add(landmark("munich", 48), took(7, 0));
    };
    SUBCASE("another figure is none") {
        measure("20.1.0.0/24", 70, 80);
        list.move_into(now);
        now.home_ms[0] = 20;
        CHECK_FALSE(has_news(now, then));
    }
    SUBCASE("what is not told any more is none") {
        now = silence();
        CHECK_FALSE(has_news(now, then));
    }
    SUBCASE("a way home") {
        measure("20.2.0.0/24", 70, 80);
        list.move_into(now);
        now.home_ms = {20, 30};
        REQUIRE(has_news(now, then));
        const auto both = with_news(then, now);
        CHECK(both.home_ms == now.home_ms);
        CHECK(milliseconds(both) == milliseconds(then));
    }
    SUBCASE("a way to a landmark") {
        measure("20.2.0.0/24", 70, 80);
        list.add(landmark("munich", 48), took(9, 1));
        list.move_into(now);
        REQUIRE(has_news(now, then));
        auto expected = milliseconds(then);
        expected[{"munich", 1}] = 9;
        CHECK(milliseconds(with_news(then, now)) == expected);
    }
    SUBCASE("a node, with all that it has measured") {
        measure("20.2.0.0/24", 70, 80);
        list.move_into(now);
        now.nodes[1] = "started=2";
        now.reporting[1] = true;
        REQUIRE(has_news(now, then));
        const auto both = with_news(then, now);
        CHECK(both.nodes == std::vector<std::string>{"started=1", "started=2"});
        CHECK(both.reporting == std::vector<bool>{false, true});
        CHECK(milliseconds(both) ==
              std::map<std::pair<std::string, EdgeIndex>, double>{
                  {{"20.1.0.0/24", 0}, 50}, {{"20.2.0.0/24", 1}, 80}, {{"munich", 0}, 5}});
        CHECK_FALSE(has_news(now, both));
    }
    SUBCASE("another process, with nothing of what the one before had") {
        measure("20.1.0.0/24", 70, 80);
        list.move_into(now);
        now.nodes[0] = "started=2";
        now.home_ms[0].reset();
        REQUIRE(has_news(now, then));
        const auto both = with_news(then, now);
        CHECK(both.home_ms[0] == std::nullopt);
        CHECK(milliseconds(both) ==
              std::map<std::pair<std::string, EdgeIndex>, double>{
                  {{"20.1.0.0/24", 0}, 70}, {{"20.1.0.0/24", 1}, 60}, {{"munich", 0}, 7}});
        now.home_ms[0] = 90;
        CHECK(with_news(both, now).home_ms[0] == 90);
    }
}

}  // namespace latency_latency_facts_test
