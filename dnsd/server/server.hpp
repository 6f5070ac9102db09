// SPDX-License-Identifier: Apache-2.0
#pragma once
// `isochrone serve`: loads, listens, starts the workers, and is the control thread: it reloads on
// SIGHUP and when files change, and ends on SIGTERM and SIGINT.

#include "dnsd/config/config.hpp"

namespace control {

/// The exit status: 0 after a signal to end, 1 when it could not begin.
[[nodiscard]] int serve(const Config& config);

}  // namespace control
