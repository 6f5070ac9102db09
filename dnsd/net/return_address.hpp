// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where the answer to a datagram goes, and from which of the machine's addresses it is sent.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <netinet/in.h>
#include <sys/socket.h>

namespace net {

/// What the kernel tells of a datagram besides its sender: the address that was asked.
struct alignas(cmsghdr) ControlData {
    std::array<std::uint8_t, CMSG_SPACE(sizeof(in6_pktinfo))> octets;
};

/// Makes the address that was asked the one that answers, and leaves the choice of the interface to
/// routing.
inline void forget_interface(msghdr& message) noexcept {
    for (auto* control = CMSG_FIRSTHDR(&message); control != nullptr;
         control = CMSG_NXTHDR(&message, control)) {
        if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_PKTINFO) {
            in_pktinfo info{};
            std::memcpy(&info, CMSG_DATA(control), sizeof info);
            info.ipi_ifindex = 0;
            std::memcpy(CMSG_DATA(control), &info, sizeof info);
        } else if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_PKTINFO) {
            in6_pktinfo info{};
            std::memcpy(&info, CMSG_DATA(control), sizeof info);
            if (!IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr)) info.ipi6_ifindex = 0;
            std::memcpy(CMSG_DATA(control), &info, sizeof info);
        }
    }
}

/// Where an answer goes that is sent after the memory of its query has been reused.
class ReturnAddress {
 public:
    ReturnAddress() noexcept = default;  // nobody's address, in memory that is not touched
    explicit ReturnAddress(const msghdr& query) noexcept;

    /// Addresses a message as the query's answer. The message then refers to this object.
    void put_on(msghdr& message) noexcept;

 private:
    sockaddr_in6 to_;  // or sockaddr_in, which is shorter
    socklen_t to_length_;
    std::size_t control_length_;
    ControlData control_;
};

}  // namespace net
