// SPDX-License-Identifier: Apache-2.0
// After any history of edits the answers are those of a server that was started anew with the same
// files, and is told the same by the same nodes.

#include "dnsd/loading/steered_loader.hpp"
#include "tests/dnsd/loading/edited_world.hpp"
#include "tests/dnsd/world.hpp"
#include "tests/support/random_space.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace loading_edits_test {

using namespace loading_edits;
using namespace std::chrono_literals;
using control::Steering;
using control::SteeringRules;
using support::draw;
using support::Generator;

namespace {

SteeringRules rules() {
    SteeringRules rules;
    rules.interval = 0ms;
    rules.rebase = 1h;  // what is wrong until then is wrong
    // What is held back on purpose depends on history.
    rules.news_at_once = std::numeric_limits<double>::infinity();
    rules.least_moves = 1'000'000;
    rules.home_hold = 0ms;
    rules.latency.least_gain = {.share = 0, .milliseconds = 0};
    return rules;
}

class Server {
 public:
    explicit Server(const support::TemporaryFolder& folder)
        : loader_{control::Loader{{folder.path("zones")}, sources(folder), 1},
                  Steering{*zones::Name::from_text(apexes[0], zones::Name{}), own_edge,
                           sources(folder), rules()}} {}

    static geo::SourceFiles sources(const support::TemporaryFolder& folder) {
        return {.databases = {folder.path("three.mmdb")}, .places = folder.path("places.csv")};
    }
    void load() {
        world.snapshot.catalog = loader_.load(problems_);
        const auto first = problems_.empty() ? std::string{} : geo::to_text(problems_.front());
        CAPTURE(first);
        REQUIRE(!geo::any_fault(problems_));
    }
    /// Whatever it knew of the nodes of before that are not there, or are others, it forgets.
    void hear(const Setting& setting, const std::set<std::size_t>& nodes) {
        std::map<std::size_t, Words> now;
        for (const auto name : nodes) now[name] = words_of(name, setting.processes[name]);
        const auto before = std::exchange(heard_, now);
        for (const auto& [name, words] : before) {
            std::vector<std::string> removed;
            for (const auto& [owner, text] : words) {
                if (!now.contains(name) || !now.at(name).contains(owner)) removed.push_back(owner);
            }
            loader_.steering()->hear(names[name], {}, removed);
        }
        for (const auto& [name, words] : now) loader_.steering()->hear(names[name], words, {});
    }
    /// Until there is nothing more to be learnt.
    void settle() {
        while (loader_.steering()->due(Steering::Clock::now() + 1h)) {
            if (auto catalog = loader_.steer(problems_))
                world.snapshot.catalog = std::move(*catalog);
        }
    }

    support::World world{{}};

 private:
    control::SteeredLoader loader_;
    geo::Problems problems_;
    std::map<std::size_t, Words> heard_;
};

class Walk {
 public:
    explicit Walk(std::uint64_t seed) : random_{seed} {
        std::filesystem::create_directory(folder_.path("zones"));
        folder_.write("three.mmdb", support::three_countries());
        for (auto& zone : setting_.zones) zone.edges = {{0, 0, 1}, {1, 1, 2}, {2, 2, 3}};
        write();
        server_.load();
        server_.hear(setting_, setting_.nodes());
        server_.settle();
    }

    void step() {
        const auto edits = draw(random_, 1, 2);
        std::string done;
        for (std::uint64_t i = 0; i < edits; ++i) done += edit() + "; ";
        history_.push_back(done);
        write();
        server_.load();
        if (draw(random_, 0, 1) == 0) server_.settle();  // before the nodes are asked again
        // Some nodes may be out of reach for a while.
        auto reached = setting_.nodes();
        std::erase_if(reached, [&](std::size_t) { return draw(random_, 0, 9) == 0; });
        server_.hear(setting_, reached);
        if (draw(random_, 0, 1) == 0) server_.settle();
        server_.hear(setting_, setting_.nodes());
        server_.settle();
    }

    void compare() {
        std::string all;
        for (const auto& done : history_) all += done + "\n";
        CAPTURE(all);
        Server fresh{folder_};
        fresh.hear(setting_, setting_.nodes());
        fresh.load();
        fresh.settle();
        for (const auto* name : {"example.", "home.example.", "near.example.", "other.",
                                 "home.other.", "near.other."}) {
            for (const auto* network : networks) {
                CAPTURE(name);
                CAPTURE(network);
                const auto subnet = std::string{network} + ".0/24";
                same(server_.world.ask(name, "A", subnet), fresh.world.ask(name, "A", subnet));
                const auto resolver = std::string{network} + ".9";
                same(server_.world.from(resolver).ask(name, "AAAA"),
                     fresh.world.from(resolver).ask(name, "AAAA"));
            }
        }
        for (const auto& zone : fresh.world.snapshot.catalog.zones()) {
            const auto* served = server_.world.snapshot.catalog.find(zone.zone->apex());
            REQUIRE(served != nullptr);
            same(served->base_latency.get(), zone.base_latency.get());
            same(served->latency.get(), zone.latency.get());
        }
    }

