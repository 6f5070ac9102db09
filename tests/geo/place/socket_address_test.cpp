// SPDX-License-Identifier: Apache-2.0
#include "geo/place/socket_address.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <doctest/doctest.h>

#include <string>

namespace geo_socket_address_test {

using geo::SocketAddress;

namespace {

constexpr const char* texts[] = {"192.0.2.1",        "0.0.0.0", "255.255.255.255", "2001:db8::53",
                                 "::ffff:192.0.2.1", "::",      "fe80::1"};

}  // namespace

TEST_CASE("a socket address gives back its address and port, and has its family's length") {
    for (const std::string text : texts) {
        CAPTURE(text);
        const auto address = geo::read_address(text).value();
        const SocketAddress made{address, 5300};
        CHECK(made.address() == address);
        CHECK(made.port() == 5300);
        CHECK(geo::address_in(made.data()) == address);
        const bool v4 = address.family == geo::Family::V4;
        CHECK(made.size() == (v4 ? sizeof(sockaddr_in) : sizeof(sockaddr_in6)));
        CHECK(made.data()->sa_family == (v4 ? AF_INET : AF_INET6));
        CHECK(SocketAddress{address}.port() == 0);
    }
}

TEST_CASE("Asio reads a socket address as the same address and port, and the other way round") {
    using boost::asio::ip::tcp;
    using boost::asio::ip::udp;
    for (const std::string text : texts) {
        CAPTURE(text);
        const auto address = geo::read_address(text).value();
        const SocketAddress made{address, 443};
        const auto expected = boost::asio::ip::make_address(text);
        CHECK(made.as<tcp::endpoint>() == tcp::endpoint{expected, 443});
        CHECK(made.as<udp::endpoint>() == udp::endpoint{expected, 443});
        CHECK(geo::address_in(tcp::endpoint{expected, 1}.data()) == address);
    }
}

TEST_CASE("there is no address in a socket address of another family, or in none at all") {
    sockaddr local{};
    local.sa_family = AF_UNIX;
    CHECK(geo::address_in(&local) == std::nullopt);
    CHECK(geo::address_in(nullptr) == std::nullopt);
}

}  // namespace geo_socket_address_test
