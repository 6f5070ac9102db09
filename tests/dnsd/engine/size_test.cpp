// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/respond.hpp"
#include "tests/dnsd/world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

namespace engine_size_test {

using support::Answer;
using support::Lines;
using support::Opt;
using support::Query;
using support::World;

namespace {

std::string quoted(const std::string& text) {
    return '"' + text + '"';
}

/// Sets of every size, aliases to them, and a steered name with many addresses.
std::string big_zone() {
    std::string records = R"("end": {"A": "192.0.2.1"})";
    for (const int size : {1, 2, 5, 10, 20, 30, 40, 60, 80, 120}) {
        std::string v4;
        std::string text;
        for (int i = 0; i < size; ++i) {
            v4 += (i > 0 ? ", " : "") +
                  quoted("192.0." + std::to_string(i / 200) + "." + std::to_string(i % 200));
            text += (i > 0 ? ", " : "") + quoted("string number " + std::to_string(i));
        }
        const auto number = std::to_string(size);
        records += ", \"a" + number + "\": {\"A\": [" + v4 + "]}";
        records += ", \"t" + number + "\": {\"TXT\": [" + text + "]}";
        records += ", \"c" + number + "\": {\"CNAME\": \"a" + number + "\"}";
    }
    records += R"(, "d": {"DNAME": "end"}, "all": {"steer": {"all": [)";
    std::string edges;
    for (int i = 10; i < 50; ++i) {
        const auto name = "e" + std::to_string(i);
        records += (i > 10 ? ", " : "") + quoted(name);
        edges += (i > 10 ? ", " : "") + quoted(name) + R"(: {"addresses": ["198.51.100.)" +
                 std::to_string(i) + R"(", "2001:db8::)" + std::to_string(i) + "\"]}";
    }
    return support::zone_text("example.", records + "]}}", R"("edges": {)" + edges + "}");
}

const World& world() {
    static const World instance{{big_zone()}};
    return instance;
}

/// Records by owner and type.
std::map<std::string, Lines> sets_of(const Lines& lines) {
    std::map<std::string, Lines> sets;
    for (const auto& line : lines)
        sets[support::owner_of(line) + support::type_of(line)].push_back(line);
    return sets;
}

/// The response is all of `whole`, or it has TC; nothing in it is half.
bool whole_or_cut(const Answer& answer, const Answer& whole) {
    const auto complete = sets_of(whole.additional);
    for (const auto& [key, set] : sets_of(answer.additional)) {
        const auto found = complete.find(key);
        if (found == complete.end() || found->second != set) return false;
    }
    const bool same = answer.answer == whole.answer && answer.authority == whole.authority;
    if (!answer.tc()) return same;
    return same || (answer.answer.empty() && answer.authority.empty() && answer.additional.empty());
}

const std::vector<Query>& queries() {
    static const std::vector<Query> list = [] {
        std::vector<Query> made;
        for (const int size : {1, 2, 5, 10, 20, 30, 40, 60, 80, 120}) {
            const auto number = std::to_string(size) + ".example.";
            made.push_back({.name = "a" + number});
            made.push_back({.name = "t" + number, .type = "TXT"});
            made.push_back({.name = "c" + number});
        }
        made.push_back({.name = "all.example."});
        made.push_back({.name = "all.example.", .type = "AAAA"});
        made.push_back({.name = "example.", .type = "NS"});
        std::string deep;
        for (int i = 0; i < 3; ++i) deep += std::string(60, 'x') + ".";
        made.push_back({.name = deep + "d.example."});
        made.push_back({.name = deep + "nope.example."});
        return made;
    }();
    return list;
}

}  // namespace

TEST_CASE(
    "no RRset is split, and no response is longer than it may be, at any payload (RFC 2181 §9)") {
    auto wide = world();
    wide.snapshot.udp_payload = 1400;
    const auto subnet = support::client_subnet("2001:db8:1234:5600::/56");
    for (auto query : queries()) {
        CAPTURE(query.name);
        query.opt = Opt{.options = {{3, {}}, subnet}};
        const auto whole = world().over_tcp().ask(query);
        REQUIRE_FALSE(whole.tc());
        std::size_t wrong = 0;
        for (std::uint16_t payload = 512; payload <= 1400; ++payload) {
            query.opt->payload = payload;
            const auto answer = wide.ask(query);
            wrong += answer.bytes.size() > payload;
            wrong += !whole_or_cut(answer, whole);
            // What fits is not cut; six octets are kept for an extended error.
            wrong += answer.tc() && whole.bytes.size() + 6 <= payload;
            wrong += !answer.opt || answer.opt->options.size() != 2;
        }
        CHECK(wrong == 0);
    }
}

