// SPDX-License-Identifier: Apache-2.0
// From lines that nodes tell to the answers of zones in files: what a node tells changes these, and
// nothing else does.

#include "dnsd/explain/explain.hpp"
#include "dnsd/loading/steered_loader.hpp"
#include "tests/dnsd/world.hpp"
#include "tests/support/random_space.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace steering_steering_test {

using namespace std::chrono_literals;
using control::Steering;
using control::SteeringRules;
using support::Lines;

namespace {

const Lines newyork{"192.0.2.1"};
const Lines frankfurt{"192.0.2.2"};
const Lines singapore{"192.0.2.3"};
constexpr std::array<const char*, 3> edges{"newyork", "frankfurt", "singapore"};

constexpr const char* steered =
    R"("@": {"steer": {"latency": ["newyork", "frankfurt", "singapore"]}})";

/// The edges of support::three_edges, numbered otherwise.
const std::string renumbered = R"("edges": {
    "singapore": {"addresses": ["192.0.2.3", "2001:db8::3"], "location": [1.35, 103.8]},
    "frankfurt": {"addresses": ["192.0.2.2", "2001:db8::2"], "location": [50.1, 8.7]},
    "newyork":   {"addresses": ["192.0.2.1", "2001:db8::1"], "location": [40.7, -74.0]}})";

std::string line(double milliseconds) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    return "rtt=" + std::to_string(milliseconds) +
           "ms samples=14 seen=" + std::to_string(now.time_since_epoch().count());
}

struct Fixture {
    explicit Fixture(const SteeringRules& rules = fast(), const std::string& zone = "example.")
        : database{folder.write("three.mmdb", support::three_countries())},
          loader{control::Loader{{zones()}, sources(), 1},
                 Steering{*zones::Name::from_text(zone, zones::Name{}), "frankfurt", sources(),
                          rules}} {}

    [[nodiscard]] std::string zones() const {
        std::filesystem::create_directory(folder.path("zones"));
        write("example.json", "example.");
        return folder.path("zones");
    }
    static SteeringRules fast() {
        SteeringRules rules;
        rules.interval = 0ms;
        rules.rebase = 0ms;
        return rules;
    }
    [[nodiscard]] geo::SourceFiles sources() const {
        return {
            .databases = {database}, .places = {}, .builtin = geo::SourceFiles::Builtin::LeftOut};
    }
    void write(const std::string& file, const std::string& zone,
               const std::string& members = support::three_edges) const {
        folder.write("zones/" + file, support::zone_text(zone, steered, members));
    }
    Steering& steering() { return *loader.steering(); }

    /// Each edge's word on a network, in their order.
    void tell(const std::string& owner, const std::array<double, 3>& milliseconds) {
        for (std::size_t i = 0; i < edges.size(); ++i)
            steering().hear(edges[i], {{owner, line(milliseconds[i])}}, {});
    }
    /// The same of forty networks in Germany.
    void tell_of_forty(const std::array<double, 3>& milliseconds) {
        for (int i = 0; i < 40; ++i)
            tell("20-1-" + std::to_string(100 + i) + "-0/24.clients", milliseconds);
    }
    void take_back(const std::string& owner) {
        for (const auto* edge : edges) steering().hear(edge, {}, {owner});
    }
    void load() {
        world.snapshot.catalog = loader.load(problems);
        const auto first = problems.empty() ? std::string{} : geo::to_text(problems.front());
        CAPTURE(first);
        REQUIRE(!geo::any_fault(problems));
    }
    void learn(Steering::Clock::time_point now) {
        steering().learn(world.snapshot.catalog.zones().front().zone.get(), now);
    }
    /// As soon as it is due, which follows from how long the last model took.
    void steer() {
        const auto patience = Steering::Clock::now() + 60s;
        std::optional<zones::Catalog> catalog;
        while (!catalog && Steering::Clock::now() < patience) catalog = loader.steer(problems);
        REQUIRE(catalog.has_value());
        REQUIRE(!geo::any_fault(problems));
        world.snapshot.catalog = std::move(*catalog);
    }
    [[nodiscard]] Lines answer(const std::string& subnet,
                               const std::string& zone = "example.") const {
        return world.ask(zone, "A", subnet).data("A");
    }
    [[nodiscard]] std::string explained(const char* subnet) {
        return control::to_text(
            control::explain(world.snapshot, *geo::Sources::open(sources(), problems),
                             *zones::Name::from_text("example.", {}),
                             {.prefix = support::prefix(subnet)}, nullptr, geo::Random{1}));
    }
    [[nodiscard]] Lines answer_to(const char* resolver) const {
        return world.from(resolver).ask("example.", "A").data("A");
    }

