// SPDX-License-Identifier: Apache-2.0
#include "probes/path/sock_diag.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/rtnetlink.h>
#include <linux/tcp.h>
#include <sys/socket.h>

namespace probes {
namespace {

geo::Address address_in_words(int family, const std::uint32_t (&words)[4]) {
    std::array<std::uint8_t, 16> octets{};
    std::memcpy(octets.data(), words, octets.size());
    if (family == AF_INET) return geo::address_from(geo::Family::V4, std::span{octets}.first(4));
    const auto address = geo::address_from(geo::Family::V6, octets);
    constexpr geo::Bits mapped = geo::Bits{0xFFFF} << 32;
    if (address.bits >> 32 == mapped >> 32) return {geo::Family::V4, address.bits << 96};
    return address;
}

/// The kernel's structure grows with its versions. What an old version lacks stays zero.
tcp_info info_of(const rtattr& attribute) {
    tcp_info info{};
    std::memcpy(&info, &attribute + 1, std::min(attribute.rta_len - sizeof attribute, sizeof info));
    return info;
}

Connection connection_of(const inet_diag_msg& message, const tcp_info& info) {
    using std::chrono::microseconds;
    using std::chrono::milliseconds;
    const auto& id = message.id;
    return {.cookie = std::uint64_t{id.idiag_cookie[1]} << 32 | id.idiag_cookie[0],
            .client = address_in_words(message.idiag_family, id.idiag_dst),
            .port = ntohs(id.idiag_sport),
            .round_trip = microseconds{info.tcpi_rtt},
            .variation = microseconds{info.tcpi_rttvar},
            .min_round_trip = microseconds{info.tcpi_min_rtt},
            .segments_out = info.tcpi_segs_out,
            .segments_repeated = info.tcpi_total_retrans,
            .octets_acknowledged = info.tcpi_bytes_acked,
            .delivery_rate = info.tcpi_delivery_rate,
            .application_limited = info.tcpi_delivery_rate_app_limited != 0,
            .silent_for = milliseconds{info.tcpi_last_data_recv}};
}

}  // namespace

std::optional<Connection> read_connection(const nlmsghdr& head) {
    if (head.nlmsg_len < NLMSG_LENGTH(sizeof(inet_diag_msg))) return std::nullopt;
    inet_diag_msg message{};
    const auto* octets = reinterpret_cast<const std::uint8_t*>(&head);
    std::memcpy(&message, octets + NLMSG_HDRLEN, sizeof message);
    if (std::memcmp(message.id.idiag_src, message.id.idiag_dst, sizeof message.id.idiag_src) == 0)
        return std::nullopt;
    std::size_t at = NLMSG_LENGTH(NLMSG_ALIGN(sizeof message));
    while (at + sizeof(rtattr) <= head.nlmsg_len) {
        const auto& attribute = *reinterpret_cast<const rtattr*>(octets + at);
        if (attribute.rta_len < sizeof(rtattr) || at + attribute.rta_len > head.nlmsg_len) break;
        if (attribute.rta_type == INET_DIAG_INFO) return connection_of(message, info_of(attribute));
        at += RTA_ALIGN(attribute.rta_len);
    }
    return std::nullopt;
}

}  // namespace probes
