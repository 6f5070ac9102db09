// SPDX-License-Identifier: Apache-2.0
// ldns is the second opinion: what it signs is verified here, and the other way round.
#include "dnsd/tsig/tsig.hpp"

#include "dnsd/transfer/requests.hpp"
#include "dnsd/tsig/base64.hpp"

#include <doctest/doctest.h>
#include <ldns/ldns.h>

#include <cstdlib>
#include <memory>
#include <random>

namespace tsig_tsig_test {

using namespace transfer;

namespace {

constexpr const char* key_name = "node.key.";
constexpr UnixSeconds now = 1'700'000'000;

zones::Name name_of(const char* text) {
    return *zones::Name::from_text(text, zones::Name{});
}

TsigKey key_of(const char* name = key_name, std::uint8_t seed = 7) {
    return {name_of(name), std::vector<std::uint8_t>(32, seed)};
}

std::string key_data() {
    return to_base64(key_of().secret);
}

struct Free {
    void operator()(ldns_pkt* packet) const { ldns_pkt_free(packet); }
    void operator()(ldns_rdf* field) const { ldns_rdf_deep_free(field); }
    void operator()(std::uint8_t* octets) const { std::free(octets); }
};
using Packet = std::unique_ptr<ldns_pkt, Free>;
using Field = std::unique_ptr<ldns_rdf, Free>;

Packet read(const Message& message) {
    ldns_pkt* packet = nullptr;
    REQUIRE(ldns_wire2pkt(&packet, message.data(), message.size()) == LDNS_STATUS_OK);
    return Packet{packet};
}

Field mac_of(const Message& message) {
    const auto packet = read(message);
    return Field{ldns_rdf_clone(ldns_rr_rdf(ldns_pkt_tsig(packet.get()), 3))};
}

bool ldns_verifies(const Message& message, const ldns_rdf* previous, bool later) {
    const auto packet = read(message);
    return ldns_pkt_tsig_verify_next(packet.get(), message.data(), message.size(), key_name,
                                     key_data().c_str(), previous, later ? 1 : 0);
}

Message to_message(ldns_pkt* packet) {
    std::uint8_t* octets = nullptr;
    std::size_t size = 0;
    REQUIRE(ldns_pkt2wire(&octets, packet, &size) == LDNS_STATUS_OK);
    const std::unique_ptr<std::uint8_t, Free> held{octets};
    return {octets, octets + size};
}

Message query() {
    return axfr_query(name_of("a._probes.Example.com."), 4711);
}

Message signed_query(UnixSeconds time = now) {
    const auto key = key_of();
    auto message = query();
    TsigChain chain{key};
    chain.sign(message, time);
    return message;
}

}  // namespace

TEST_CASE(
    "ldns verifies a query and three messages of its answer that are signed here (RFC 8945 section "
    "5.3.1)") {
    const auto key = key_of();
    TsigChain asker{key};
    auto asked = query();
    asker.sign(asked, now);
    CHECK(ldns_verifies(asked, nullptr, false));

    TsigChain answerer{key};
    CHECK(answerer.verify(asked, now + 3) == TsigFault::None);
    auto previous = mac_of(asked);
    for (int i = 0; i < 3; ++i) {
        auto answer = query();
        answer[2] |= 0x80;
        const auto before = answer.size();
        answerer.sign(answer, now + 3);
        CHECK(answer.size() <= before + answerer.size());
        CHECK(ldns_verifies(answer, previous.get(), i > 0));
        CHECK(asker.verify(answer, now) == TsigFault::None);
        previous = mac_of(answer);
    }
}

TEST_CASE("what ldns signs is verified here") {
    const auto key = key_of();
    const auto packet = read(query());
    REQUIRE(ldns_pkt_tsig_sign(packet.get(), key_name, key_data().c_str(), 300, "hmac-sha256.",
                               nullptr) == LDNS_STATUS_OK);
    auto message = to_message(packet.get());
    CHECK(TsigChain{key}.verify(message, unix_now()) == TsigFault::None);

    const auto tsig = read_tsig(message);
    REQUIRE(tsig.has_value());
    CHECK(without_tsig(message, *tsig) == query());
    message[20] ^= 1;
    CHECK(TsigChain{key}.verify(message, unix_now()) == TsigFault::BadSig);
}

TEST_CASE("each octet of a signed query counts") {
    const auto key = key_of();
    const auto good = signed_query();
    REQUIRE(TsigChain{key}.verify(good, now) == TsigFault::None);
    for (std::size_t at = 0; at < good.size(); ++at) {
        // The ID is what forwarders change; the query's own is signed (RFC 8945 §4.3.2). The case
        // of names in TSIG does not count.
        if (at < 2) continue;
        auto changed = good;
        changed[at] ^= 0x41;
        CAPTURE(at);
        CHECK(TsigChain{key}.verify(changed, now) != TsigFault::None);
    }
    for (std::size_t size = 0; size < good.size(); ++size) {
        CAPTURE(size);
        CHECK(TsigChain{key}.verify(wire::Octets{good}.first(size), now) != TsigFault::None);
    }
}

TEST_CASE(
    "signatures by other keys, at other times and shortened are told apart (RFC 8945 section "
    "5.2)") {
    const auto key = key_of();
    const auto other_name = key_of("other.");
    const auto other_secret = key_of(key_name, 8);
    const auto message = signed_query();
    CHECK(TsigChain{other_name}.verify(message, now) == TsigFault::BadKey);
    CHECK(TsigChain{other_secret}.verify(message, now) == TsigFault::BadSig);
    CHECK(TsigChain{key}.verify(query(), now) == TsigFault::Unsigned);
    for (const auto& [time, fault] :
         {std::pair{now + 300, TsigFault::None}, std::pair{now + 301, TsigFault::BadTime},
          std::pair{now - 300, TsigFault::None}, std::pair{now - 301, TsigFault::BadTime}}) {
        CAPTURE(time);
        CHECK(TsigChain{key}.verify(message, time) == fault);
    }
}

TEST_CASE(
    "an answer of BADTIME is signed, and says so to the one who asked (RFC 8945 section 5.2.3)") {
    const auto key = key_of();
    TsigChain asker{key};
    auto asked = query();
    asker.sign(asked, now);
    TsigChain answerer{key};
    REQUIRE(answerer.verify(asked, now + 1000) == TsigFault::BadTime);
    auto answer = query();
    answerer.sign(answer, now + 1000, TsigFault::BadTime);
    CHECK(asker.verify(answer, now) == TsigFault::BadTime);
    const auto tsig = read_tsig(answer);
    REQUIRE(tsig.has_value());
    CHECK(tsig->time == now);
    CHECK(tsig->other.size() == 6);
}

TEST_CASE(
    "octets at random are read within their bounds, and verified only when they say the same") {
    std::minstd_rand random{1};
    const auto key = key_of();
    const auto good = signed_query();
    for (int i = 0; i < 20'000; ++i) {
        auto message = good;
        const auto changes = 1 + random() % 4;
        for (unsigned j = 0; j < changes; ++j)
            message[2 + random() % (message.size() - 2)] = static_cast<std::uint8_t>(random());
        message.resize(random() % 4 == 0 ? random() % message.size() : message.size());
        if (TsigChain{key}.verify(message, now) != TsigFault::None) continue;
        // The case of the names in TSIG does not count.
        auto plain = without_tsig(message, *read_tsig(message));
        CHECK(plain == query());
    }
}

}  // namespace tsig_tsig_test
