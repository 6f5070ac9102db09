// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/respond.hpp"
#include "tests/dnsd/everything.hpp"
#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

namespace engine_hostile_test {

using support::Bytes;
using support::draw;
using support::Generator;
using support::World;

namespace {

const World& world() {
    static const World instance = support::everything();
    return instance;
}

std::uint8_t octet(Generator& generator) {
    return static_cast<std::uint8_t>(draw(generator, 0, 255));
}

std::size_t place(Generator& generator, const Bytes& bytes) {
    return static_cast<std::size_t>(draw(generator, 0, bytes.size() - 1));
}

/// What goes wrong on the way or is made to: flips, lies about lengths, cuts, copies.
void mutate(Bytes& bytes, Generator& generator) {
    if (bytes.empty()) return bytes.push_back(octet(generator));
    const auto at = place(generator, bytes);
    switch (draw(generator, 0, 6)) {
        case 0:
            bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ 1U << draw(generator, 0, 7));
            break;
        case 1:
            bytes[at] = octet(generator);
            break;
        case 2: {
            const std::uint8_t edges[] = {0, 1, 63, 64, 0x80, 0xBF, 0xC0, 0xFF};
            bytes[at] = edges[draw(generator, 0, 7)];
            break;
        }
        case 3:
            bytes.resize(at);
            break;
        case 4:
            bytes.insert(bytes.begin() + static_cast<long>(at), octet(generator));
            break;
        case 5:
            bytes.erase(bytes.begin() + static_cast<long>(at));
            break;
        default: {
            const Bytes tail{bytes.begin() + static_cast<long>(at), bytes.end()};
            if (bytes.size() < 2000) support::append(bytes, tail);
            break;
        }
    }
}

/// Asks twice over one transport. World::ask checks the response as a whole.
bool steady(const World& asked, const Bytes& message) {
    return asked.ask(message).bytes == asked.ask(message).bytes;
}

}  // namespace

TEST_CASE("200,000 mutated queries get messages that ldns reads, or nothing; each the same twice") {
    Generator generator{1};
    std::vector<Bytes> valid;
    for (const auto& query : support::queries_for_everything())
        valid.push_back(support::to_bytes(query));
    const auto tcp = world().over_tcp();
    std::size_t unsteady = 0;
    for (int i = 0; i < 200'000; ++i) {
        auto message = valid[draw(generator, 0, valid.size() - 1)];
        for (auto count = draw(generator, 1, 4); count > 0; --count) mutate(message, generator);
        unsteady += !steady(i % 4 == 0 ? tcp : world(), message);
    }
    CHECK(unsteady == 0);
}

TEST_CASE("100,000 random strings get messages that ldns reads, or nothing; each the same twice") {
    Generator generator{2};
    std::size_t unsteady = 0;
    for (int i = 0; i < 100'000; ++i) {
        Bytes message(draw(generator, 0, 120));
        for (auto& value : message) value = octet(generator);
        // Most of what is random is a response, or of an opcode that is not looked into.
        if (message.size() >= 12 && i % 4 != 0) {
            support::set16(message, support::flags_at, 0x0100);
            support::set16(message, support::questions_at, 1);
            for (std::size_t at = 6; at < 12; at += 2)
                support::set16(message, at, draw(generator, 0, 2));
        }
        unsteady += !steady(world(), message);
    }
    CHECK(unsteady == 0);
}

TEST_CASE("the longest messages that UDP and TCP carry are read to their end") {
    Bytes message{0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 1, 0, 1};
    while (message.size() + 11 <= 65535)
        support::append(message, {0, 0, 16, 0, 1, 0, 0, 0, 0, 0, 0});
    CHECK(world().ask(message).rcode == "FORMERR");
    support::set16(message, support::additional_at, (message.size() - 17) / 11);
    CHECK(world().ask(message).rcode == "REFUSED");
}

}  // namespace engine_hostile_test
