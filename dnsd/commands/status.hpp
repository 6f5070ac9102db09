// SPDX-License-Identifier: Apache-2.0
#pragma once
// `isochrone status`: for people, for programs (--json) and for monitors (--monitor).

#include "dnsd/commands/remote.hpp"

/// Prints, and returns the exit status: 0: all is well; 1: no server has answered; 3: something is
/// not well. With `monitor` those of the plugins of Nagios: 0, 1: warning, 2: critical, 3: unknown.
[[nodiscard]] int show_status(const RemoteFlags& flags);
