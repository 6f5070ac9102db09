// SPDX-License-Identifier: Apache-2.0
// TCP as RFC 7766 has it, and as clients abuse it.

#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/example_zones.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <set>

#include <sys/resource.h>
#include <sys/socket.h>

namespace tcp_test {

using namespace e2e;

namespace {

struct Served {
    support::TemporaryFolder folder;
    ServerProcess server{{folder.write("a.json", plain_zone("one.test"))}};
};

void append(Octets& octets, const Octets& more) {
    octets.insert(octets.end(), more.begin(), more.end());
}

/// Reads so many replies and returns how many different ones there were.
std::size_t different_replies(const TcpClient& client, std::size_t count) {
    std::set<std::uint16_t> ids;
    for (std::size_t i = 0; i < count; ++i) {
        const auto octets = client.receive();
        if (!octets) break;
        const auto reply = read_reply(*octets);
        if (reply.rcode == "NOERROR" && !reply.answer.empty()) ids.insert(reply.id);
    }
    return ids.size();
}

/// Lets this process have so many descriptors. False when it may not.
bool may_open(rlim_t count) {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur >= count) return true;
    limit.rlim_cur = std::min(count, limit.rlim_max);
    return setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= count;
}

}  // namespace

TEST_CASE("a query in pieces of one octet is answered (RFC 7766 section 8)") {
    const Served served;
    const TcpClient client{served.server.endpoint()};
    for (int round = 0; round < 3; ++round) {
        for (const auto octet : framed(to_octets({.name = "one.test"}))) client.send({&octet, 1});
        CHECK(different_replies(client, 1) == 1);
    }
}

TEST_CASE(
    "all queries in one piece are answered, with large answers too (RFC 7766 section 6.2.1.1)") {
    const Served served;
    for (const std::string type : {"A", "TXT"}) {
        CAPTURE(type);
        constexpr std::uint16_t count = 500;
        Octets octets;
        for (std::uint16_t id = 1; id <= count; ++id) {
            const auto* name = std::string_view{type} == "A" ? "one.test" : "large.one.test";
            append(octets, framed(to_octets({.name = name, .type = type, .id = id})));
        }
        const TcpClient client{served.server.endpoint()};
        client.send(octets);
        CHECK(different_replies(client, count) == count);
    }
}

TEST_CASE("a client that has closed its side still gets all answers") {
    const Served served;
    const TcpClient client{served.server.endpoint()};
    constexpr std::uint16_t count = 200;
    Octets octets;
    for (std::uint16_t id = 1; id <= count; ++id)
        append(octets, framed(to_octets({.name = "large.one.test", .type = "TXT", .id = id})));
    client.send(octets);
    ::shutdown(client.descriptor(), SHUT_WR);
    CHECK(different_replies(client, count) == count);
    CHECK(client.closed());
}

TEST_CASE("a message of length zero ends the connection without an answer") {
    const Served served;
    const TcpClient client{served.server.endpoint()};
    client.send(Octets{0, 0});
    CHECK(!client.receive());
    CHECK(client.closed());
}

TEST_CASE("a message longer than any query is answered with FORMERR, and the connection ends") {
    const Served served;
    for (const std::size_t size : {4097U, 5000U, 65535U}) {
        CAPTURE(size);
        auto message = to_octets({.name = "one.test", .id = 77});
        message.resize(size);
        const TcpClient client{served.server.endpoint()};
        CHECK(client.send_some(framed(message)) > 2);
        const auto octets = client.receive();
        REQUIRE(octets);
        const auto reply = read_reply(*octets);
        CHECK(reply.id == 77);
        CHECK(reply.rcode == "FORMERR");
        CHECK(client.closed());
    }
}

TEST_CASE("answers to the queries before a bad message are sent") {
    const Served served;
    const TcpClient client{served.server.endpoint()};
    auto octets = framed(to_octets({.name = "one.test", .id = 1}));
    append(octets, framed(to_octets({.name = "one.test", .id = 2})));
    append(octets, {0, 0});
    client.send(octets);
    CHECK(different_replies(client, 2) == 2);
    CHECK(client.closed());
}

TEST_CASE("a thousand clients that send half a length keep nobody from being answered") {
    if (!may_open(1200)) {
        MESSAGE("skipped: this process may not open a thousand connections");
        return;
    }
    const Served served;
    const auto& endpoint = served.server.endpoint();
    const TcpClient early{endpoint};
    CHECK(early.ask({.name = "one.test"}).rcode == "NOERROR");
    std::vector<TcpClient> silent;
    for (int i = 0; i < 1000; ++i) {
        silent.emplace_back(endpoint);
        silent.back().send(Octets{0});
    }
    const UdpClient by_udp{endpoint};
    for (int i = 0; i < 100; ++i) {
        CHECK(by_udp.ask({.name = "one.test"}).rcode == "NOERROR");
        CHECK(early.ask({.name = "one.test"}).rcode == "NOERROR");
    }
    CHECK(TcpClient{endpoint}.ask({.name = "one.test"}).rcode == "NOERROR");
}

TEST_CASE("a client that never reads keeps nobody else from being answered") {
    const support::TemporaryFolder folder;
    const ServerProcess server{{"--workers", "1", folder.write("a.json", plain_zone("one.test"))}};
    const TcpClient deaf{server.endpoint(), TcpClient::Room::Little};
    Octets octets;
    while (octets.size() < 200'000)
        append(octets, framed(to_octets({.name = "large.one.test", .type = "TXT"})));
    std::size_t sent = deaf.send_some(octets);
    const TcpClient client{server.endpoint()};
    const UdpClient by_udp{server.endpoint()};
    for (int i = 0; i < 50; ++i) {
        sent += deaf.send_some(std::span{octets}.subspan(std::min(sent, octets.size() - 1)));
        CHECK(client.ask({.name = "one.test"}).rcode == "NOERROR");
        CHECK(by_udp.ask({.name = "one.test"}).rcode == "NOERROR");
    }
}

}  // namespace tcp_test
