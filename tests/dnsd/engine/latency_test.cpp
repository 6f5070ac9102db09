// SPDX-License-Identifier: Apache-2.0
#include "tests/dnsd/measured_world.hpp"

#include <doctest/doctest.h>

#include <string>

TEST_CASE("a client subnet is answered by what clients measured, a resolver by its own") {
    const auto world = support::measured_world();
    const char* newyork = "192.0.2.1";
    const char* frankfurt = "192.0.2.2";
    const char* singapore = "192.0.2.3";
    struct Row {
        const char* name;
        const char* from;
        const char* subnet;
        const char* expected;
    };
    const Row rows[] = {
        {"measured clients", "24.0.0.1", "20.1.2.0/24", singapore},
        {"some of them", "24.0.0.1", "20.1.2.128/25", singapore},
        {"those beside them", "24.0.0.1", "20.1.1.0/24", frankfurt},
        {"those of IPv6", "24.0.0.1", "2a00:1:2:3::/64", singapore},
        {"carried by 6to4", "24.0.0.1", "2002:1401:203::/48", singapore},
        {"those that wait", "24.0.0.1", "20.1.3.0/24", frankfurt},
        {"a measured resolver", "20.1.2.3", "", newyork},
        {"the same, mapped", "::ffff:20.1.2.3", "", newyork},
        {"a resolver beside it", "20.1.1.3", "", frankfurt},
        {"a resolver, where clients are", "2a00:1:2::1", "", frankfurt},
        {"clients of that resolver", "20.1.2.3", "20.1.1.0/24", frankfurt},
        {"a subnet that is none", "20.1.2.3", "192.168.0.0/16", newyork},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto answer = world.from(row.from).ask("example.", "A", row.subnet);
        CHECK(answer.data("A") == support::Lines{row.expected});
    }
}

TEST_CASE("the scope is no wider than the network that was measured, nor than what is beside it") {
    const auto world = support::measured_world();
    CHECK(world.ask("example.", "A", "20.1.2.0/24").scope() == 24);
    CHECK(world.ask("example.", "A", "2a00:1:2::/48").scope() == 48);
    CHECK(world.ask("example.", "A", "2002:1401:203::/48").scope() == 40);
    const auto beside = world.ask("example.", "A", "20.1.0.0/24").scope();
    CHECK(beside == 23);
    const auto far = world.ask("example.", "A", "24.1.0.0/16").scope();
    CHECK(far <= 8);
}
