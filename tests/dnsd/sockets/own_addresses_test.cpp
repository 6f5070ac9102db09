// SPDX-License-Identifier: Apache-2.0
#include "dnsd/sockets/own_addresses.hpp"

#include <doctest/doctest.h>

#include <algorithm>

TEST_CASE("own addresses are whole, of this machine, and none of loopback") {
    const auto own = net::own_addresses();
    CHECK(own == net::own_addresses());
    for (const auto& prefix : own) {
        CHECK(prefix.length == geo::width(prefix.address.family));
        CHECK_FALSE(geo::loopback(prefix.address));
        CHECK(std::ranges::count(own, prefix) == 1);
    }
}
