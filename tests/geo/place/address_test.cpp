// SPDX-License-Identifier: Apache-2.0
#include "geo/place/address.hpp"

#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>

using geo::Family;
using support::address;
using support::prefix;

TEST_CASE("an address keeps its text, in the short form of RFC 5952") {
    struct Row {
        const char* text;
        const char* expected;
    };
    const Row rows[] = {
        {"0.0.0.0", "0.0.0.0"},
        {"192.0.2.1", "192.0.2.1"},
        {"255.255.255.255", "255.255.255.255"},
        {"::", "::"},
        {"::1", "::1"},
        {"2001:DB8:0:0::0:1", "2001:db8::1"},
        {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6"},
        {"::ffff:c000:201", "::ffff:192.0.2.1"},
        {"64:ff9b::192.0.2.1", "64:ff9b::c000:201"},
        {"ffff:ffff::ffff:ffff:ff", "ffff:ffff::ffff:ffff:ff"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto read = geo::read_address(row.text);
        REQUIRE(read);
        CHECK(geo::to_text(*read) == row.expected);
    }
}

TEST_CASE("random addresses and prefixes come back from their text and their octets") {
    support::Generator generator{1};
    for (unsigned i = 0; i < 4000; ++i) {
        const auto family = i % 2 == 0 ? Family::V4 : Family::V6;
        const auto around = support::random_prefix(generator, family, 0, geo::width(family));
        const auto inside = support::random_address_in(generator, around);
        CHECK(geo::read_address(geo::to_text(inside)) == inside);
        CHECK(geo::read_prefix(geo::to_text(around)) == around);
        CHECK(around.contains(inside));
        std::array<std::uint8_t, 16> octets{};
        const auto part = std::span{octets}.first(geo::width(family) / 8);
        geo::write_octets(inside, part);
        CHECK(geo::address_from(family, part) == inside);
    }
}

TEST_CASE("octets that are missing count as zero, and those behind the width are not read") {
    const std::array<std::uint8_t, 6> octets{192, 0, 2, 1, 255, 255};
    CHECK(geo::address_from(Family::V4, octets) == address("192.0.2.1"));
    CHECK(geo::address_from(Family::V4, std::span{octets}.first(1)) == address("192.0.0.0"));
    CHECK(geo::address_from(Family::V4, {}) == address("0.0.0.0"));
    CHECK(geo::address_from(Family::V6, octets) == address("c000:201:ffff::"));
}

TEST_CASE("what is no address is refused") {
    using namespace std::string_view_literals;
    const std::string_view rows[] = {
        "",
        " ",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "1.2.3.4 ",
        " 1.2.3.4",
        "01.2.3.4",
        "1.2.3.-4",
        "::g",
        ":::",
        "1::2::3",
        "[::1]",
        "fe80::1%lo",
        "::1.2.3",
        "localhost",
        "192.0.2.1\0"sv,
        "192.0.2.1\0x"sv,
        "::1\0"sv,
        "12345::",
    };
    for (const auto text : rows) {
        CAPTURE(text);
        CHECK_FALSE(geo::read_address(text));
        CHECK_FALSE(geo::read_prefix(text));
    }
}

TEST_CASE("a prefix has a length within its width and no bits behind it") {
    struct Row {
        const char* text;
        const char* expected;  // null: refused
    };
    const Row rows[] = {
        {"192.0.2.0/24", "192.0.2.0/24"},
        {"192.0.2.1", "192.0.2.1/32"},
        {"0.0.0.0/0", "0.0.0.0/0"},
        {"128.0.0.0/1", "128.0.0.0/1"},
        {"::/0", "::/0"},
        {"2001:db8::/32", "2001:db8::/32"},
        {"2001:db8::1", "2001:db8::1/128"},
        {"2001:db8::1/128", "2001:db8::1/128"},
        {"192.0.2.1/24", nullptr},
        {"128.0.0.0/0", nullptr},
        {"192.0.2.1/31", nullptr},
        {"2001:db8::1/127", nullptr},
        {"2001:db8::/28", nullptr},
        {"192.0.2.0/33", nullptr},
        {"2001:db8::/129", nullptr},
        {"::/256", nullptr},
        {"::/4294967296", nullptr},
        {"192.0.2.0/", nullptr},
        {"192.0.2.0/-1", nullptr},
        {"192.0.2.0/+24", nullptr},
        {"192.0.2.0/ 24", nullptr},
        {"192.0.2.0/24 ", nullptr},
        {"192.0.2.0/24/24", nullptr},
        {"192.0.2.0/x", nullptr},
        {"192.0.2.0/255.255.255.0", nullptr},
        {"/24", nullptr},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto read = geo::read_prefix(row.text);
        REQUIRE(read.has_value() == (row.expected != nullptr));
        if (read) CHECK(geo::to_text(*read) == row.expected);
    }
}

TEST_CASE("a prefix holds the addresses of its own family that begin with its bits") {
    CHECK(prefix("192.0.2.0/24").contains(address("192.0.2.255")));
    CHECK_FALSE(prefix("192.0.2.0/24").contains(address("192.0.3.0")));
    CHECK_FALSE(prefix("0.0.0.0/0").contains(address("::")));
    CHECK_FALSE(prefix("::/0").contains(address("0.0.0.0")));
    CHECK(prefix("::/0").contains(address("ff::")));
    CHECK(prefix("::1").contains(address("::1")));
    CHECK_FALSE(prefix("::1").contains(address("::")));
}

TEST_CASE("an IPv6 address that carries an IPv4 client is known by its form (RFC 4291, RFC 6052)") {
    struct Row {
        const char* name;
        const char* address;
        const char* client;  // null: carries none
        unsigned offset;
    };
    const Row rows[] = {
        {"mapped", "::ffff:192.0.2.1", "192.0.2.1", 96},
        {"NAT64, well-known prefix", "64:ff9b::192.0.2.1", "192.0.2.1", 96},
        {"6to4", "2002:c000:0201::1", "192.0.2.1", 16},
        {"6to4, all behind the client", "2002:c000:0201:ffff:ffff:ffff:ffff:ffff", "192.0.2.1", 16},
        {"Teredo, RFC 4380 section 2.6 style", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "192.0.2.45",
         96},
        {"IPv4-compatible, retired", "::192.0.2.1", nullptr, 0},
        {"behind the mapped space", "::1:0:0:0", nullptr, 0},
        {"beside the mapped space", "::fffe:192.0.2.1", nullptr, 0},
        {"NAT64, local use (RFC 8215)", "64:ff9b:1::192.0.2.1", nullptr, 0},
        {"beside 6to4", "2003:c000:0201::1", nullptr, 0},
        {"beside Teredo", "2001:1::1", nullptr, 0},
        {"plain IPv6", "2001:db8::1", nullptr, 0},
        {"plain IPv4", "192.0.2.1", nullptr, 0},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto found = geo::embedded_v4(address(row.address));
        REQUIRE(found.has_value() == (row.client != nullptr));
        if (!found) continue;
        CHECK(geo::to_text(found->client) == row.client);
        CHECK(found->offset == row.offset);
    }
}

TEST_CASE("embedded forms keep prefixes: n bits of the client are offset + n bits around it") {
    support::Generator generator{2};
    for (const auto embedding : support::embeddings) {
        for (unsigned i = 0; i < 500; ++i) {
            const auto client = support::random_address(generator, Family::V4);
            const geo::Bits rest = geo::Bits{generator()} << 64 | generator();
            const auto carrier = support::embed(embedding, client, rest);
            const auto found = geo::embedded_v4(carrier);
            REQUIRE(found);
            CHECK(found->client == client);
            CHECK(found->offset == support::offset_of(embedding));
            const auto length = static_cast<unsigned>(support::draw(generator, 0, 32));
            const auto around = support::prefix_around(carrier, found->offset + length);
            const auto other = geo::embedded_v4(support::random_address_in(generator, around));
            REQUIRE(other);
            CHECK(support::prefix_around(client, length).contains(other->client));
        }
    }
}

TEST_CASE("addresses that no client of the internet has are not routable (RFC 6890 section 2.2)") {
    struct Row {
        const char* address;
        bool expected;
    };
    const Row rows[] = {
        {"0.0.0.0", false},
        {"0.255.255.255", false},
        {"1.0.0.0", true},
        {"9.255.255.255", true},
        {"10.0.0.0", false},
        {"10.255.255.255", false},
        {"11.0.0.0", true},
        {"100.63.255.255", true},
        {"100.64.0.0", false},
        {"100.127.255.255", false},
        {"100.128.0.0", true},
        {"127.0.0.1", false},
        {"169.254.1.1", false},
        {"172.15.255.255", true},
        {"172.16.0.0", false},
        {"172.31.255.255", false},
        {"172.32.0.0", true},
        {"192.0.0.1", false},
        {"192.0.2.1", true},  // documentation stands for clients
        {"198.51.100.1", true},
        {"203.0.113.1", true},
        {"192.168.0.1", false},
        {"192.169.0.0", true},
        {"198.17.255.255", true},
        {"198.18.0.0", false},
        {"198.19.255.255", false},
        {"198.20.0.0", true},
        {"223.255.255.255", true},
        {"224.0.0.1", false},
        {"240.0.0.1", false},
        {"255.255.255.255", false},
        {"::", false},
        {"::1", false},
        {"::192.0.2.1", false},
        {"64:ff9b:1::1", false},
        {"100::1", false},     // discard-only
        {"2001:2::1", false},  // benchmarking
        {"2001:2:1::1", true},
        {"2001:db8::1", true},
        {"2a00::1", true},
        {"fbff::1", true},
        {"fc00::1", false},
        {"fdff::1", false},
        {"fe7f::1", true},
        {"fe80::1", false},
        {"fec0::1", false},
        {"ff02::1", false},
        {"::ffff:8.8.8.8", true},
        {"::ffff:10.0.0.1", false},
        {"64:ff9b::8.8.8.8", true},
        {"64:ff9b::192.168.1.1", false},
        {"2002:0808:0808::1", true},
        {"2002:0a00:0001::1", false},
        {"2002:7f00:0001::1", false},
        // Teredo holds the client's complement: 3f57:fe01 is 192.168.1.254, f7f7:f7f7 8.8.8.8.
        {"2001::3f57:fe01", false},
        {"2001::f7f7:f7f7", true},
    };
    for (const auto& row : rows) {
        CAPTURE(row.address);
        CHECK(geo::routable(address(row.address)) == row.expected);
    }
}

TEST_CASE("a network is not routable only when all of it is not, and one space holds it then") {
    struct Row {
        const char* text;
        std::optional<unsigned> expected;
    };
    const Row rows[] = {
        {"192.0.0.0/24", 24},
        {"192.0.0.0/16", std::nullopt},
        {"0.0.0.0/1", std::nullopt},
        {"10.0.0.0/8", 8},
        {"10.1.0.0/16", 8},
        {"172.31.255.255/32", 12},
        {"8.0.0.0/5", std::nullopt},
        {"2002::/16", std::nullopt},
        {"2002:a00::/24", 24},
        {"2002:c0a8:101::/64", 32},
        {"::ffff:10.0.0.0/104", 104},
        {"::ffff:10.1.2.3/128", 104},
        {"::/0", std::nullopt},
        {"fc00::/7", 7},
        {"fd12:3456::/48", 7},
        {"::1/128", 81},
        {"40::/16", 11},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto prefix = geo::read_prefix(row.text);
        REQUIRE(prefix);
        CHECK(geo::placeless_length(*prefix) == row.expected);
        CHECK(geo::routable(*prefix) == !row.expected);
    }
}

TEST_CASE("loopback is 127.0.0.0/8, also mapped into IPv6, and ::1, and nothing beside them") {
    for (const auto* text : {"127.0.0.1", "127.0.0.0", "127.255.255.255", "::1", "::ffff:127.0.0.1",
                             "::ffff:127.255.255.255"})
        CHECK(geo::loopback(address(text)));
    for (const auto* text :
         {"126.255.255.255", "128.0.0.0", "0.0.0.0", "::", "::2", "7f00::", "::127.0.0.1",
          "8000::1", "::ffff:128.0.0.1", "::ffff:126.255.255.255"})
        CHECK_FALSE(geo::loopback(address(text)));
}
