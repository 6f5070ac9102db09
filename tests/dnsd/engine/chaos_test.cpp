// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/chaos.hpp"

#include "tests/dnsd/world.hpp"

#include <doctest/doctest.h>

namespace engine_chaos_test {

using support::Lines;
using support::Opt;
using support::Query;
using support::World;

namespace {

const World& world() {
    static const World instance{{support::zone_text(".", R"("www": {"A": "192.0.2.1"})")}};
    return instance;
}

Query chaos(std::string name, std::string type = "TXT") {
    return {.name = std::move(name), .type = std::move(type), .rr_class = 3};
}

}  // namespace

TEST_CASE("class CH tells who may ask of version and identity (RFC 4892)") {
    struct Row {
        const char* name;
        const char* type;
        const char* rcode;
        Lines expected;
    };
    const Row rows[] = {
        {"version.bind.", "TXT", "NOERROR", {"version.bind. 0 CH TXT \"9.9.9\""}},
        {"VERSION.bind.", "ANY", "NOERROR", {"VERSION.bind. 0 CH TXT \"9.9.9\""}},
        {"version.server.", "TXT", "NOERROR", {"version.server. 0 CH TXT \"9.9.9\""}},
        {"id.server.", "TXT", "NOERROR", {"id.server. 0 CH TXT \"test-node\""}},
        {"hostname.bind.", "TXT", "NOERROR", {"hostname.bind. 0 CH TXT \"test-node\""}},
        {"version.bind.", "A", "NOERROR", {}},
        {"authors.bind.", "TXT", "REFUSED", {}},
        {"bind.", "TXT", "REFUSED", {}},
        {"www.", "A", "REFUSED", {}},
        {".", "ANY", "REFUSED", {}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto answer = world().ask(chaos(row.name, row.type));
        CHECK(answer.rcode == row.rcode);
        CHECK(answer.answer == row.expected);
        CHECK(answer.aa() == (answer.rcode == "NOERROR"));
    }
}

TEST_CASE("class CH is REFUSED for those who may not ask") {
    for (const auto* client : {"192.0.2.1", "126.255.255.255", "128.0.0.0", "2001:db8::1", "::1"}) {
        CAPTURE(client);
        const auto answer = world().from(client).ask(chaos("version.bind."));
        CHECK(answer.rcode == "REFUSED");
        CHECK(answer.answer.empty());
    }
    CHECK(world().from("127.255.255.255").ask(chaos("version.bind.")).rcode == "NOERROR");
}

TEST_CASE("a subnet does not say who asks: it opens nothing") {
    auto query = chaos("version.bind.");
    query.opt = Opt{.options = {support::client_subnet("127.0.0.0/8")}};
    CHECK(world().from("192.0.2.1").ask(query).rcode == "REFUSED");
}

TEST_CASE("a version of more than 255 octets is cut, none makes an empty string") {
    auto other = world();
    other.snapshot.identity.version = std::string(300, 'v');
    const auto answer = other.ask(chaos("version.bind."));
    REQUIRE(answer.answer.size() == 1);
    CHECK(answer.answer[0].find('"' + std::string(255, 'v') + '"') != std::string::npos);
    other.snapshot.identity.version.clear();
    CHECK(other.ask(chaos("version.bind.")).answer == Lines{"version.bind. 0 CH TXT \"\""});
}

}  // namespace engine_chaos_test