    support::TemporaryFolder folder;
    std::string database;
    control::SteeredLoader loader;
    geo::Problems problems;
    support::World world{{}};
};

constexpr const char* network = "20-1-2-0/24.clients";

}  // namespace

TEST_CASE("zones are served as they are loaded until something is measured") {
    Fixture at;
    at.load();
    CHECK(at.steering().model() == nullptr);
    CHECK(at.world.snapshot.catalog.zones().front().latency == nullptr);
    CHECK(at.answer("20.1.2.0/24") == frankfurt);
    CHECK(!at.loader.steer(at.problems));
    at.steering().hear("newyork", {{"paris.edges", line(10)}}, {"20-1-2-0/24.clients"});
    CHECK(!at.loader.steer(at.problems));
}

TEST_CASE("what is measured of a network changes the answer of that network and population") {
    Fixture at;
    at.load();
    at.tell(network, {200, 150, 10});
    at.tell("20-1-2-0/24.resolvers", {5, 150, 200});
    at.steer();
    CHECK(at.answer("20.1.2.0/24") == singapore);
    CHECK(at.answer_to("20.1.2.9") == newyork);
    CHECK(at.answer("24.1.2.0/24") == singapore);
    CHECK(at.answer("16.1.2.0/24") == newyork);

    SUBCASE("and is the answer of before once nobody tells it any more") {
        at.take_back(network);
        at.take_back("20-1-2-0/24.resolvers");
        at.steer();
        CHECK(at.answer("20.1.2.0/24") == frankfurt);
        CHECK(at.answer_to("20.1.2.9") == frankfurt);
    }
    SUBCASE("after a reload too") {
        at.load();
        CHECK(at.answer("20.1.2.0/24") == singapore);
    }
    SUBCASE("for edges that are numbered otherwise too") {
        at.write("example.json", "example.", renumbered);
        at.load();
        CHECK(at.answer("20.1.2.0/24") == singapore);
        CHECK(at.answer_to("20.1.2.9") == newyork);
        CHECK(at.answer("16.1.2.0/24") == newyork);
        at.tell("20-1-7-0/24.clients", {10, 150, 200});
        at.steer();
        CHECK(at.answer("20.1.7.0/24") == newyork);
        CHECK(at.answer("20.1.2.0/24") == singapore);
    }
    SUBCASE("while databases that were good cannot be read") {
        at.folder.write("three.mmdb", std::string{"damaged"});
        at.world.snapshot.catalog = at.loader.load(at.problems);
        CHECK(!at.problems.empty());
        CHECK(at.answer("20.1.2.0/24") == singapore);
        CHECK(at.answer("16.1.2.0/24") == newyork);
    }
}

TEST_CASE("another zone follows where it has an edge of the same address") {
    Fixture at;
    at.write("same.json", "same.", renumbered);
    at.write("other.json", "other.", R"("edges": {
        "newyork":   {"addresses": ["198.51.100.1"], "location": [40.7, -74.0]},
        "frankfurt": {"addresses": ["198.51.100.2"], "location": [50.1, 8.7]},
        "singapore": {"addresses": ["198.51.100.3"], "location": [1.35, 103.8]}})");
    at.load();
    at.tell(network, {200, 150, 10});
    at.steer();
    CHECK(at.answer("20.1.2.0/24") == singapore);
    CHECK(at.answer("20.1.2.0/24", "same.") == singapore);
    CHECK(at.answer("20.1.2.0/24", "other.") == Lines{"198.51.100.2"});

    SUBCASE("and no longer when the measured zone is gone") {
        std::filesystem::remove(at.folder.path("zones/example.json"));
        at.load();
        CHECK(at.steering().model() == nullptr);
        CHECK(at.answer("20.1.2.0/24", "same.") == frankfurt);
        CHECK(!at.loader.steer(at.problems));
        at.write("example.json", "example.");
        at.load();
        CHECK(at.answer("20.1.2.0/24", "same.") == singapore);
    }
}

