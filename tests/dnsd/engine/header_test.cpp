// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/respond.hpp"
#include "tests/dnsd/world.hpp"

#include <doctest/doctest.h>

namespace engine_header_test {

using support::Bytes;
using support::Opt;
using support::Query;
using support::World;

namespace {

const World& world() {
    static const World instance{{support::zone_text("example.", R"(
        "www": {"A": "192.0.2.1"},
        "sub": {"NS": "ns.sub"},
        "ns.sub": {"A": "192.0.2.9"})")}};
    return instance;
}

}  // namespace

TEST_CASE("nobody answers a response, nor what has no whole header (RFC 1035 section 4.1.1)") {
    for (unsigned opcode = 0; opcode < 16; ++opcode) {
        CAPTURE(opcode);
        const auto flags = static_cast<std::uint16_t>(0x8000 | opcode << 11);
        CHECK(world().ask(Query{.name = "www.example.", .flags = flags}).silent());
    }
    const auto query = support::to_bytes(Query{.name = "www.example."});
    for (std::size_t length = 0; length < 12; ++length) {
        CAPTURE(length);
        CHECK(
            world().ask(Bytes{query.begin(), query.begin() + static_cast<long>(length)}).silent());
    }
}

TEST_CASE("opcodes other than QUERY get a clean header (RFC 8906 section 3.1.4, RFC 8490)") {
    for (unsigned opcode = 1; opcode < 16; ++opcode) {
        CAPTURE(opcode);
        const bool known = opcode == 4 || opcode == 5;  // NOTIFY, UPDATE
        const Query query{.name = "www.example.",
                          .flags = static_cast<std::uint16_t>(opcode << 11 | 0x07F0)};
        const auto answer = world().ask(query);
        CHECK(answer.bytes.size() == 12);
        CHECK(answer.rcode == (known ? "REFUSED" : "NOTIMPL"));
        CHECK(answer.flags == (0x8000 | opcode << 11 | 0x0100 | (known ? 5 : 4)));
    }
    const Bytes header{0xAB, 0xCD, 6 << 3, 0, 0, 0, 0, 0, 0, 0, 0, 0};  // DSO over nothing
    CHECK(world().ask(header).rcode == "NOTIMPL");
    CHECK(world().ask(header).id == 0xABCD);
}

TEST_CASE("an error has OPT where the query had it that could be read (RFC 6891 section 7)") {
    const Bytes two_questions = [] {
        auto message = support::to_bytes(Query{.name = "www.example."});
        support::set16(message, support::questions_at, 2);
        support::append(message, {1, 'x', 0, 0, 1, 0, 1});
        support::append(message, support::to_bytes(Opt{}));
        support::set16(message, support::additional_at, 1);
        return message;
    }();
    CHECK(world().ask(two_questions).rcode == "FORMERR");
    CHECK(world().ask(two_questions).opt.has_value());
    CHECK(world().ask(support::without_question(Opt{})).opt.has_value());
    for (unsigned opcode = 0; opcode < 16; ++opcode) {
        CAPTURE(opcode);
        const auto flags = static_cast<std::uint16_t>(opcode << 11);
        for (const auto* name : {"www.example.", "www.other."}) {
            const auto answer =
                world().ask(Query{.name = name, .flags = flags, .opt = Opt{.flags = 0x8000}});
            REQUIRE(answer.opt.has_value());
            CHECK(answer.opt->payload == 1232);
            CHECK_FALSE(world().ask(Query{.name = name, .flags = flags}).opt.has_value());
        }
        const auto newer =
            world().ask(Query{.name = "www.example.", .flags = flags, .opt = Opt{.version = 1}});
        CHECK(newer.rcode == "BADVERS");
        CHECK(newer.opt->version == 0);
        auto bare = support::without_question(Opt{});  // DSO, say
        bare[support::flags_at] = static_cast<std::uint8_t>(opcode << 3);
        CHECK(world().ask(bare).opt.has_value());
        // What cannot be read to its end may be of any form: a header is answered.
        auto cut = bare;
        cut.resize(cut.size() - 1);
        CHECK(world().ask(cut).bytes.size() == 12);
    }
}

TEST_CASE(
    "RD is copied; RA, AD, CD, Z and TC are clear; AA says whose data it is (RFC 8906 section "
    "3.1.3)") {
    struct Row {
        const char* name;
        const char* asked;
        unsigned rcode;
        bool aa;
    };
    const Row rows[] = {
        {"an answer", "www.example.", 0, true},     {"no such type", "ns1.example.", 0, true},
        {"no such name", "nope.example.", 3, true}, {"a referral", "www.sub.example.", 0, false},
        {"not ours", "www.example.org.", 5, false},
    };
    for (const auto& row : rows) {
        for (const unsigned flags : {0x0000U, 0x0100U, 0x07F0U, 0x0010U, 0x0070U, 0x07FFU}) {
            CAPTURE(row.name);
            CAPTURE(flags);
            const Query query{
                .name = row.asked, .type = "AAAA", .flags = static_cast<std::uint16_t>(flags)};
            const auto answer = world().ask(query);
            CHECK(answer.flags == (0x8000 | (flags & 0x0100) | (row.aa ? 0x0400 : 0) | row.rcode));
        }
    }
}

TEST_CASE("ids and the case of the question come back as they came (RFC 1035 section 4.1.1)") {
    for (const unsigned id : {0U, 1U, 0x8000U, 0xFFFFU}) {
        const auto answer =
            world().ask(Query{.name = "wWw.ExAmPlE.", .id = static_cast<std::uint16_t>(id)});
        CHECK(answer.id == id);
        CHECK(answer.question == support::Lines{"wWw.ExAmPlE. IN A"});
        CHECK(answer.answer == support::Lines{"wWw.ExAmPlE. 3600 IN A 192.0.2.1"});
    }
    const auto refused = world().ask("wWw.ExAmPlE.oRg.", "TXT");
    CHECK(refused.question == support::Lines{"wWw.ExAmPlE.oRg. IN TXT"});
}

TEST_CASE(
    "what is not ours is REFUSED, which EDNS clients are told more of (RFC 8914 section 4.21)") {
    const char* names[] = {".",       "com.",        "example.org.",
                           "xample.", "wwwexample.", "example.example2."};
    for (const auto* name : names) {
        CAPTURE(name);
        const auto plain = world().ask(name, "A");
        CHECK(plain.rcode == "REFUSED");
        CHECK_FALSE(plain.opt.has_value());
        const auto told = world().ask(Query{.name = name, .opt = Opt{}});
        CHECK(told.rcode == "REFUSED");
        CHECK(told.extended_error() == 20);
        CHECK(told.answer.empty());
        CHECK(told.authority.empty());
        CHECK(told.additional.empty());
    }
}

TEST_CASE("a server without zones refuses all (RFC 5358 section 4)") {
    const World empty{{}};
    for (const auto* type : {"A", "SOA", "NS", "ANY", "DS", "AXFR"}) {
        CAPTURE(type);
        CHECK(empty.ask(".", type).rcode == "REFUSED");
        CHECK(empty.ask("www.example.", type).rcode == "REFUSED");
    }
}

TEST_CASE("transfers are REFUSED over UDP and TCP, inside of our zones too (RFC 5936, RFC 1995)") {
    const auto tcp = world().over_tcp();
    for (const auto* type : {"AXFR", "IXFR"}) {
        for (const auto* name : {"example.", "www.example.", "nope.example.", "example.org."}) {
            for (const auto* asked : {&world(), &tcp}) {
                CAPTURE(name);
                const auto answer = asked->ask(Query{.name = name, .type = type, .opt = Opt{}});
                CHECK(answer.rcode == "REFUSED");
                CHECK(answer.answer.empty());
                CHECK_FALSE(answer.aa());
            }
        }
    }
}

TEST_CASE("classes other than IN and CH are REFUSED") {
    for (const unsigned rr_class : {0U, 2U, 4U, 254U, 255U, 65535U}) {
        CAPTURE(rr_class);
        const auto answer = world().ask(
            Query{.name = "www.example.", .rr_class = static_cast<std::uint16_t>(rr_class)});
        CHECK(answer.rcode == "REFUSED");
        CHECK(answer.answer.empty());
        CHECK_FALSE(answer.aa());
    }
}

}  // namespace engine_header_test
