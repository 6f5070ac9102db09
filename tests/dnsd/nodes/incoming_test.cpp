// SPDX-License-Identifier: Apache-2.0
#include "dnsd/nodes/incoming.hpp"

#include "dnsd/nodes/zone_message.hpp"
#include "dnsd/transfer/requests.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <unordered_map>

namespace nodes_incoming_test {

using namespace transfer;

namespace {

zones::Name apex() {
    return *zones::Name::from_text("a._probes.example.", zones::Name{});
}

/// Records in a message: a SOA where the owner is empty, with the serial as its text.
Message message_of(const std::vector<ZoneRecord>& records) {
    const ZoneFace face{apex(), apex(), {}};
    const auto query = axfr_query(apex(), 1);
    wire::Request request;
    REQUIRE(wire::read_request(query, request) == wire::Rcode::NoError);
    ZoneMessage message{face, request};
    for (const auto& record : records) {
        if (record.owner.empty())
            message.add_soa(static_cast<Serial>(std::stoul(record.text)));
        else
            message.add_text(record);
    }
    return message.take();
}

KnownZone known_zone() {
    return {.serial = 10, .times = {}, .records = {{"x", "1"}, {"y", "2"}}};
}

Changes bring_all(Incoming& incoming, KnownZone& known) {
    Changes all;
    while (!incoming.brought()) {
        auto part = incoming.bring(known);
        all.set.merge(part.set);
        all.removed.insert(all.removed.end(), part.removed.begin(), part.removed.end());
    }
    return all;
}

}  // namespace

TEST_CASE("a transfer ends in the records and changes of its kind") {
    using List = std::vector<ZoneRecord>;
    struct Row {
        const char* name;
        List records;
        IncomingFault fault;
        Records after;
        std::size_t set;
        std::size_t removed;
    };
    const auto none = IncomingFault::None;
    const Records before{{"x", "1"}, {"y", "2"}};
    const Row rows[] = {
        {"nothing new", {{"", "10"}}, none, before, 0, 0},
        {"whole",
         {{"", "12"}, {"y", "3"}, {"z", "4"}, {"", "12"}},
         none,
         {{"y", "3"}, {"z", "4"}},
         2,
         1},
        {"whole and empty", {{"", "12"}, {"", "12"}}, none, {}, 0, 2},
        {"one difference",
         {{"", "12"}, {"", "10"}, {"x", "1"}, {"", "12"}, {"x", "5"}, {"", "12"}},
         none,
         {{"x", "5"}, {"y", "2"}},
         1,
         0},
        {"two differences",
         {{"", "12"},
          {"", "10"},
          {"x", "1"},
          {"", "11"},
          {"x", "5"},
          {"", "11"},
          {"x", "5"},
          {"y", "2"},
          {"", "12"},
          {"q", "6"},
          {"", "12"}},
         none,
         {{"q", "6"}},
         1,
         2},
        {"there and back",
         {{"", "12"},
          {"", "10"},
          {"x", "1"},
          {"", "11"},
          {"", "11"},
          {"", "12"},
          {"x", "1"},
          {"", "12"}},
         none,
         before,
         0,
         0},
        {"from elsewhere",
         {{"", "12"}, {"", "9"}, {"x", "1"}, {"", "12"}, {"", "12"}},
         IncomingFault::Mismatch,
         before,
         0,
         0},
        {"removes another",
         {{"", "12"}, {"", "10"}, {"x", "8"}, {"", "12"}, {"", "12"}},
         IncomingFault::Mismatch,
         before,
         0,
         0},
        {"adds what is there",
         {{"", "12"}, {"", "10"}, {"", "12"}, {"x", "1"}, {"", "12"}},
         IncomingFault::Mismatch,
         before,
         0,
         0},
        {"backwards", {{"", "9"}}, IncomingFault::Mismatch, before, 0, 0},
        {"goes on after it",
         {{"", "12"}, {"", "12"}, {"x", "1"}},
         IncomingFault::Sequence,
         before,
         0,
         0},
        {"a gap",
         {{"", "12"}, {"", "10"}, {"", "11"}, {"", "10"}},
         IncomingFault::Mismatch,
         before,
         0,
         0},
    };
    for (const auto& row : rows) {
        for (const bool together : {true, false}) {
            CAPTURE(row.name);
            CAPTURE(together);
            auto known = known_zone();
            Incoming incoming{apex(), &known};
            auto fault = IncomingFault::None;
            if (together) fault = incoming.take(message_of(row.records));
            for (std::size_t i = 0; !together && i < row.records.size() && fault == none; ++i)
                fault = incoming.take(message_of({row.records[i]}));
            CHECK(fault == row.fault);
            if (row.fault != none) continue;
            REQUIRE(incoming.done());
            const auto changes = bring_all(incoming, known);
            CHECK(Records{known.records.begin(), known.records.end()} == row.after);
            CHECK(changes.set.size() == row.set);
            CHECK(changes.removed.size() == row.removed);
        }
    }
}

TEST_CASE("more records, or octets, than the limits say end a transfer") {
    std::vector<ZoneRecord> records{{"", "12"}};
    for (int i = 0; i < 20; ++i) records.push_back({"n" + std::to_string(i), "v"});
    const auto message = message_of(records);
    CHECK(Incoming{apex(), nullptr, {.records = 19, .octets = 1 << 20}}.take(message) ==
          IncomingFault::TooMuch);
    CHECK(Incoming{apex(), nullptr, {.records = 20, .octets = message.size() - 1}}.take(message) ==
          IncomingFault::TooMuch);
    CHECK(Incoming{apex(), nullptr, {.records = 20, .octets = message.size()}}.take(message) ==
          IncomingFault::None);
    auto known = known_zone();
    records.insert(records.begin() + 1, {{"", "10"}, {"", "12"}});
    CHECK(Incoming{apex(), &known, {.records = 21}}.take(message_of(records)) ==
          IncomingFault::TooMuch);
    CHECK(Incoming{apex(), &known, {.records = 22}}.take(message_of(records)) ==
          IncomingFault::None);
}

TEST_CASE("octets at random never bring what no zone can hold") {
    std::minstd_rand random{3};
    const auto good =
        message_of({{"", "12"}, {"", "10"}, {"x", "1"}, {"", "12"}, {"x", "5"}, {"", "12"}});
    std::size_t ended = 0;
    for (int i = 0; i < 50'000; ++i) {
        auto message = good;
        for (auto changes = 1 + random() % 3; changes > 0; --changes)
            message[random() % message.size()] = static_cast<std::uint8_t>(random());
        auto known = known_zone();
        Incoming incoming{apex(), random() % 2 == 0 ? &known : nullptr};
        if (incoming.take(message) != IncomingFault::None || !incoming.done()) continue;
        ++ended;
        for (const auto& [owner, text] : bring_all(incoming, known).set) {
            CHECK(is_owner(owner));
            CHECK(is_text(text));
        }
    }
    CHECK(ended > 0);
}

TEST_CASE("a large zone that replaces another is taken over part by part, and ends as it came") {
    KnownZone known{.serial = 10, .times = {}, .records = {}};
    for (int i = 0; i < 9000; ++i) known.records.emplace("n" + std::to_string(i), "old");
    std::vector<ZoneRecord> records{{"", "12"}};
    for (int i = 5000; i < 12000; ++i)
        records.push_back({"n" + std::to_string(i), i < 7000 ? "old" : "new"});
    records.push_back({"", "12"});
    Incoming incoming{apex(), &known};
    for (std::size_t at = 0; at < records.size(); at += 500) {
        const auto end = std::min(at + 500, records.size());
        const std::vector<ZoneRecord> some(records.begin() + static_cast<std::ptrdiff_t>(at),
                                           records.begin() + static_cast<std::ptrdiff_t>(end));
        REQUIRE(incoming.take(message_of(some)) == IncomingFault::None);
    }
    REQUIRE(incoming.done());
    Records heard{known.records.begin(), known.records.end()};
    int parts = 0;
    for (; !incoming.brought(); ++parts) {
        const auto part = incoming.bring(known);
        CHECK(part.set.size() + part.removed.size() <= 2000);
        for (const auto& owner : part.removed) REQUIRE(heard.erase(owner) == 1);
        for (const auto& [owner, text] : part.set) heard[owner] = text;
        // Whoever listens knows at any time what this knows.
        CHECK(heard == Records{known.records.begin(), known.records.end()});
    }
    CHECK(parts >= 5);
    CHECK(known.serial == 12);
    CHECK(heard.size() == 7000);
    CHECK(heard.at("n6999") == "old");
    CHECK(heard.at("n7000") == "new");
}

TEST_CASE("records whose owners a peer has chosen spread over what is known like any others") {
    constexpr std::size_t count = 2000;
    std::unordered_map<std::string, std::string> usual;
    usual.reserve(count);
    std::vector<ZoneRecord> records{{"", "12"}};
    // What falls together in a table of that size under the standard hash.
    for (int i = 0; records.size() <= count; ++i) {
        auto owner = std::to_string(i) + "/24.clients";
        if (usual.bucket(owner) == 7) records.push_back({std::move(owner), "rtt=1ms"});
    }
    records.push_back({"", "12"});
    KnownZone known;
    Incoming incoming{apex(), nullptr};
    for (std::size_t i = 0; i < records.size(); i += 500) {
        const auto end = std::min(records.size(), i + 500);
        const std::vector<ZoneRecord> part{records.begin() + static_cast<std::ptrdiff_t>(i),
                                           records.begin() + static_cast<std::ptrdiff_t>(end)};
        REQUIRE(incoming.take(message_of(part)) == IncomingFault::None);
    }
    static_cast<void>(bring_all(incoming, known));
    REQUIRE(known.records.size() == count);
    std::size_t longest = 0;
    for (std::size_t i = 0; i < known.records.bucket_count(); ++i)
        longest = std::max(longest, known.records.bucket_size(i));
    CHECK(longest < 16);
}

TEST_CASE("a transfer holds what differs in the end, not what came and went") {
    auto known = known_zone();
    Incoming incoming{apex(), &known};
    REQUIRE(incoming.take(message_of({{"", "2010"}})) == IncomingFault::None);
    Serial serial = 10;
    const std::string line(200, 'x');
    for (int i = 0; i < 1000; ++i, serial += 2) {
        const auto from = std::to_string(serial);
        const auto between = std::to_string(serial + 1);
        const auto to = std::to_string(serial + 2);
        const auto owner = "net-" + std::to_string(i);
        REQUIRE(incoming.take(message_of({{"", from},
                                          {"x", "1"},
                                          {"", between},
                                          {owner, line},
                                          {"", between},
                                          {owner, line},
                                          {"", to},
                                          {"x", "1"}})) == IncomingFault::None);
        CHECK(incoming.held() < 1000);
    }
    REQUIRE(incoming.take(message_of({{"", "2010"}})) == IncomingFault::None);
    REQUIRE(incoming.done());
    CHECK(bring_all(incoming, known).empty());
    CHECK(known.serial == 2010);
}

TEST_CASE("what a transfer holds is bounded in octets, whichever way it comes to them") {
    // 50 records, each of which takes some 400 octets.
    KnownZone known{.serial = 10, .times = {}, .records = {}};
    const auto owner = [](char kind, int i) { return kind + std::to_string(i); };
    const std::string line(200, 'x');
    std::vector<ZoneRecord> whole{{"", "10"}};
    for (int i = 0; i < 50; ++i) whole.push_back({owner('a', i), line});
    whole.push_back({"", "10"});
    const IncomingLimits limits{.records = 1000, .octets = 1U << 20, .held = 25'000};
    {
        Incoming incoming{apex(), nullptr, limits};
        REQUIRE(incoming.take(message_of(whole)) == IncomingFault::None);
        static_cast<void>(bring_all(incoming, known));
    }
    const auto held = known.held;
    CHECK(held > 50 * 200);
    CHECK(held < 25'000);
    const auto taken = [&](const std::vector<ZoneRecord>& records) {
        Incoming incoming{apex(), &known, limits};
        return incoming.take(message_of(records));
    };
    std::vector<ZoneRecord> records{{"", "12"}, {"", "10"}, {"", "12"}};
    for (int i = 0; i < 50; ++i) records.push_back({owner('b', i), line});
    CHECK(taken(records) == IncomingFault::TooMuch);  // the zone would be
    records = {{"", "12"}, {"", "10"}};
    for (int i = 0; i < 50; ++i) records.push_back({owner('a', i), line});
    records.push_back({"", "11"});
    for (int i = 0; i < 50; ++i) records.push_back({owner('b', i), line});
    CHECK(taken(records) == IncomingFault::TooMuch);  // the zone would not, but its changes are
    for (int i = 50; i < 100; ++i) whole.insert(whole.end() - 1, {owner('a', i), line});
    Incoming incoming{apex(), nullptr, limits};
    CHECK(incoming.take(message_of(whole)) == IncomingFault::TooMuch);
    CHECK(known.held == held);
}

}  // namespace nodes_incoming_test