TEST_CASE("maps for clients that were not measured are made of the model, at their own pace") {
    auto rules = Fixture::fast();
    rules.rebase = 1h;
    rules.moves_per_minute = 0;
    rules.least_moves = 0;  // after the first model
    Fixture at{rules};
    at.load();
    // Germany is near to Singapore, as it turns out.
    at.tell_of_forty({200, 150, 10});
    at.steer();
    CHECK(at.steering().base_generation() == 1);
    CHECK(at.answer("20.1.99.0/24") == singapore);
    CHECK(at.answer("16.1.99.0/24") == newyork);
    const auto why = at.explained("20.1.99.0/24");
    // What is learnt before the hour is over is not what the answer and its figures come from.
    at.tell_of_forty({10, 150, 200});
    at.steer();
    CHECK(at.steering().base_generation() == 1);
    CHECK(at.answer("20.1.99.0/24") == singapore);
    CHECK(at.explained("20.1.99.0/24") == why);
}

TEST_CASE("maps for clients that were not measured do not wait for their hour when a node comes") {
    auto rules = Fixture::fast();
    rules.rebase = 1h;
    Fixture at{rules};
    at.folder.write(
        "zones/example.json",
        support::zone_text(
            "example.",
            R"("@": {"steer": {"latency": ["newyork", "frankfurt", "singapore"], "via": "home"}})",
            support::three_edges));
    at.load();
    const auto says = [&at](const char* edge, const char* owner, const std::string& text) {
        at.steering().hear(edge, {{owner, text}}, {});
    };
    // While frankfurt's way home is not known it counts as the mean of the others.
    says("newyork", "node", "relay=yes");
    says("newyork", "home", line(10));
    says("singapore", "home", line(400));
    at.steer();
    CHECK(at.answer("20.1.2.0/24") == newyork);
    CHECK(at.steering().base_generation() == 1);

    SUBCASE("and tells its way home") {
        // What is measured of others meanwhile has to wait all the same.
        at.tell_of_forty({10, 150, 200});
        says("frankfurt", "home", line(10));
        at.steer();
        CHECK(at.answer("20.1.2.0/24") == frankfurt);
        CHECK(at.steering().base_generation() == 2);
    }
    SUBCASE("and tells that it watches a relay") {
        says("frankfurt", "node", "relay=yes");
        at.steer();
        CHECK(at.steering().base_generation() == 2);
    }
    SUBCASE("but do when a node tells another figure, or goes") {
        says("newyork", "home", line(20));
        at.steer();
        at.steering().hear("newyork", {}, {"home", "node"});
        at.steer();
        CHECK(at.steering().base_generation() == 1);
    }
}

TEST_CASE("a node that comes and goes has maps made once") {
    auto rules = Fixture::fast();
    rules.rebase = 1h;
    Fixture at{rules};
    at.load();
    const std::map<std::string, std::string, std::less<>> home{{"home", line(10)}};
    auto now = Steering::Clock::now();
    for (std::size_t i = 0; i < 700; ++i, now += 5s) {  // one of two is always there
        at.steering().hear(edges[i % 2], home, {});
        at.steering().hear(edges[(i + 1) % 2], {}, {"home"});
        at.learn(now);
        if (at.steering().rebase_due(now)) at.steering().rebase(now);
    }
    CHECK(at.steering().base_generation() == 2);
}

TEST_CASE("a model for which maps are made anew shows no zone that was not loaded") {
    Fixture at;
    at.load();
    at.write("new.json", "new.");
    at.tell(network, {200, 150, 10});
    at.steer();
    CHECK(at.steering().base_generation() == 1);
    CHECK(at.world.snapshot.catalog.zones().size() == 1);
    CHECK(!at.loader.changed());
    CHECK(at.loader.changed());  // seen to be still by the second look
    at.load();
    CHECK(at.world.snapshot.catalog.zones().size() == 2);
}

