// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/return_address.hpp"

#include <cstring>

namespace net {

void forget_interface(msghdr& message) noexcept {
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

ReturnAddress::ReturnAddress(const msghdr& query) noexcept
    : to_length_{query.msg_namelen}, control_length_{query.msg_controllen} {
    std::memcpy(&to_, query.msg_name, to_length_);
    std::memcpy(control_.octets.data(), query.msg_control, control_length_);
}

void ReturnAddress::put_on(msghdr& message) noexcept {
    message.msg_name = &to_;
    message.msg_namelen = to_length_;
    message.msg_control = control_length_ == 0 ? nullptr : control_.octets.data();
    message.msg_controllen = control_length_;
    forget_interface(message);
}

}  // namespace net
