// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/held_replies.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>

namespace net_held_replies_test {

using net::HeldReplies;

namespace {

const geo::Address client{geo::Family::V4, geo::Bits{0xC0000207} << 96};

/// What the kernel tells of a query from a port, asked at 192.0.2.1 on interface 7.
net::ReturnAddress asked_from(std::uint16_t port) {
    net::ReturnAddress from;
    msghdr header{};
    from.lend_to(header);
    const geo::SocketAddress sender{client, port};
    std::memcpy(header.msg_name, sender.data(), sender.size());
    header.msg_namelen = sender.size();
    header.msg_controllen = CMSG_SPACE(sizeof(in_pktinfo));
    auto* control = CMSG_FIRSTHDR(&header);
    *control = {.cmsg_len = CMSG_LEN(sizeof(in_pktinfo)),
                .cmsg_level = IPPROTO_IP,
                .cmsg_type = IP_PKTINFO};
    const in_pktinfo info{.ipi_ifindex = 7, .ipi_spec_dst = {htonl(0xC0000201)}, .ipi_addr = {}};
    std::memcpy(CMSG_DATA(control), &info, sizeof info);
    from.take_back(header);
    CHECK(header.msg_namelen >= sizeof(sockaddr_in6));
    CHECK(header.msg_controllen >= CMSG_SPACE(sizeof(in6_pktinfo)));
    return from;
}

using Octets = std::vector<std::uint8_t>;

Octets response(std::size_t number) {
    return Octets(12 + number % 256, static_cast<std::uint8_t>(number));
}

constexpr std::chrono::nanoseconds start = std::chrono::hours{1};

bool hold(HeldReplies& replies, std::size_t number, std::chrono::nanoseconds now = start) {
    return replies.hold(asked_from(static_cast<std::uint16_t>(number)), response(number), now);
}

/// Checks that the oldest is the reply of this number, to whom and from where it was asked.
void check_oldest(HeldReplies& replies, std::size_t number) {
    const auto& reply = replies.take();
    CHECK(std::ranges::equal(reply.response(), response(number)));
    msghdr message{};
    reply.to.put_on(message);
    CHECK(reply.to.client() == client);
    sockaddr_in to{};
    REQUIRE(message.msg_namelen == sizeof to);
    std::memcpy(&to, message.msg_name, sizeof to);
    CHECK(ntohs(to.sin_port) == number);
    in_pktinfo info{};
    std::memcpy(&info, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof info);
    CHECK(info.ipi_spec_dst.s_addr == htonl(0xC0000201));
    CHECK(info.ipi_ifindex == 0);
}

}  // namespace

TEST_CASE("held replies come out as they went in, the oldest first, again and again") {
    HeldReplies replies;
    CHECK(replies.empty());
    constexpr std::size_t part = 700;  // so that the end of the ring lies anywhere
    std::size_t next = 0;
    for (std::size_t round = 0; round < 10; ++round) {
        const auto first = next;
        while (next < first + part) REQUIRE(hold(replies, next++));
        CHECK(replies.room() == HeldReplies::most - part);
        for (auto number = first; number < next; ++number) check_oldest(replies, number);
        CHECK(replies.empty());
    }
}

TEST_CASE("when there is no room, what is held stays as it is") {
    HeldReplies replies;
    for (std::size_t number = 0; number < HeldReplies::most; ++number)
        REQUIRE(hold(replies, number));
    CHECK(replies.room() == 0);
    CHECK_FALSE(hold(replies, HeldReplies::most));
    for (std::size_t number = 0; number < HeldReplies::most; ++number)
        check_oldest(replies, number);
    CHECK(replies.empty());
}

TEST_CASE("a reply is due when it has been held for a while, and when the clock is set back") {
    HeldReplies replies;
    CHECK_FALSE(replies.due(start));
    REQUIRE(hold(replies, 1));
    REQUIRE(hold(replies, 2, start + HeldReplies::hold_for / 2));
    CHECK_FALSE(replies.due(start));
    CHECK_FALSE(replies.due(start + HeldReplies::hold_for / 2));
    CHECK(replies.due(start + HeldReplies::hold_for));
    CHECK(replies.due(start - std::chrono::nanoseconds{1}));
    check_oldest(replies, 1);
    CHECK_FALSE(replies.due(start + HeldReplies::hold_for));
    CHECK(replies.due(start + HeldReplies::hold_for * 3 / 2));
}

TEST_CASE("a reply that is too long is not held") {
    HeldReplies replies;
    const auto from = asked_from(53);
    CHECK_FALSE(replies.hold(from, Octets(321), start));
    CHECK(replies.empty());
    CHECK(replies.hold(from, Octets(320), start));
    CHECK(replies.room() == HeldReplies::most - 1);
}

TEST_CASE("a reply to a query without control data has none") {
    HeldReplies replies;
    const net::ReturnAddress from{geo::SocketAddress{client, 53}};
    REQUIRE(replies.hold(from, response(1), start));
    msghdr message{};
    replies.take().to.put_on(message);
    CHECK(message.msg_control == nullptr);
    CHECK(message.msg_controllen == 0);
}

}  // namespace net_held_replies_test
