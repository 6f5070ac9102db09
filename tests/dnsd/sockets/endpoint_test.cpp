// SPDX-License-Identifier: Apache-2.0
#include "dnsd/sockets/endpoint.hpp"

#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <string>

TEST_CASE("an address to listen at is read with its port, or with 53") {
    struct Row {
        const char* text;
        const char* address;
        std::uint16_t port;
        const char* written;
    };
    const Row rows[] = {
        {"192.0.2.1:5300", "192.0.2.1", 5300, "192.0.2.1:5300"},
        {"192.0.2.1", "192.0.2.1", 53, "192.0.2.1:53"},
        {"0.0.0.0:1", "0.0.0.0", 1, "0.0.0.0:1"},
        {"127.0.0.1:0", "127.0.0.1", 0, "127.0.0.1:0"},
        {"127.0.0.1:65535", "127.0.0.1", 65535, "127.0.0.1:65535"},
        {"[2001:db8::1]:5300", "2001:db8::1", 5300, "[2001:db8::1]:5300"},
        {"[::1]", "::1", 53, "[::1]:53"},
        {"::1", "::1", 53, "[::1]:53"},
        {"::", "::", 53, "[::]:53"},
        {"2001:db8::5300", "2001:db8::5300", 53, "[2001:db8::5300]:53"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto endpoint = net::read_endpoint(row.text);
        REQUIRE(endpoint.has_value());
        CHECK(endpoint->address == support::address(row.address));
        CHECK(endpoint->port == row.port);
        CHECK(net::to_text(*endpoint) == row.written);
    }
}

TEST_CASE("what is no address to listen at is refused with a sentence that has it") {
    const char* texts[] = {"",
                           ":53",
                           "localhost:53",
                           "192.0.2.1:",
                           "192.0.2.1:65536",
                           "192.0.2.1:-1",
                           "192.0.2.1:+53",
                           "192.0.2.1: 53",
                           "192.0.2.1:53 ",
                           "192.0.2.1:5x",
                           "192.0.2.256:53",
                           "192.0.2:53",
                           "[::1",
                           "::1]:53",
                           "[::1]53",
                           "[::1]:",
                           "[::1]:99999",
                           "[]:53",
                           "192.0.2.1/24",
                           "::1:53:",
                           "eth0"};
    for (const auto* text : texts) {
        CAPTURE(text);
        const auto endpoint = net::read_endpoint(text);
        REQUIRE_FALSE(endpoint.has_value());
        CHECK(endpoint.error().text.find(text) != std::string::npos);
    }
}

TEST_CASE("an IPv6 address that may end in a port needs brackets, others do not") {
    struct Row {
        const char* text;
        const char* one;
        const char* other;
    };
    const Row rows[] = {
        {"2001:db8:3::30:53", "[2001:db8:3::30]:53", "[2001:db8:3::30:53]"},
        {"::1:5300", "[::1]:5300", "[::1:5300]"},
        {"::ffff:192.0.2.1", nullptr, nullptr},
        {"2001:db8:3::30:ab", nullptr, nullptr},
        {"2001:db8::53", nullptr, nullptr},
        {"1:2:3:4:5:6:7:53", nullptr, nullptr},
        {"[2001:db8:3::30:53]", nullptr, nullptr},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto endpoint = net::read_endpoint(row.text);
        CHECK(endpoint.has_value() == (row.one == nullptr));
        if (endpoint.has_value()) {
            CHECK(endpoint->port == 53);
            continue;
        }
        CHECK(endpoint.error().text == '"' + std::string{row.text} + "\" is ambiguous: it may be " +
                                           row.one + " or " + row.other + "; write the brackets");
    }
}

TEST_CASE("only the unspecified address means all addresses") {
    CHECK(net::read_endpoint("0.0.0.0")->any_address());
    CHECK(net::read_endpoint("::")->any_address());
    CHECK_FALSE(net::read_endpoint("127.0.0.1")->any_address());
    CHECK_FALSE(net::read_endpoint("::1")->any_address());
}
