// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/own_addresses.hpp"

#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <algorithm>

TEST_CASE("loopback is 127.0.0.0/8 and ::1, and nothing beside them") {
    for (const auto* text : {"127.0.0.1", "127.0.0.0", "127.255.255.255", "::1"})
        CHECK(net::is_loopback(support::address(text)));
    for (const auto* text : {"126.255.255.255", "128.0.0.0", "0.0.0.0", "::", "::2",
                             "7f00::", "::127.0.0.1", "8000::1"})
        CHECK_FALSE(net::is_loopback(support::address(text)));
}

TEST_CASE("own addresses are whole, of this machine, and none of loopback") {
    const auto own = net::own_addresses();
    CHECK(own == net::own_addresses());
    for (const auto& prefix : own) {
        CHECK(prefix.length == geo::width(prefix.address.family));
        CHECK_FALSE(net::is_loopback(prefix.address));
        CHECK(std::ranges::count(own, prefix) == 1);
    }
}
