// SPDX-License-Identifier: Apache-2.0
// What the engine does with queries that are signed, by whom it knows and by strangers.
#include "dnsd/nodes/signed_queries.hpp"
#include "dnsd/tsig/tsig.hpp"
#include "tests/dnsd/world.hpp"

#include <doctest/doctest.h>

#include <string>

namespace engine_signature_test {

using namespace std::chrono_literals;
using support::Bytes;
using support::Opt;
using support::Query;
using support::World;
using transfer::TsigChain;
using transfer::TsigFault;

namespace {

transfer::TsigKey key_of(const std::string& name = "node.key.", std::uint8_t seed = 7) {
    return {*zones::Name::from_text(name, zones::Name{}), Bytes(32, seed)};
}

enum class Keys { None, Some };

World world(Keys keys = Keys::Some) {
    World made{{support::zone_text("example.", R"("www": {"A": "192.0.2.1"})")}};
    if (keys == Keys::Some) {
        made.snapshot.signatures =
            transfer::signatures_of(std::make_shared<const transfer::Keys>(std::vector{key_of()}));
    }
    return made.from("198.51.100.7");
}

Bytes signed_by(const transfer::TsigKey& key, Bytes message,
                transfer::UnixSeconds time = transfer::unix_now()) {
    TsigChain{key}.sign(message, time);
    return message;
}

Bytes with_opcode(const Query& query, unsigned opcode) {
    auto message = support::to_bytes(query);
    message[support::flags_at] = static_cast<std::uint8_t>(opcode << 3);
    return message;
}

/// The first label of the longest name.
std::string long_name(char letter) {
    std::string name;
    for (int i = 0; i < 3; ++i) name += std::string(63, letter) + ".";
    return name + std::string(61, letter) + ".";
}

std::size_t respond(const World& asked, const Bytes& message) {
    Bytes out(65535);
    geo::Random random{1};
    return engine::respond(asked.snapshot, message, asked.client, random, out);
}

/// NOTAUTH, with the fault under the name of the key, and no MAC.
void check_refused(const support::Answer& answer, const Bytes& query, TsigFault fault) {
    CHECK(answer.rcode == "NOTAUTH");
    CHECK(answer.answer.empty());
    const auto asked = transfer::read_tsig(query);
    const auto told = transfer::read_tsig(answer.bytes);
    REQUIRE(told.has_value());
    CHECK(told->key == asked->key);
    CHECK(told->algorithm == asked->algorithm);
    CHECK(told->time == asked->time);
    CHECK(told->mac.empty());
    CHECK(told->error == static_cast<std::uint16_t>(fault));
    CHECK(told->original_id == wire::read16(query, 0));
}

const Query plain{.name = "www.example."};
const Query with_opt{.name = "www.example.", .opt = Opt{}};

}  // namespace

TEST_CASE(
    "what a stranger has signed is NOTAUTH and BADKEY, with keys and without (RFC 8945 section "
    "5.2.1)") {
    for (const auto keys : {Keys::None, Keys::Some}) {
        for (const auto& served : {world(keys), world(keys).over_tcp()}) {
            for (const auto& asked : {plain, with_opt}) {
                for (unsigned opcode = 0; opcode < 16; ++opcode) {
                    CAPTURE(opcode);
                    const auto query = signed_by(key_of("stranger."), with_opcode(asked, opcode));
                    const auto answer = served.ask(query);
                    check_refused(answer, query, TsigFault::BadKey);
                    CHECK(answer.opt.has_value() == asked.opt.has_value());
                }
            }
        }
    }
}

TEST_CASE("one who signed for a refusal verifies none, and learns why (RFC 8945 section 5.3.2)") {
    for (const auto& [key, fault] : {std::pair{key_of("stranger."), TsigFault::BadKey},
                                     std::pair{key_of("node.key.", 8), TsigFault::BadSig}}) {
        TsigChain asker{key};
        auto query = support::to_bytes(plain);
        asker.sign(query, transfer::unix_now());
        const auto answer = world().ask(query);
        check_refused(answer, query, fault);
        CHECK(asker.verify(answer.bytes, transfer::unix_now()) == fault);
    }
}

TEST_CASE("an algorithm that is not known, and a MAC that is cut short, are told") {
    auto query = signed_by(key_of(), support::to_bytes(plain));
    const auto tsig = *transfer::read_tsig(query);
    const std::string algorithm{"hmac-sha256"};
    const auto at = std::search(query.begin(), query.end(), algorithm.begin(), algorithm.end());
    auto other = query;
    other[static_cast<std::size_t>(at - query.begin()) + 9] = '1';
    check_refused(world().ask(other), other, TsigFault::BadKey);
    auto cut = query;
    cut[static_cast<std::size_t>(tsig.mac.data() - query.data())] ^= 1;
    check_refused(world().ask(cut), cut, TsigFault::BadSig);
}

TEST_CASE("what a known key has signed is for somebody else to answer, whatever is wrong with it") {
    const auto two_questions = [] {
        auto message = support::to_bytes(plain);
        support::set16(message, support::questions_at, 2);
        support::append(message, {0, 0, 1, 0, 1});
        return message;
    }();
    const Query bad_version{.name = "www.example.", .opt = Opt{.version = 7}};
    const Query bad_subnet{.name = "www.example.", .opt = Opt{.options = {{8, {1}}}}};
    std::vector messages{two_questions, support::to_bytes(bad_version),
                         support::to_bytes(bad_subnet), support::without_question({})};
    for (unsigned opcode = 0; opcode < 16; ++opcode) messages.push_back(with_opcode(plain, opcode));
    for (const auto& message : messages) {
        CHECK(respond(world(), signed_by(key_of(), message)) == engine::deferred);
        CHECK(respond(world(), signed_by(key_of(), message, 1'000)) == engine::deferred);
        const auto forged = signed_by(key_of("node.key.", 8), message);
        check_refused(world().ask(forged), forged, TsigFault::BadSig);
    }
}

TEST_CASE("what is not verified is limited as errors are, whatever it asks and whoever signs") {
    for (const auto& key : {key_of("stranger."), key_of("node.key.", 8), key_of()}) {
        for (const unsigned opcode : {0U, 4U, 9U}) {
            auto served = world();
            engine::RateLimiter limiter;
            served.snapshot.limits =
                engine::rate_limits({.per_second = 10, .errors_per_second = 10}, 1);
            served.client.limiter = &limiter;
            served.client.now = 1'700'000'000s;
            const auto message = signed_by(key, with_opcode(plain, opcode), 1'000);
            unsigned answers = 0;
            for (int i = 0; i < 1000; ++i) answers += respond(served, message) > 0;
            CHECK(answers == 10);
        }
    }
}

TEST_CASE("a limit of errors takes nothing from those who have a key") {
    auto served = world();
    engine::RateLimiter limiter;
    served.snapshot.limits = engine::rate_limits(
        {.per_second = 10, .errors_per_second = 10, .all_errors_per_second = 10}, 1);
    served.client.limiter = &limiter;
    served.client.now = 1'700'000'000s;
    const auto forged = signed_by(key_of("node.key.", 8), support::to_bytes(plain));
    const auto good = signed_by(key_of(), support::to_bytes(plain));
    for (int i = 0; i < 100; ++i) {
        static_cast<void>(respond(served, forged));
        CHECK(respond(served, good) == engine::deferred);
    }
}

TEST_CASE(
    "a refusal of long names has its TSIG where there is room, else TC (RFC 8945 section 5.3)") {
    auto message = support::to_bytes(Query{.name = long_name('q')});
    const auto query = signed_by(key_of(long_name('k')), message);
    const auto by_udp = world().ask(query);
    CHECK(by_udp.rcode == "NOTAUTH");
    CHECK(by_udp.tc());
    CHECK(by_udp.bytes.size() <= 512);
    check_refused(world().over_tcp().ask(query), query, TsigFault::BadKey);
    const auto large = signed_by(key_of(long_name('k')),
                                 support::to_bytes(Query{.name = long_name('q'), .opt = Opt{}}));
    check_refused(world().ask(large), large, TsigFault::BadKey);
}

TEST_CASE("a TSIG that is none is FORMERR, and nothing is signed by it") {
    const auto good = signed_by(key_of("stranger."), support::to_bytes(with_opt));
    const auto at = transfer::read_tsig(good)->at;
    for (std::size_t i = at + 12; i < good.size(); ++i) {
        auto changed = good;
        changed[i] ^= 0xFF;
        for (const auto keys : {Keys::None, Keys::Some}) {
            const auto answer = world(keys).ask(changed);
            CAPTURE(i);
            CHECK((answer.rcode == "FORMERR" || answer.rcode == "NOTAUTH"));
            CHECK(answer.bytes.size() <= changed.size());
        }
    }
    auto not_last = good;
    support::append(not_last, {0, 0, 16, 0, 1, 0, 0, 0, 0, 0, 0});
    support::set16(not_last, support::additional_at, 3);
    CHECK(world().ask(not_last).rcode == "FORMERR");
    CHECK(world().ask(not_last).opt.has_value());
}

}  // namespace engine_signature_test
