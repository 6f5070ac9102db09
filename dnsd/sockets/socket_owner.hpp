// SPDX-License-Identifier: Apache-2.0
#pragma once
// Finds the process that has a port, from /proc: operators ask for it first when a port is in use.

#include "dnsd/sockets/listen.hpp"

#include <string>

namespace net {

/// Returns a text like "systemd-resolve (pid 412)"; empty when no process has the port, or when its
/// owner is hidden from this process.
[[nodiscard]] std::string socket_owner(const Endpoint& endpoint, Protocol protocol);

}  // namespace net
