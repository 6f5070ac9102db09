// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/respond.hpp"
#include "tests/dnsd/world.hpp"

#include <doctest/doctest.h>

namespace engine_opt_test {

using support::Bytes;
using support::Opt;
using support::Option;
using support::Query;
using support::World;

namespace {

constexpr std::uint16_t nsid = 3;
constexpr std::uint16_t cookie = 10;
constexpr std::uint16_t keepalive = 11;

const World& world() {
    static const World instance{{support::zone_text("example.", R"("www": {"A": "192.0.2.1"})")}};
    return instance;
}

Query with(std::vector<Option> options) {
    return {.name = "www.example.", .opt = Opt{.options = std::move(options)}};
}

const Bytes node{'t', 'e', 's', 't', '-', 'n', 'o', 'd', 'e'};

}  // namespace

TEST_CASE("OPT answers OPT, and nothing else does (RFC 6891 section 6.1.1)") {
    CHECK_FALSE(world().ask("www.example.", "A").opt.has_value());
    const auto answer = world().ask(with({}));
    REQUIRE(answer.opt.has_value());
    CHECK(answer.opt->version == 0);
    CHECK(answer.opt->payload == 1232);
    CHECK(answer.opt->options.empty());
    auto other = world();
    other.snapshot.udp_payload = 4000;
    CHECK(other.ask(with({})).opt->payload == 4000);
}

TEST_CASE("DO is echoed, other flags of OPT are not (RFC 3225, RFC 6891 section 6.1.4)") {
    for (const unsigned flags : {0x0000U, 0x8000U, 0x7FFFU, 0xFFFFU, 0x4000U, 0x0001U}) {
        CAPTURE(flags);
        const Query query{.name = "www.example.",
                          .opt = Opt{.flags = static_cast<std::uint16_t>(flags)}};
        const auto answer = world().ask(query);
        CHECK(answer.rcode == "NOERROR");
        // OPT is the last record here: its flags stand before the length of its empty RDATA.
        const auto at = answer.bytes.size() - 4;
        CHECK((answer.bytes[at] << 8 | answer.bytes[at + 1]) == (flags & 0x8000));
    }
}

TEST_CASE("unknown options are ignored and not echoed (RFC 6891 section 6.1.2)") {
    for (unsigned code = 0; code < 70; ++code) {
        if (code == nsid || code == 8 || code == cookie || code == keepalive) continue;
        CAPTURE(code);
        const auto answer = world().ask(with({{static_cast<std::uint16_t>(code), {1, 2, 3}}}));
        CHECK(answer.rcode == "NOERROR");
        CHECK(answer.answer.size() == 1);
        CHECK(answer.opt->options.empty());
    }
    CHECK(world().ask(with({{65001, Bytes(400, 7)}})).opt->options.empty());
}

TEST_CASE("NSID is told to who asks for it and may know it (RFC 5001)") {
    CHECK(world().ask(with({})).option(nsid) == std::nullopt);
    CHECK(world().ask(with({{nsid, {}}})).option(nsid) == node);
    CHECK(world().ask(with({{nsid, {1, 2}}})).option(nsid) == node);
    CHECK(world().over_tcp().ask(with({{nsid, {}}})).option(nsid) == node);
    CHECK(world().from("192.0.2.1").ask(with({{nsid, {}}})).option(nsid) == std::nullopt);
    auto unnamed = world();
    unnamed.snapshot.identity.name.clear();
    CHECK(unnamed.ask(with({{nsid, {}}})).option(nsid) == std::nullopt);
    auto refused = with({{nsid, {}}});
    refused.name = "example.org.";
    CHECK(world().ask(refused).option(nsid) == node);
    CHECK(world().ask(refused).extended_error() == 20);
}

TEST_CASE("keepalive is told over TCP to who asks for it (RFC 7828 section 3.3)") {
    CHECK(world().ask(with({{keepalive, {}}})).option(keepalive) == std::nullopt);
    auto tcp = world().over_tcp();
    CHECK(tcp.ask(with({})).option(keepalive) == std::nullopt);
    CHECK_FALSE(tcp.ask("www.example.", "A").opt.has_value());
    CHECK(tcp.ask(with({{keepalive, {}}})).option(keepalive) == Bytes{0, 100});
    tcp.snapshot.keepalive = 0x1234;
    CHECK(tcp.ask(with({{keepalive, {}}})).option(keepalive) == Bytes{0x12, 0x34});
}

TEST_CASE("a response in 512 octets has room for every option that was asked for") {
    auto full = world().over_tcp();
    full.snapshot.identity.name = std::string(64, 'n');
    std::string name;
    for (int i = 0; i < 3; ++i) name += std::string(63, 'a') + ".";
    name += std::string(61, 'b') + ".";
    const Option subnet = support::client_subnet("2001:db8::1/128");
    Query query{.name = name,
                .opt = Opt{.payload = 0, .options = {{nsid, {}}, {keepalive, {}}, subnet}}};
    for (const auto& asked : {full, [&] {
                                  auto udp = full;
                                  udp.client.transport = engine::Transport::Udp;
                                  return udp;
                              }()}) {
        const auto answer = asked.ask(query);
        CHECK(answer.rcode == "REFUSED");
        CHECK(answer.option(nsid) == Bytes(64, 'n'));
        CHECK(answer.option(8) == subnet.content);
        CHECK(answer.extended_error() == 20);
        CHECK(answer.bytes.size() <= 512);
    }
}

}  // namespace engine_opt_test