TEST_CASE(
    "512 octets without EDNS, else the server's limit (RFC 1035 section 4.2.1, RFC 9715 section "
    "3.1)") {
    struct Row {
        const char* name;
        int asked;  // -1: no EDNS
        std::uint16_t own;
        std::size_t expected;
    };
    const Row rows[] = {
        {"no EDNS", -1, 1232, 512},       {"a payload of 0 counts as 512", 0, 1232, 512},
        {"511 too", 511, 1232, 512},      {"600", 600, 1232, 600},
        {"1232", 1232, 1232, 1232},       {"4096 is more than ours", 4096, 1232, 1232},
        {"65535 too", 65535, 1232, 1232}, {"ours is 4096", 65535, 4096, 4096},
        {"ours is 512", 4096, 512, 512},
    };
    // TXT records of many sizes: the longest set that comes uncut shows the limit.
    std::string records;
    for (int size = 0; size < 300; ++size) {
        const auto length = 200 + size * 13;
        std::string values;
        for (int left = length, i = 0; left > 0; left -= 212, ++i) {
            const auto part = std::min(left, 212);
            if (part < 20) break;
            values +=
                (i > 0 ? ", " : "") + quoted(std::to_string(1000 + i) +
                                             std::string(static_cast<std::size_t>(part) - 17, 'x'));
        }
        records += (size > 0 ? ", " : "") + quoted("s" + std::to_string(size)) + ": {\"TXT\": [" +
                   values + "]}";
    }
    auto served = World{{support::zone_text("example.", records)}};
    for (const auto& row : rows) {
        CAPTURE(row.name);
        served.snapshot.udp_payload = row.own;
        std::size_t longest = 0;
        for (int size = 0; size < 300; ++size) {
            Query query{.name = "s" + std::to_string(size) + ".example.", .type = "TXT"};
            if (row.asked >= 0) query.opt = Opt{.payload = static_cast<std::uint16_t>(row.asked)};
            longest = std::max(longest, served.ask(query).bytes.size());
        }
        CHECK(longest <= row.expected);
        CHECK(longest + 40 > row.expected);
    }
}

TEST_CASE("a cut response has the question, TC and OPT, and no record (RFC 6891 section 7)") {
    const auto answer = world().ask(Query{.name = "a120.example.", .opt = Opt{.payload = 512}});
    CHECK(answer.tc());
    CHECK(answer.aa());
    CHECK(answer.rcode == "NOERROR");
    CHECK(answer.question == Lines{"a120.example. IN A"});
    CHECK(answer.answer.empty());
    CHECK(answer.authority.empty());
    CHECK(answer.additional.empty());
    CHECK(answer.opt.has_value());
    CHECK(world().ask("a120.example.", "A").bytes.size() == 12 + 14 + 4);
}

TEST_CASE("over TCP an answer takes up to 65,535 octets, with pointers past 16 KB (RFC 7766)") {
    std::string values;
    for (int i = 0; i < 4000; ++i)
        values += (i > 0 ? ", " : "") +
                  quoted("192." + std::to_string(i / 200) + ".1." + std::to_string(i % 200));
    std::string servers;
    std::string glue;
    for (int i = 1000; i < 2200; ++i) {
        const auto name = "server-" + std::to_string(i) + ".sub";
        servers += (i > 1000 ? ", " : "") + quoted(name);
        glue += ", " + quoted(name) + R"(: {"A": "192.0.2.1"})";
    }
    const World served{
        {support::zone_text("example.", R"("big": {"A": [)" + values + R"(]}, "sub": {"NS": [)" +
                                            servers + "]}" + glue)}};
    const auto big =
        served.over_tcp().ask(Query{.name = "big.example.", .opt = Opt{.options = {{3, {}}}}});
    CHECK(big.answer.size() == 4000);
    CHECK(big.bytes.size() > 64000);
    CHECK_FALSE(big.tc());
    CHECK(served.ask("big.example.", "A").tc());
    // Name servers whose names stand where no pointer reaches cannot have their glue; TC would send
    // the client to TCP, where it is already.
    const auto referral = served.over_tcp().ask("www.sub.example.", "A");
    CHECK(referral.authority.size() == 1200);
    CHECK(referral.additional.size() > 400);
    CHECK_FALSE(referral.tc());
}

TEST_CASE("edges are counted as answered once their addresses fit") {
    std::string edges;
    std::string all;
    for (int i = 0; i < 40; ++i) {
        const auto name = quoted("e" + std::to_string(i));
        edges += (i > 0 ? ", " : "") + name + R"(: {"addresses": "192.0.2.)" + std::to_string(i) +
                 R"(", "location": [1, 1]})";
        all += (i > 0 ? ", " : "") + name;
    }
    auto served = support::with_boards(
        World{{support::zone_text("example.", R"("www": {"steer": {"all": [)" + all + "]}}",
                                  R"("edges": {)" + edges + "}")}});
    served.client.lane = 0;
    const auto& board = *served.snapshot.catalog.zones()[0].board;
    CHECK(served.ask("www.example.", "A").tc());
    for (geo::EdgeIndex edge = 0; edge < 40; ++edge) CHECK(board.answers(edge) == 0);
    CHECK(served.over_tcp().ask("www.example.", "A").answer.size() == 40);
    for (geo::EdgeIndex edge = 0; edge < 40; ++edge) CHECK(board.answers(edge) == 1);
}

}  // namespace engine_size_test
