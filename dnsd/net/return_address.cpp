// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/return_address.hpp"

namespace net {

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