 private:
    static void same(const support::Answer& a, const support::Answer& b) {
        CHECK(a.rcode == b.rcode);
        CHECK(a.answer == b.answer);
        CHECK(a.scope() == b.scope());
    }
    /// What `_why` is made of.
    static void same(const geo::ZoneLatency* a, const geo::ZoneLatency* b) {
        REQUIRE((a == nullptr) == (b == nullptr));
        if (a == nullptr) return;
        CHECK(a->key() == b->key());
        CHECK(std::ranges::equal(a->home(), b->home()));
        for (const auto& [latitude, longitude, country] :
             {std::tuple{52.5F, 13.4F, "DE"}, {1.3F, 103.9F, "SG"}, {38.9F, -77.0F, "US"}}) {
            geo::Place place;
            place.latitude = latitude;
            place.longitude = longitude;
            place.country = std::string_view{country};
            const auto mine = a->scores_at(place);
            const auto others = b->scores_at(place);
            CHECK(std::ranges::equal(mine, others, [](double x, double y) {
                return x == doctest::Approx(y).epsilon(0.001);  // what was measured ages
            }));
        }
    }

    std::string edit() {
        auto& zone = setting_.zones[draw(random_, 0, 9) < 7 ? 0 : 1];
        auto& edges = zone.edges;
        const auto of = std::string{&zone == setting_.zones.data() ? " of the own zone" : ""};
        const auto pick = draw(random_, 0, edges.size() - 1);
        switch (draw(random_, 0, 9)) {
            case 0:
            case 1:
                edges[pick].address = draw(random_, 1, 6);
                return std::string{"address of "} + names[edges[pick].name] + of;
            case 2:
                edges[pick].location = draw(random_, 0, locations.size() - 1);
                return std::string{"place of "} + names[edges[pick].name] + of;
            case 3:
                if (edges.size() > 1)
                    edges.erase(edges.begin() + static_cast<std::ptrdiff_t>(pick));
                return "an edge less" + of;
            case 4:
                return add(edges) + of;
            case 5:
                std::ranges::rotate(edges, edges.begin() + static_cast<std::ptrdiff_t>(pick));
                return "another order of edges" + of;
            case 6:
                zone.there = !zone.there;
                return std::string{"the zone comes or goes"} + of;
            case 7:
                zone.file = 1 - zone.file;
                return std::string{"another file"} + of;
            case 8:
                if (draw(random_, 0, 1) == 0) {
                    setting_.places = draw(random_, 0, places.size() - 1);
                    return "places";
                }
                zone.bare = !zone.bare;
                return "policies" + of;
            default:
                const auto name = draw(random_, 0, names.size() - 1);
                ++setting_.processes[name];
                return std::string{"a new process at "} + names[name];
        }
    }
    std::string add(std::vector<Edge>& edges) {
        const auto name = draw(random_, 0, names.size() - 1);
        if (std::ranges::find(edges, name, &Edge::name) != edges.end()) return "nothing";
        const auto at = draw(random_, 0, edges.size());
        edges.insert(edges.begin() + static_cast<std::ptrdiff_t>(at),
                     {name, draw(random_, 0, locations.size() - 1), draw(random_, 1, 6)});
        return std::string{names[name]} + " comes";
    }

    void write() const {
        write("places.csv",
              std::string{"prefix,latitude,longitude,country,asn\n"} + places[setting_.places]);
        for (std::size_t i = 0; i < apexes.size(); ++i) {
            const auto& zone = setting_.zones[i];
            for (std::uint64_t file = 0; file < 2; ++file) {
                const auto path = "zones/" + std::to_string(file) + apexes[i] + "json";
                if (zone.there && zone.file == file)
                    write(path, text_of(apexes[i], zone));
                else
                    std::filesystem::remove(folder_.path(path));
            }
        }
        write("zones/plain.json", support::zone_text("plain.", R"("www": {"A": "192.0.2.9"})"));
    }
    /// A file that stays as it was keeps its time.
    void write(const std::string& path, const std::string& text) const {
        auto& before = written_[path];
        if (before == text && std::filesystem::exists(folder_.path(path))) return;
        folder_.write(path, text);
        before = text;
    }
    Generator random_;
    support::TemporaryFolder folder_;
    mutable std::map<std::string, std::string> written_;
    Setting setting_;
    Server server_{folder_};
    std::vector<std::string> history_;
};

}  // namespace

TEST_CASE("after any history of edits the answers are those of a server started anew") {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        CAPTURE(seed);
        Walk walk{seed};
        walk.compare();
        for (int i = 0; i < 20; ++i) {
            walk.step();
            walk.compare();
        }
    }
}

}  // namespace loading_edits_test
