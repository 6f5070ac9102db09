// SPDX-License-Identifier: Apache-2.0
#include "dnsd/nodes/zone_versions.hpp"

#include "tests/dnsd/world.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

namespace nodes_zone_versions_test {

using control::ZoneNews;
using control::ZoneVersions;
using probes::Time;
using namespace std::chrono_literals;

namespace {

constexpr Time start{1'000'000s};
const auto first = *zones::Name::from_text("a.example.", zones::Name{});

/// A zone of this name whose one record tells versions apart.
std::string version(const std::string& name, const std::string& address) {
    return support::zone_text(name, R"("www": {"A": ")" + address + R"("})");
}

zones::Catalog catalog(const std::vector<std::string>& texts) {
    return support::World{texts}.snapshot.catalog;
}

/// This node, and what another one tells it.
class TwoNodes {
 public:
    TwoNodes() {
        here.set_peers({"singapore"});
        there.set_peers({"newyork"});
    }

    void serve(const std::vector<std::string>& ours, const std::vector<std::string>& theirs) {
        serve(catalog(ours), catalog(theirs));
    }
    void serve(const zones::Catalog& ours, const zones::Catalog& theirs) {
        here.serve(ours, first);
        there.serve(theirs, first);
        tell();
    }
    void tell() {
        transfer::Changes changes;
        for (const auto& [owner, text] : told) {
            if (!there.told().contains(owner)) changes.removed.push_back(owner);
        }
        for (const auto& [owner, text] : there.told()) {
            REQUIRE(transfer::is_owner(owner));
            REQUIRE(transfer::is_text(text));
            changes.set.emplace(owner, text);
        }
        told = there.told();
        here.hear("singapore", changes);
    }
    [[nodiscard]] std::vector<std::string> lines(Time now) {
        (void)here.compare(now);
        std::vector<std::string> all;
        for (const auto& difference : here.differences(now)) {
            auto line = to_line(difference, now);
            // Without serials, which are what the zone's file says.
            all.push_back(line.substr(0, line.find(" here=")) + (difference.here ? " here" : "") +
                          (difference.there ? " there" : ""));
        }
        return all;
    }

