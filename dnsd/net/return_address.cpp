// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/return_address.hpp"

#include <cstring>

namespace net {

void ReturnAddress::forget_interface(msghdr& query) noexcept {
    for (auto* control = CMSG_FIRSTHDR(&query); control != nullptr;
         control = CMSG_NXTHDR(&query, control)) {
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

}  // namespace net
