// SPDX-License-Identifier: Apache-2.0
#pragma once
// An address and a port in the form in which the kernel and Asio take and give them.

#include "geo/place/address.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include <netinet/in.h>
#include <sys/socket.h>

namespace geo {

/// Reads the address of a socket address that is as long as its family says. Returns nothing for a
/// null pointer and for families other than IPv4 and IPv6.
[[nodiscard]] std::optional<Address> address_in(const sockaddr* from) noexcept;

/// A sockaddr_in or a sockaddr_in6.
class SocketAddress {
 public:
    /// Nobody's address, in memory that is not touched.
    SocketAddress() noexcept = default;
    explicit SocketAddress(const Address& address, std::uint16_t port = 0) noexcept;

    /// The port 0 stands for none.
    [[nodiscard]] std::uint16_t port() const noexcept { return ntohs(octets_.sin6_port); }
    /// Each query over UDP pays for this.
    [[nodiscard]] Address address() const noexcept {
        if (octets_.sin6_family == AF_INET) {
            sockaddr_in v4;
            std::memcpy(&v4, &octets_, sizeof v4);
            return {Family::V4, Bits{ntohl(v4.sin_addr.s_addr)} << 96};
        }
        return address_from(Family::V6, octets_.sin6_addr.s6_addr);
    }

    [[nodiscard]] const sockaddr* data() const noexcept {
        return reinterpret_cast<const sockaddr*>(&octets_);
    }
    /// For the kernel to write to, up to `capacity` octets; then tell their number by resize().
    [[nodiscard]] sockaddr* data() noexcept { return reinterpret_cast<sockaddr*>(&octets_); }
    [[nodiscard]] socklen_t size() const noexcept { return size_; }
    void resize(socklen_t size) noexcept { size_ = size; }
    static constexpr socklen_t capacity = sizeof(sockaddr_in6);

    /// Returns the same as an endpoint of Asio: `as<tcp::endpoint>()`.
    template <class Endpoint>
    [[nodiscard]] Endpoint as() const {
        Endpoint endpoint;
        std::memcpy(endpoint.data(), &octets_, size_);
        endpoint.resize(size_);
        return endpoint;
    }

 private:
    // Family and port are at the same place in both.
    static_assert(offsetof(sockaddr_in, sin_port) == offsetof(sockaddr_in6, sin6_port));
    static_assert(offsetof(sockaddr_in, sin_family) == offsetof(sockaddr_in6, sin6_family));
    sockaddr_in6 octets_;
    socklen_t size_;
};

}  // namespace geo
