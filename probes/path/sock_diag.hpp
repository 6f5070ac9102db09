// SPDX-License-Identifier: Apache-2.0
#pragma once
// sock_diag(7): the messages by which the kernel tells of TCP sockets, asked or by itself.

#include "probes/path/tcp_info.hpp"

#include <optional>

#include <linux/netlink.h>

namespace probes {

/// The connection that a message describes; nothing when it is within this machine, or when the
/// message is about something else. All of its octets have to be there.
[[nodiscard]] std::optional<Connection> read_connection(const nlmsghdr& head);

}  // namespace probes