TEST_CASE("all networks move at the first model, and only so many a minute later") {
    auto rules = Fixture::fast();
    rules.least_moves = 2;
    rules.moves_per_minute = 0;
    Fixture at{rules};
    at.load();
    auto now = Steering::Clock::now();
    const auto tell = [&](int from, int to) {
        for (int i = from; i < to; ++i)
            at.tell("20-" + std::to_string(i) + "-2-0/24.clients", {200, 150, 10});
    };
    tell(0, 6);
    at.learn(now);
    CHECK(at.steering().model()->moved() == 6);
    CHECK(at.steering().model()->waiting() == 0);
    tell(20, 25);
    at.learn(now += 1s);
    CHECK(at.steering().model()->moved() == 0);
    CHECK(at.steering().model()->waiting() == 5);
    at.learn(now += 60s);
    CHECK(at.steering().model()->moved() == 2);
    at.learn(now += 24h);  // what was not used is not kept
    CHECK(at.steering().model()->moved() == 2);
    CHECK(at.steering().due(now + 1h));
    at.learn(now += 31s);
    CHECK(at.steering().model()->moved() == 1);
    CHECK(at.steering().model()->waiting() == 0);
    CHECK(!at.steering().due(now + 1h));
}

TEST_CASE("a model is due when there is news, its time has come, and it has rested") {
    for (const auto interval : {0ms, 60'000ms}) {
        CAPTURE(interval.count());
        auto rules = Fixture::fast();
        rules.interval = interval;
        Fixture at{rules};
        at.load();
        const auto now = Steering::Clock::now() + 1h;
        CHECK(!at.steering().due(now));
        at.tell(network, {200, 150, 10});
        CHECK(at.steering().due(now));
        at.learn(now);
        at.tell(network, {200, 150, 20});
        CHECK(!at.steering().due(now));
        CHECK(!at.steering().due(now + interval - 1ms));
        CHECK(at.steering().due(now + interval + 20min));
    }
}

TEST_CASE("without the zone of the nodes nothing is steered, and nothing is due at once") {
    auto rules = Fixture::fast();
    rules.interval = 1h;
    Fixture at{rules, "missing."};
    at.load();
    at.tell(network, {200, 150, 10});
    CHECK(!at.loader.steer(at.problems));
    CHECK(at.answer("20.1.2.0/24") == frankfurt);
    CHECK(at.steering().model() == nullptr);
}

TEST_CASE("what an earlier process knew counts until the edge's node speaks") {
    Fixture before;
    before.tell(network, {200, 150, 10});
    Fixture at;
    REQUIRE(at.steering().restore(before.steering().saved_text(), 10min) == "");
    at.load();
    CHECK(at.answer("20.1.2.0/24") == singapore);

    SUBCASE("and is gone with its first word") {
        for (const auto* edge : edges) at.steering().hear(edge, {{"node", "relay=no"}}, {});
        CHECK(at.steering().store().size() == 0);
        at.steer();
        CHECK(at.answer("20.1.2.0/24") == frankfurt);
    }
    SUBCASE("of which the others say nothing") {
        at.steering().hear("frankfurt", {{"20-7-7-0/24.clients", line(8)}}, {});
        CHECK(at.steering().store().size() == 3);
        at.steering().hear("frankfurt", {{"20-7-8-0/24.clients", line(8)}}, {});
        CHECK(at.steering().store().size() == 4);
    }
    SUBCASE("or for its time") {
        const auto now = Steering::Clock::now();
        CHECK(!at.steering().due(now + 9min));
        CHECK(at.steering().due(now + 11min));
        CHECK(at.steering().store().size() == 0);
    }
}

TEST_CASE("an edge whose address changes is measured by its node as before, for strangers too") {
    auto rules = Fixture::fast();
    rules.rebase = 1h;
    Fixture at{rules};
    at.load();
    at.tell_of_forty({200, 150, 10});
    at.steer();
    REQUIRE(at.answer("20.1.99.0/24") == singapore);
    auto moved = support::three_edges;
    moved.replace(moved.find("192.0.2.3"), 9, "192.0.2.7");
    moved.replace(moved.find("2001:db8::3"), 11, "2001:db8::7");
    at.write("example.json", "example.", moved);
    at.load();
    CHECK(at.answer("20.1.99.0/24") == Lines{"192.0.2.7"});
    CHECK(at.answer("20.1.100.0/24") == Lines{"192.0.2.7"});
}

}  // namespace steering_steering_test
