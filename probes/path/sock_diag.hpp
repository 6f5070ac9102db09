// SPDX-License-Identifier: Apache-2.0
#pragma once
// sock_diag(7): the messages in which the kernel tells about TCP sockets, asked or unasked.

#include "probes/path/tcp_info.hpp"

#include <optional>

#include <linux/netlink.h>

namespace probes {

/// Returns the connection that a message describes. Nothing when the connection is within this
/// machine, or when the message is about something else. All octets of the message must be present.
[[nodiscard]] std::optional<Connection> read_connection(const nlmsghdr& head);

}  // namespace probes
