// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/held_replies.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <vector>

using net::HeldReplies;

namespace {

/// The headers of a query from a port, asked at 192.0.2.1 on interface 7.
class Asked {
 public:
    explicit Asked(std::uint16_t port) {
        from_.sin_family = AF_INET;
        from_.sin_port = htons(port);
        header_.msg_name = &from_;
        header_.msg_namelen = sizeof from_;
        header_.msg_control = control_.octets.data();
        header_.msg_controllen = CMSG_SPACE(sizeof(in_pktinfo));
        auto* control = CMSG_FIRSTHDR(&header_);
        *control = {.cmsg_len = CMSG_LEN(sizeof(in_pktinfo)),
                    .cmsg_level = IPPROTO_IP,
                    .cmsg_type = IP_PKTINFO};
        const in_pktinfo info{
            .ipi_ifindex = 7, .ipi_spec_dst = {htonl(0xC0000201)}, .ipi_addr = {}};
        std::memcpy(CMSG_DATA(control), &info, sizeof info);
    }
    [[nodiscard]] const msghdr& header() const { return header_; }

 private:
    sockaddr_in from_{};
    net::ControlData control_{};
    msghdr header_{};
};

using Octets = std::vector<std::uint8_t>;

Octets response(std::size_t number) {
    return Octets(12 + number % 256, static_cast<std::uint8_t>(number));
}

bool hold(HeldReplies& replies, std::size_t number) {
    return replies.hold(Asked{static_cast<std::uint16_t>(number)}.header(), response(number));
}

/// Checks that the oldest is the reply of this number, to whom and from where it was asked.
void check_oldest(HeldReplies& replies, std::size_t number) {
    auto& reply = replies.take();
    CHECK(std::ranges::equal(reply.response(), response(number)));
    msghdr message{};
    reply.to.put_on(message);
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
    for (std::size_t round = 0, next = 0; round < 5; ++round) {
        const auto first = next;
        for (; replies.room() > 0; ++next) REQUIRE(hold(replies, next));
        CHECK(next - first == HeldReplies::most);
        for (auto number = first; number < next; ++number) check_oldest(replies, number);
        CHECK(replies.empty());
        CHECK(replies.room() == HeldReplies::most);
    }
}

TEST_CASE("a reply that is too long is not held") {
    HeldReplies replies;
    const Asked asked{53};
    CHECK_FALSE(replies.hold(asked.header(), Octets(321)));
    CHECK(replies.empty());
    CHECK(replies.hold(asked.header(), Octets(320)));
    CHECK(replies.room() == HeldReplies::most - 1);
}

TEST_CASE("a reply to a query without control data has none") {
    HeldReplies replies;
    const Asked asked{53};
    auto header = asked.header();
    header.msg_controllen = 0;
    REQUIRE(replies.hold(header, response(1)));
    msghdr message{};
    replies.take().to.put_on(message);
    CHECK(message.msg_control == nullptr);
    CHECK(message.msg_controllen == 0);
}
