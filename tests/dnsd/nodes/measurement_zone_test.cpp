// SPDX-License-Identifier: Apache-2.0
#include "dnsd/nodes/measurement_zone.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <random>

namespace nodes_measurement_zone_test {

using namespace transfer;

namespace {

MeasurementZone make_zone() {
    const auto name = [](const char* text) { return *zones::Name::from_text(text, zones::Name{}); };
    return MeasurementZone{ZoneFace{name("a._probes.example."), name("example."), {}}};
}

Records all_of(const MeasurementZone& zone) {
    Records records;
    for (const auto& piece : zone.whole()) {
        if (piece.records == nullptr) continue;
        for (const auto& record : *piece.records)
            CHECK(records.emplace(record.owner, record.text).second);
    }
    return records;
}

/// Applies what RFC 1995 §4 describes.
void apply(const std::vector<Piece>& pieces, Records& records, Serial& serial) {
    REQUIRE(pieces.front().records == nullptr);
    const auto latest = pieces.front().serial;
    for (std::size_t i = 1; i + 1 < pieces.size(); i += 4) {
        REQUIRE(pieces[i].serial == serial);
        for (const auto& removed : *pieces[i + 1].records) {
            REQUIRE(records.at(removed.owner) == removed.text);
            records.erase(removed.owner);
        }
        serial = pieces[i + 2].serial;
        for (const auto& added : *pieces[i + 3].records)
            REQUIRE(records.emplace(added.owner, added.text).second);
    }
    CHECK(serial == latest);
}

}  // namespace

TEST_CASE("a serial is newer as RFC 1982 section 3.2 has it") {
    CHECK(is_newer(2, 1));
    CHECK(!is_newer(1, 1));
    CHECK(!is_newer(1, 2));
    CHECK(is_newer(5, 0xFFFF'FFF0));
    CHECK(!is_newer(0xFFFF'FFF0, 5));
    CHECK(!is_newer(0x8000'0000, 0));
}

TEST_CASE("each change makes a newer serial, also around its end and when the clock stands") {
    auto zone = make_zone();
    CHECK(zone.publish({.set = {{"node", "v=0"}}, .removed = {}}, 0xFFFF'FFFE));
    Serial before = zone.serial();
    CHECK(before == 0xFFFF'FFFE);
    for (int i = 1; i < 6; ++i) {
        CHECK(zone.publish({.set = {{"node", "v=" + std::to_string(i)}}, .removed = {}},
                           0xFFFF'FFFE - static_cast<Serial>(i)));
        CHECK(is_newer(zone.serial(), before));
        before = zone.serial();
    }
    CHECK(zone.publish({.set = {}, .removed = {"node"}}, before + 100));
    CHECK(zone.serial() == before + 100);
    CHECK(zone.size() == 0);
}

TEST_CASE("what changes nothing makes no serial") {
    auto zone = make_zone();
    zone.publish({.set = {{"node", "a=1"}}, .removed = {}}, 10);
    CHECK(!zone.publish({.set = {{"node", "a=1"}}, .removed = {}}, 20));
    CHECK(!zone.publish({.set = {}, .removed = {"other"}}, 20));
    CHECK(!zone.replace(Records{{"node", "a=1"}}, 20));
    CHECK(zone.serial() == 10);
    CHECK(zone.since(10)->size() == 1);
}

TEST_CASE("owners and texts that no zone can hold are left out") {
    auto zone = make_zone();
    zone.publish({.set = {{"Upper", "a"},
                          {"a..b", "a"},
                          {"", "a"},
                          {"1.2.3.4.5", "a"},
                          {std::string(64, 'a'), "a"},
                          {"blank here", "a"},
                          {"long", std::string(256, 'a')},
                          {"control", "a\n"},
                          {"203-0-113-0/24.clients", "rtt=12.3ms"},
                          {"2001:db8:1::/48.clients", std::string(255, 'a')}},
                  .removed = {}},
                 1);
    const auto records = all_of(zone);
    CHECK(records.size() == 2);
    CHECK(records.at("203-0-113-0/24.clients") == "rtt=12.3ms");
    CHECK(zone.has_below("clients"));
    CHECK(!zone.has_below("lients"));
    CHECK(!zone.has_below("node"));
}

TEST_CASE(
    "differences from any serial of the journal lead to the zone as it is (RFC 1995 section 4)") {
    std::minstd_rand random{7};
    auto zone = make_zone();
    Records expected;
    Records first;
    for (int i = 0; i < 4000; ++i) first.emplace("n" + std::to_string(i) + ".clients", "v=0");
    zone.replace(first, 1000);
    expected = first;
    std::map<Serial, Records> versions{{zone.serial(), expected}};
    for (int round = 0; round < 200; ++round) {
        Changes changes;
        for (auto i = random() % 20; i > 0; --i) {
            const auto owner = "n" + std::to_string(random() % 4500) + ".clients";
            if (random() % 3 == 0)
                changes.removed.push_back(owner);
            else
                changes.set[owner] = "v=" + std::to_string(random() % 3);
        }
        for (const auto& owner : changes.removed) {
            if (!changes.set.contains(owner)) expected.erase(owner);
        }
        for (const auto& [owner, text] : changes.set) expected[owner] = text;
        zone.publish(changes, 0);
        versions[zone.serial()] = expected;
    }
    CHECK(all_of(zone) == expected);
    CHECK(zone.size() == expected.size());
    std::size_t reached = 0;
    for (const auto& [serial, records] : versions) {
        const auto pieces = zone.since(serial);
        if (!pieces) continue;
        ++reached;
        auto known = records;
        auto at = serial;
        apply(*pieces, known, at);
        CHECK(known == expected);
    }
    CHECK(reached > 50);
    CHECK(reached < versions.size());  // the journal is bounded
    CHECK(!zone.since(1));
}

TEST_CASE("a transfer goes on from the zone with which it began") {
    auto zone = make_zone();
    zone.publish({.set = {{"node", "a=1"}}, .removed = {}}, 10);
    const auto pieces = zone.whole();
    zone.publish({.set = {{"node", "a=2"}}, .removed = {}}, 11);
    REQUIRE(pieces.size() == 3);
    CHECK(pieces[1].records->at(0).text == "a=1");
    CHECK(pieces[2].serial == 10);
}

TEST_CASE("records whose owners somebody has chosen spread over the zone like any others") {
    auto zone = make_zone();
    Changes changes;
    // What falls together under the standard hash.
    for (int i = 0; changes.set.size() < 500; ++i) {
        auto owner = "2001-db8-" + std::to_string(i) + "/48.resolvers";
        if (std::hash<std::string_view>{}(owner) % 4096 == 7) changes.set.emplace(owner, "rtt=1ms");
    }
    REQUIRE(zone.publish(changes, 1));
    std::size_t most = 0;
    for (const auto& piece : zone.whole()) {
        if (piece.records != nullptr) most = std::max(most, piece.records->size());
    }
    CHECK(most < 16);
}

}  // namespace nodes_measurement_zone_test
