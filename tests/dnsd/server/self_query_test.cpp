// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/self_query.hpp"

#include <doctest/doctest.h>

#include <array>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace server_self_query_test {

using control::SelfQuery;

namespace {

/// A UDP socket in place of a server, which answers when the test says so.
class Stub {
 public:
    Stub() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
        void* const place = &address;
        REQUIRE(::bind(*socket_, static_cast<const sockaddr*>(place), sizeof address) == 0);
        socklen_t size = sizeof address;
        REQUIRE(::getsockname(*socket_, static_cast<sockaddr*>(place), &size) == 0);
        // All addresses, as a server may listen on: the query comes to loopback.
        endpoint_ = {{geo::Family::V4, 0}, ::ntohs(address.sin_port)};
    }

    [[nodiscard]] const net::Endpoint& endpoint() const noexcept { return endpoint_; }

    /// Takes one query, and sends it back where `answer` is so.
    void take(bool answer) const {
        std::array<std::uint8_t, 512> query{};
        sockaddr_in from{};
        void* const place = &from;
        socklen_t size = sizeof from;
        const auto octets = ::recvfrom(*socket_, query.data(), query.size(), 0,
                                       static_cast<sockaddr*>(place), &size);
        REQUIRE(octets == 17);
        if (answer)
            CHECK(::sendto(*socket_, query.data(), 17, 0, static_cast<sockaddr*>(place), size) ==
                  17);
    }

 private:
    geo::Descriptor socket_{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    net::Endpoint endpoint_;
};

}  // namespace

TEST_CASE("a server answers itself once each of its addresses has") {
    const Stub first;
    const Stub second;
    const std::vector<net::Endpoint> endpoints{first.endpoint(), second.endpoint()};
    SelfQuery query{endpoints, {}, 3};
    for (int round = 0; round < 2; ++round) {
        CAPTURE(round);
        query.begin();
        query.ask();
        first.take(true);
        second.take(round == 0);
        CHECK(query.answered() == (round == 0));
    }
    query.ask();  // again, and only where no answer came
    second.take(true);
    CHECK(query.answered());
}

TEST_CASE("queries of others that an address has taken are as good as an answer") {
    const Stub stub;
    const std::vector<net::Endpoint> endpoints{stub.endpoint()};
    std::vector<engine::QueryCounters> counters(
        4);  // two workers, with a lane for TCP and one for UDP
    SelfQuery query{endpoints, counters, 2};
    query.begin();
    query.ask();
    stub.take(true);
    CHECK(query.answered());

    query.begin();
    query.ask();
    counters[0].count(engine::CookieState::None);  // of TCP
    CHECK_FALSE(query.answered());
    counters[3].count(engine::CookieState::None);
    CHECK(query.answered());
}

TEST_CASE("of an address that has never answered none is expected, until it does") {
    const Stub silent;
    const Stub other;
    const std::vector<net::Endpoint> endpoints{silent.endpoint(), other.endpoint()};
    SelfQuery query{endpoints, {}, 3};
    query.begin();
    query.ask();
    silent.take(false);
    other.take(true);
    CHECK(query.answered());
    query.ask();
    silent.take(true);
    CHECK(query.answered());
    query.begin();
    query.ask();
    other.take(true);
    CHECK_FALSE(query.answered());
}

}  // namespace server_self_query_test
