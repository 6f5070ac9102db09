// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which process has a port, read from /proc: what an operator asks first when a port is in use.

#include "dnsd/net/listen.hpp"

#include <string>

namespace net {

/// "systemd-resolve (pid 412)"; empty when nobody has it or the owner may not be seen.
[[nodiscard]] std::string socket_owner(const Endpoint& endpoint, Protocol protocol);

}  // namespace net
