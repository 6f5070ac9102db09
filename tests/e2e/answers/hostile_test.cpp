// SPDX-License-Identifier: Apache-2.0
// Datagrams that no resolver sends.

#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/example_zones.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/random_space.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

namespace hostile_test {

using namespace e2e;

namespace {

/// Waits for the answer to a good query on this socket: one that was not answered before it is not
/// answered at all, as one worker serves one socket in order. (Several share what one client sends.)
std::optional<Reply> answer_before_next(const UdpClient& client) {
    constexpr std::uint16_t last = 0xFFFF;
    client.send(to_octets({.name = "one.test", .id = last}));
    const auto first = client.receive();
    REQUIRE(first);
    const auto reply = read_reply(*first);
    if (reply.id == last) return std::nullopt;
    REQUIRE(client.receive());
    return reply;
}

}  // namespace

TEST_CASE("random datagrams are lived through") {
    const support::TemporaryFolder folder;
    ServerProcess server{{folder.write("a.json", plain_zone("one.test"))}};
    const UdpClient noise{server.endpoint()};
    const UdpClient client{server.endpoint()};
    support::Generator generator{4};
    const auto good =
        to_octets({.name = "alias.one.test", .subnet = "81.2.69.0/24", .keepalive = true});
    for (int i = 0; i < 20'000; ++i) {
        Octets datagram = good;
        if (i % 2 == 0) {
            datagram.resize(support::draw(generator, 0, 200));
            for (auto& octet : datagram) octet = static_cast<std::uint8_t>(generator());
        } else {
            for (int changes = 0; changes < 3; ++changes) {
                datagram[support::draw(generator, 2, datagram.size() - 1)] =
                    static_cast<std::uint8_t>(generator());
            }
        }
        noise.send(datagram);
        if (i % 1000 == 0) CHECK(client.ask({.name = "one.test"}).rcode == "NOERROR");
    }
    CHECK(client.ask({.name = "one.test"}).rcode == "NOERROR");
    CHECK(server.stop() == 0);
}

TEST_CASE("a response and what is shorter than a header get no answer") {
    const support::TemporaryFolder folder;
    const ServerProcess server{{"--workers", "1", folder.write("a.json", plain_zone("one.test"))}};
    const UdpClient client{server.endpoint()};
    auto response = to_octets({.name = "one.test"});
    response[2] |= 0x80;
    const Octets datagrams[] = {response, {}, {0}, Octets(11, 0)};
    for (const auto& datagram : datagrams) {
        CAPTURE(datagram.size());
        client.send(datagram);
        CHECK(!answer_before_next(client));
    }
}

TEST_CASE("a datagram larger than any query is answered and harms nobody") {
    const support::TemporaryFolder folder;
    const ServerProcess server{{"--workers", "1", folder.write("a.json", plain_zone("one.test"))}};
    const UdpClient client{server.endpoint()};
    for (const std::size_t size : {600U, 4096U, 4097U, 9000U, 65507U}) {
        CAPTURE(size);
        auto datagram = to_octets({.name = "one.test"});
        datagram.resize(size);
        client.send(datagram);
        const auto reply = answer_before_next(client);
        REQUIRE(reply);
        CHECK(reply->response);
        CHECK(reply->question == "one.test.");
    }
}

TEST_CASE("a query whose counts promise what is not there is answered with FORMERR") {
    const support::TemporaryFolder folder;
    const ServerProcess server{{"--workers", "1", folder.write("a.json", plain_zone("one.test"))}};
    const UdpClient client{server.endpoint()};
    for (const std::size_t count : {5U, 7U, 9U, 11U}) {  // the low octet of each of the four
        CAPTURE(count);
        auto query = to_octets({.name = "one.test"});
        query[count] = 0x7F;
        client.send(query);
        const auto reply = answer_before_next(client);
        REQUIRE(reply);
        CHECK(reply->rcode == "FORMERR");
    }
}

}  // namespace hostile_test
