// SPDX-License-Identifier: Apache-2.0
// The emulator's own rules, with a time that stands still until it is told to go on.

#include "tests/wan/commands.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

namespace network_test {

using namespace wan;
using namespace std::chrono_literals;

namespace {

constexpr Moment start{1h};
constexpr Chance fair{.loss = 0.5, .jitter = 0};

Link link_of(const LinkQuality& quality) {
    Link link;
    link.set(quality);
    return link;
}

/// An IPv4 packet to this address; its last octet tells it from others.
Octets packet_to(std::string_view address, std::uint8_t mark = 0) {
    Octets packet(21);
    packet[0] = 0x45;
    geo::write_octets(*geo::read_address(address), std::span{packet}.subspan(16, 4));
    packet[20] = mark;
    return packet;
}

Network two_sites() {
    Network network;
    obey("site one 192.0.2.0/24", network);
    obey("site two 198.51.100.0/24 2001:db8::/32", network);
    obey("set one two delay=40ms", network);
    obey("set two one delay=10ms", network);
    return network;
}

/// "site:mark site:mark …" of what is due until then.
std::string delivered(Network& network, Moment until) {
    std::string text;
    network.deliver_due(until, [&](SiteIndex to, const Octets& packet) {
        text += (text.empty() ? "" : " ") + std::to_string(to) + ":" +
                std::to_string(unsigned{packet.back()});
    });
    return text;
}

}  // namespace

TEST_CASE("a link delays each packet, and varies by up to its jitter") {
    auto link = link_of({.delay = 40ms, .jitter = 2ms});
    CHECK(link.enter(1500, start, {.loss = 0.5, .jitter = 0}) == start + 40ms);
    CHECK(link.enter(1500, start + 10ms, {.loss = 0.5, .jitter = 0.5}) == start + 51ms);
}

TEST_CASE("packets of a link do not overtake each other") {
    auto link = link_of({.delay = 40ms, .jitter = 10ms});
    CHECK(link.enter(1500, start, {.loss = 0.5, .jitter = 0.9}) == start + 49ms);
    CHECK(link.enter(1500, start + 1ms, {.loss = 0.5, .jitter = 0}) == start + 49ms);
    link.set({.delay = 5ms});
    CHECK(link.enter(1500, start + 2ms, fair) == start + 49ms);
    CHECK(link.enter(1500, start + 60ms, fair) == start + 65ms);
}

TEST_CASE("a link sends at its rate, and drops what would wait too long") {
    auto link = link_of({.delay = 10ms, .rate = 1'000'000, .queue = 20ms});
    // 1250 octets are 10 ms at 1 Mbit/s.
    CHECK(link.enter(1250, start, fair) == start + 20ms);
    CHECK(link.enter(1250, start, fair) == start + 30ms);
    CHECK(link.enter(1250, start, fair) == start + 40ms);
    CHECK(link.enter(1250, start, fair) == std::nullopt);
    CHECK(link.enter(1250, start + 10ms, fair) == start + 50ms);
    CHECK(link.enter(1250, start + 1s, fair) == start + 1s + 20ms);
}

TEST_CASE("a link loses its share, and what is lost has used the rate") {
    auto link = link_of({.loss = 0.1, .rate = 1'000'000});
    CHECK(link.enter(1250, start, {.loss = 0.09}) == std::nullopt);
    CHECK(link.enter(1250, start, {.loss = 0.1}) == start + 20ms);
}

TEST_CASE("qualities are read from words, each with its unit") {
    const struct {
        std::string_view word;
        LinkQuality expected;
    } rows[] = {
        {"delay=40ms", {.delay = 40ms}},       {"delay=1.5s", {.delay = 1500ms}},
        {"jitter=250us", {.jitter = 250us}},   {"loss=0.5%", {.loss = 0.005}},
        {"rate=50mbit", {.rate = 50'000'000}}, {"rate=0bit", {.rate = 0}},
        {"queue=5ms", {.queue = 5ms}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.word);
        LinkQuality quality;
        read_quality(row.word, quality);
        CHECK(quality.delay == row.expected.delay);
        CHECK(quality.jitter == row.expected.jitter);
        CHECK(quality.loss == doctest::Approx(row.expected.loss));
        CHECK(quality.rate == row.expected.rate);
        CHECK(quality.queue == row.expected.queue);
    }
    LinkQuality quality;
    for (const auto* word : {"", "delay", "delay=", "delay=40", "delay=-1ms", "rate=5ms", "loss=1",
                             "speed=5ms", "=5ms"}) {
        CAPTURE(word);
        CHECK_THROWS_AS(read_quality(word, quality), std::invalid_argument);
    }
}

TEST_CASE("packets come out at the site that has their address, when it is their time") {
    auto network = two_sites();
    network.enter(0, packet_to("198.51.100.7", 1), start, fair);
    network.enter(0, packet_to("198.51.100.8", 2), start, fair);
    network.enter(1, packet_to("192.0.2.1", 3), start + 20ms, fair);
    CHECK(network.next() == start + 30ms);
    CHECK(delivered(network, start + 29ms) == "");
    CHECK(delivered(network, start + 30ms) == "0:3");
    CHECK(network.next() == start + 40ms);
    CHECK(delivered(network, start + 45ms) == "1:1 1:2");
    CHECK(network.next() == std::nullopt);
    CHECK(obey("count", network) == "passed=3 lost=0 homeless=0 late=2 latest=5000us");
}

TEST_CASE("packets to nobody, and what is no packet, are counted and gone") {
    auto network = two_sites();
    network.enter(0, packet_to("203.0.113.1"), start, fair);
    network.enter(0, Octets{}, start, fair);
    network.enter(0, Octets(19, 0x45), start, fair);
    network.enter(0, Octets(39, 0x60), start, fair);
    CHECK(network.next() == std::nullopt);
    CHECK(network.counts().homeless == 4);
}

TEST_CASE("packets of IPv6 find their way too") {
    auto network = two_sites();
    Octets packet(40);
    packet[0] = 0x60;
    geo::write_octets(*geo::read_address("2001:db8::9"), std::span{packet}.subspan(24, 16));
    network.enter(0, packet, start, fair);
    CHECK(delivered(network, start + 40ms) == "1:9");
}

TEST_CASE("a site that is cut off neither sends nor receives until it is joined") {
    auto network = two_sites();
    network.enter(0, packet_to("198.51.100.7", 1), start, fair);  // under way when the cut comes
    CHECK(obey("cut two", network) == "done");
    network.enter(0, packet_to("198.51.100.7", 2), start, fair);
    network.enter(1, packet_to("192.0.2.1", 3), start, fair);
    CHECK(delivered(network, start + 1s) == "");
    CHECK(network.counts().lost == 3);
    CHECK(obey("join two", network) == "done");
    network.enter(0, packet_to("198.51.100.7", 4), start + 1s, fair);
    CHECK(delivered(network, start + 2s) == "1:4");
}

TEST_CASE("a pair changes in both directions, and keeps what is not named") {
    auto network = two_sites();
    CHECK(obey("pair one two delay=7ms loss=1%", network) == "done");
    CHECK(obey("pair two one rate=5mbit", network) == "done");
    for (const auto& quality : {network.link(0, 1).quality(), network.link(1, 0).quality()}) {
        CHECK(quality.delay == 7ms);
        CHECK(quality.loss == doctest::Approx(0.01));
        CHECK(quality.rate == 5'000'000);
    }
}

TEST_CASE("a command that cannot be obeyed says so and changes nothing") {
    auto network = two_sites();
    for (const auto* line :
         {"", "cut", "cut three", "join one two", "set one two", "stop", "set one three delay=1ms",
          "pair one two delay=1ms rate=fast", "site three", "site three 192.0.2.1/24"}) {
        CAPTURE(line);
        CHECK_THROWS_AS(obey(line, network), std::invalid_argument);
    }
    CHECK(network.link(0, 1).quality().delay == 40ms);
    CHECK_THROWS_AS(std::ignore = network.site("three"), std::invalid_argument);
}

}  // namespace network_test
