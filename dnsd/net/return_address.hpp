// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where the answer to a datagram goes, and from which of the machine's addresses it is sent.

#include "geo/place/socket_address.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

#include <netinet/in.h>
#include <sys/socket.h>

namespace net {

class ReturnAddress {
 public:
    ReturnAddress() noexcept = default;  // nobody's address, in memory that is not touched
    /// For a client of whose query nothing else is known.
    explicit ReturnAddress(const geo::SocketAddress& client) noexcept
        : client_{client}, asked_size_{0}, asked_{} {}

    /// Lets the kernel write here what it tells of a query. `header` then refers to this object.
    void lend_to(msghdr& header) noexcept {
        header.msg_name = client_.data();
        header.msg_namelen = geo::SocketAddress::capacity;
        header.msg_control = asked_.data();
        header.msg_controllen = asked_.size();
    }
    /// Takes what the kernel has written, and makes room in `header` for what it tells of the next
    /// query.
    void take_back(msghdr& header) noexcept {
        client_.resize(header.msg_namelen);
        asked_size_ = header.msg_controllen;
        if (asked_size_ > 0) forget_interface(header);
        header.msg_namelen = geo::SocketAddress::capacity;
        header.msg_controllen = asked_.size();
    }

    /// Addresses a message as the query's answer. The message then refers to this object, and must
    /// not be used to receive anything.
    void put_on(msghdr& message) const noexcept {
        // A message that is sent is not written to.
        message.msg_name = const_cast<sockaddr*>(client_.data());
        message.msg_namelen = client_.size();
        message.msg_control = asked_size_ == 0 ? nullptr : const_cast<std::uint8_t*>(asked_.data());
        message.msg_controllen = asked_size_;
    }

    [[nodiscard]] geo::Address client() const noexcept { return client_.address(); }

 private:
    /// Makes the address that was asked the one that answers, and leaves the choice of the
    /// interface to routing.
    static void forget_interface(msghdr& query) noexcept;

    geo::SocketAddress client_;
    std::size_t asked_size_;
    // What the kernel tells of a datagram besides its sender: the address that was asked.
    alignas(cmsghdr) std::array<std::uint8_t, CMSG_SPACE(sizeof(in6_pktinfo))> asked_;
};

}  // namespace net