    ZoneVersions here;
    ZoneVersions there;
    transfer::Records told;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("another version at another node is told once it lasts, and when it is over") {
    TwoNodes nodes;
    const auto one = version("a.example.", "192.0.2.1");
    nodes.serve({one}, {one});
    CHECK(nodes.here.compare(start).empty());
    CHECK(nodes.lines(start + 1h).empty());

    nodes.serve({version("a.example.", "192.0.2.2")}, {one});
    const auto changed = start + 2h;
    CHECK(nodes.here.compare(changed).empty());
    CHECK(nodes.here.compare(changed + 59s).empty());
    CHECK(nodes.lines(changed + 59s).empty());
    const auto news = nodes.here.compare(changed + 60s);
    REQUIRE(news.size() == 1);
    CHECK(news[0].kind == ZoneNews::Kind::Lasts);
    CHECK(news[0].difference.zone == "a.example");
    CHECK(news[0].difference.node == "singapore");
    CHECK(nodes.here.compare(changed + 61s).empty());
    CHECK(nodes.lines(changed + 3min) ==
          Lines{"differs=a.example at=singapore since=3m here there"});

    // Another change there that leaves them different does not begin it anew.
    nodes.serve({version("a.example.", "192.0.2.2")}, {version("a.example.", "192.0.2.3")});
    CHECK(nodes.lines(changed + 4min) ==
          Lines{"differs=a.example at=singapore since=4m here there"});
    nodes.serve({version("a.example.", "192.0.2.2")}, {version("a.example.", "192.0.2.2")});
    const auto over = nodes.here.compare(changed + 5min);
    REQUIRE(over.size() == 1);
    CHECK(over[0].kind == ZoneNews::Kind::Over);
    CHECK(nodes.lines(changed + 6min).empty());
}

TEST_CASE("a difference that does not last is no news, at its end neither") {
    TwoNodes nodes;
    nodes.serve({version("a.example.", "192.0.2.2")}, {version("a.example.", "192.0.2.1")});
    CHECK(nodes.here.compare(start).empty());
    nodes.serve({version("a.example.", "192.0.2.2")}, {version("a.example.", "192.0.2.2")});
    CHECK(nodes.here.compare(start + 59s).empty());
    CHECK(nodes.here.compare(start + 10min).empty());
}

TEST_CASE("zones that one node alone serves differ, and so do others than the nodes' own") {
    TwoNodes nodes;
    const auto home = version("a.example.", "192.0.2.1");
    nodes.serve({home, version("b.example.", "192.0.2.1"), version("c.example.", "192.0.2.1")},
                {home, version("c.example.", "192.0.2.2"), version("d.example.", "192.0.2.2")});
    CHECK(nodes.lines(start).empty());
    auto lines = nodes.lines(start + 1min);
    std::ranges::sort(lines);
    CHECK(lines == Lines{"differs=b.example at=singapore since=1m here",
                         "differs=c.example at=singapore since=1m here there",
                         "differs=d.example at=singapore since=1m there"});
}

TEST_CASE("a node that is not heard any more serves nothing otherwise") {
    TwoNodes nodes;
    nodes.serve({version("a.example.", "192.0.2.2")}, {version("a.example.", "192.0.2.1")});
    (void)nodes.here.compare(start);
    REQUIRE(nodes.here.compare(start + 1min).size() == 1);
    nodes.here.hear("singapore", {.set = {}, .removed = {}, .all_removed = true});
    const auto news = nodes.here.compare(start + 2min);
    REQUIRE(news.size() == 1);
    CHECK(news[0].kind == ZoneNews::Kind::NotHeard);
    CHECK(nodes.lines(start + 3min).empty());
}

TEST_CASE("a node of an early version, or one that makes its digests otherwise, is not compared") {
    TwoNodes nodes;
    const auto here = catalog({version("a.example.", "192.0.2.2")});
    nodes.here.serve(here, first);
    nodes.here.hear("singapore", {.set = {{"node", "version=0.3"}}, .removed = {}});
    CHECK(nodes.lines(start).empty());
    CHECK(nodes.lines(start + 1h).empty());
    nodes.there.serve(catalog({version("a.example.", "192.0.2.1")}), first);
    transfer::Changes later;
    for (const auto& [owner, text] : nodes.there.told())
        later.set.emplace(owner, "form=2" + text.substr(text.find(' ')));
    nodes.here.hear("singapore", later);
    CHECK(nodes.lines(start + 2h).empty());
    CHECK(nodes.lines(start + 3h).empty());
}

TEST_CASE("beyond a thousand zones, the others are compared as one") {
    std::vector<std::string> texts{version("a.example.", "192.0.2.1")};
    for (int i = 0; i < 1200; ++i)
        texts.push_back(version("z" + std::to_string(i) + ".example.", "192.0.2.1"));
    const auto same = catalog(texts);
    TwoNodes nodes;
    nodes.serve(same, same);
    CHECK(nodes.there.told().size() == ZoneVersions::most_told + 1);
    CHECK(nodes.lines(start).empty());
    CHECK(nodes.lines(start + 2min).empty());

    // One that is missing moves all behind it; only it is different.
    auto fewer = texts;
    fewer.erase(fewer.begin() + 600);
    nodes.serve(same, catalog(fewer));
    (void)nodes.lines(start + 3min);
    CHECK(nodes.lines(start + 4min).size() == 1);
    nodes.serve(same, same);
    CHECK(nodes.lines(start + 5min).empty());
    for (std::size_t i = 0; i < texts.size(); i += 80) {
        auto other = texts;
        other[i] =
            version(i == 0 ? "a.example." : "z" + std::to_string(i - 1) + ".example.", "192.0.2.9");
        nodes.serve(same, catalog(other));
        const auto at = start + 1h + i * 10min;
        (void)nodes.lines(at);
        CHECK(nodes.lines(at + 1min).size() == 1);
        nodes.serve(same, same);
        CHECK(nodes.lines(at + 2min).empty());
    }
}

TEST_CASE(
    "what a hostile node tells of zones is bounded, and names nothing that no zone is called") {
    TwoNodes nodes;
    nodes.serve({version("a.example.", "192.0.2.1")}, {version("a.example.", "192.0.2.1")});
    transfer::Changes changes;
    const auto record = [&](const std::string& owner, const std::string& text) {
        changes.set[owner] = text;
    };
    const std::string good = "form=1 serial=1 digest=0123456789abcdef";
    for (int i = 0; i < 3000; ++i) {
        auto owner = "0000000000000000" + std::to_string(i);
        record(owner.substr(owner.size() - 16) + ".zone", good);
    }
    record("ffffffffffffffff.zone",
           good + " zone=a.example");  // another owner than that of the name
    record("fffffffffffffffe.zone", good + " zone=\x1B[31mred");
    record("fffffffffffffffd.zone", "form=1 serial=-1 digest=0123456789abcdef");
    record("fffffffffffffffc.zone", "form=1 serial=1 digest=short");
    record("fffffffffffffffb.zone", "form=1 serial=1 serial=2 digest=0123456789abcdef");
    record("", "");
    nodes.here.hear("singapore", changes);
    nodes.here.hear("stranger", changes);
    (void)nodes.here.compare(start);
    const auto news = nodes.here.compare(start + 1min);
    CHECK(news.size() <= ZoneVersions::most_told);
    for (const auto& item : news) {
        CHECK(item.difference.node == "singapore");
        CHECK(item.difference.zone.ends_with(".zone"));
    }
}

}  // namespace nodes_zone_versions_test
