// SPDX-License-Identifier: Apache-2.0
#include "dnsd/wire/client_subnet.hpp"

#include "tests/dnsd/world.hpp"

#include <doctest/doctest.h>

namespace wire_client_subnet_test {

using support::Bytes;
using support::Opt;
using support::Query;
using support::World;

namespace {

struct Row {
    const char* name;
    Bytes option;
    const char* expected;
};

/// A v6 option: source prefix, scope, and this many octets of 0x20.
Bytes v6(std::uint8_t source, std::uint8_t scope, std::size_t octets) {
    Bytes option{0, 2, source, scope};
    option.insert(option.end(), octets, 0x20);
    return option;
}

}  // namespace

TEST_CASE("a client subnet is checked as RFC 7871 sections 6 and 7.2.1 ask") {
    const std::vector<Row> rows{
        {"v4 /24", {0, 1, 24, 0, 192, 0, 2}, "NOERROR"},
        {"v4 /32", {0, 1, 32, 0, 192, 0, 2, 1}, "NOERROR"},
        {"v4 /1", {0, 1, 1, 0, 128}, "NOERROR"},
        {"v4 /8", {0, 1, 8, 0, 20}, "NOERROR"},
        {"v4 /9", {0, 1, 9, 0, 20, 128}, "NOERROR"},
        {"v4 /20, low bits zero", {0, 1, 20, 0, 20, 1, 16}, "NOERROR"},
        {"v4 /20, low bits set", {0, 1, 20, 0, 20, 1, 17}, "FORMERR"},
        {"v4 /1, its one bit too low", {0, 1, 1, 0, 64}, "FORMERR"},
        {"v4 /31, last bit set", {0, 1, 31, 0, 192, 0, 2, 1}, "FORMERR"},
        {"v4 /0", {0, 1, 0, 0}, "NOERROR"},
        {"v4 /0 with an octet", {0, 1, 0, 0, 0}, "FORMERR"},
        {"v4 /33", {0, 1, 33, 0, 1, 2, 3, 4, 0}, "FORMERR"},
        {"v4 /255", {0, 1, 255, 0, 1, 2, 3, 4}, "FORMERR"},
        {"v4, one octet short", {0, 1, 24, 0, 192, 0}, "FORMERR"},
        {"v4, one octet long", {0, 1, 24, 0, 192, 0, 2, 0}, "FORMERR"},
        {"v4, padded to the whole width", {0, 1, 8, 0, 20, 0, 0, 0}, "FORMERR"},
        {"v4, scope set", {0, 1, 24, 24, 192, 0, 2}, "FORMERR"},
        {"v4 /0, scope set", {0, 1, 0, 1}, "FORMERR"},
        {"v6 /56", v6(56, 0, 7), "NOERROR"},
        {"v6 /128", v6(128, 0, 16), "NOERROR"},
        {"v6 /3", v6(3, 0, 1), "NOERROR"},
        {"v6 /2, low bits set", v6(2, 0, 1), "FORMERR"},
        {"v6 /0", v6(0, 0, 0), "NOERROR"},
        {"v6 /129", v6(129, 0, 17), "FORMERR"},
        {"v6 /255", v6(255, 0, 32), "FORMERR"},
        {"v6, one octet short", v6(56, 0, 6), "FORMERR"},
        {"v6, one octet long", v6(56, 0, 8), "FORMERR"},
        {"v6, scope set", v6(56, 56, 7), "FORMERR"},
        {"v6 of four octets in family 1", {0, 1, 56, 0, 32, 1, 13, 184}, "FORMERR"},
        {"family 0, as dig sends /0", {0, 0, 0, 0}, "NOERROR"},
        {"family 0 with a prefix", {0, 0, 8, 0, 10}, "FORMERR"},
        {"family 0 with an octet", {0, 0, 0, 0, 0}, "FORMERR"},
        {"family 0, scope set", {0, 0, 0, 1}, "FORMERR"},
        {"family 3", {0, 3, 0, 0}, "FORMERR"},
        {"family 257", {1, 1, 24, 0, 192, 0, 2}, "FORMERR"},
        {"three octets", {0, 1, 0}, "FORMERR"},
        {"empty", {}, "FORMERR"},
    };
    const World world{{support::zone_text("example.", R"("www": {"A": "192.0.2.1"})")}};
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto answer =
            world.ask(Query{.name = "www.example.", .opt = Opt{.options = {{8, row.option}}}});
        CHECK(answer.rcode == row.expected);
        if (answer.rcode == "NOERROR") {
            CHECK(answer.option(8) == row.option);
        } else {
            CHECK(answer.opt.has_value());
            CHECK_FALSE(answer.option(8).has_value());
            CHECK(answer.answer.empty());
        }
    }
}

TEST_CASE(
    "of two client subnets a faulty one is FORMERR wherever it stands (RFC 7871 section 7.2.1)") {
    const World world{{support::zone_text("example.", R"("www": {"A": "192.0.2.1"})")}};
    const support::Option good = support::client_subnet("192.0.2.0/24");
    const support::Option bad{8, {0, 1, 99, 0}};
    for (const auto& options : {std::vector{good, bad}, std::vector{bad, good}}) {
        CHECK(world.ask(Query{.name = "www.example.", .opt = Opt{.options = options}}).rcode ==
              "FORMERR");
    }
}

}  // namespace wire_client_subnet_test
