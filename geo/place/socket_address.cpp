// SPDX-License-Identifier: Apache-2.0
#include "geo/place/socket_address.hpp"

namespace geo {
namespace {

constexpr socklen_t size_of(Family family) noexcept {
    return family == Family::V4 ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
}

}  // namespace

std::optional<Address> address_in(const sockaddr* from) noexcept {
    if (from == nullptr || (from->sa_family != AF_INET && from->sa_family != AF_INET6))
        return std::nullopt;
    SocketAddress copy;
    copy.resize(size_of(from->sa_family == AF_INET ? Family::V4 : Family::V6));
    std::memcpy(copy.data(), from, copy.size());
    return copy.address();
}

SocketAddress::SocketAddress(const Address& address, std::uint16_t port) noexcept
    : octets_{}, size_{size_of(address.family)} {
    octets_.sin6_port = htons(port);
    if (address.family == Family::V4) {
        octets_.sin6_family = AF_INET;
        sockaddr_in v4;
        std::memcpy(&v4, &octets_, sizeof v4);
        v4.sin_addr.s_addr = htonl(static_cast<std::uint32_t>(address.bits >> 96));
        std::memcpy(&octets_, &v4, sizeof v4);
    } else {
        octets_.sin6_family = AF_INET6;
        write_octets(address, octets_.sin6_addr.s6_addr);
    }
}

}  // namespace geo
