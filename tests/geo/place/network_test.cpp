// SPDX-License-Identifier: Apache-2.0
#include "geo/place/network.hpp"

#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

namespace place_network_test {

TEST_CASE("clients are measured by network, /24 and /48") {
    struct Row {
        const char* client;
        const char* expected;
    };
    const Row rows[] = {
        {"203.0.113.77", "203.0.113.0/24"},
        {"203.0.113.0", "203.0.113.0/24"},
        {"2001:db8:1:2:3::4", "2001:db8:1::/48"},
        {"2001:db8:ffff:f::", "2001:db8:ffff::/48"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.client);
        CHECK(to_text(geo::path_network(support::address(row.client))) == row.expected);
    }
}

TEST_CASE("a client holds a /24 or a /56") {
    struct Row {
        const char* client;
        const char* expected;
    };
    const Row rows[] = {
        {"203.0.113.77", "203.0.113.0/24"},
        {"2001:db8:1:2ff:3::4", "2001:db8:1:200::/56"},
        {"2001:db8:1:300::", "2001:db8:1:300::/56"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.client);
        CHECK(to_text(geo::client_network(support::address(row.client))) == row.expected);
    }
}

}  // namespace place_network_test
