// SPDX-License-Identifier: Apache-2.0
#include "probes/path/echo_message.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace path_echo_message_test {

using geo::Family;
using probes::EchoToken;

namespace {

constexpr EchoToken token{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255};

}  // namespace

TEST_CASE("an echo request has the checksum of RFC 1071 over IPv4 alone") {
    const auto v4 = probes::write_echo(Family::V4, 0x1234, 7, token);
    CHECK(v4[0] == 8);
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < v4.size(); i += 2)
        sum += static_cast<std::uint32_t>(v4[i] << 8) + v4[i + 1];
    CHECK((sum & 0xFFFF) + (sum >> 16) == 0xFFFF);
    const auto v6 = probes::write_echo(Family::V6, 0x1234, 7, token);
    CHECK(v6[0] == 128);
    CHECK(v6[2] == 0);
    CHECK(v6[3] == 0);
}

TEST_CASE("an answer brings back sequence and token; all else is none") {
    for (const auto family : {Family::V4, Family::V6}) {
        auto message = probes::write_echo(family, 1, 0xABCD, token);
        CHECK_FALSE(probes::read_echo(family, message).has_value());  // that is the request
        message[0] = family == Family::V4 ? 0 : 129;
        const auto answer = probes::read_echo(family, message);
        REQUIRE(answer.has_value());
        CHECK(answer->sequence == 0xABCD);
        CHECK(answer->token == token);
        std::vector<std::uint8_t> longer{message.begin(), message.end()};
        longer.push_back(0);
        CHECK_FALSE(probes::read_echo(family, longer).has_value());
        for (std::size_t length = 0; length < message.size(); ++length) {
            CHECK_FALSE(probes::read_echo(family, std::span{message}.first(length)).has_value());
        }
        message[1] = 1;
        CHECK_FALSE(probes::read_echo(family, message).has_value());
    }
}

TEST_CASE("a header of IPv4 is skipped by its own length, if it has one") {
    std::vector<std::uint8_t> packet(40);
    CHECK(probes::behind_ip_header(packet).empty());
    packet[0] = 0x45;
    CHECK(probes::behind_ip_header(packet).size() == 20);
    packet[0] = 0x46;
    CHECK(probes::behind_ip_header(packet).size() == 16);
    packet[0] = 0x44;
    CHECK(probes::behind_ip_header(packet).empty());
    packet[0] = 0x4F;
    CHECK(probes::behind_ip_header(packet).empty());
    packet[0] = 0x65;
    CHECK(probes::behind_ip_header(packet).empty());
    CHECK(probes::behind_ip_header({}).empty());
}

}  // namespace path_echo_message_test
